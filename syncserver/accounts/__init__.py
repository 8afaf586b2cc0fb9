"""Accounts: registration, signing in, sessions and devices, and the memory of deleted ones."""
