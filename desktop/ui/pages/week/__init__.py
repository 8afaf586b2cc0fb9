"""Weeks as pictures: on the screen, small beside a plan, and on paper."""
