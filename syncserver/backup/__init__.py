"""Encrypted backups: making, signing, storing, monitoring, verifying and restoring them."""
