"""Weeks on paper."""
