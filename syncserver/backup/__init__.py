"""Backups: made, sealed, stored, watched and restored."""
