"""Accounts: registration, signing in, sessions, devices, links, and the ledger of deleted accounts."""
