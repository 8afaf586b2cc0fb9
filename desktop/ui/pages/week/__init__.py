"""The week and the term as pictures: on the screen, small beside a plan, on paper."""
