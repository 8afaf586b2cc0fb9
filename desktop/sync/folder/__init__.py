"""Sync through a folder that something else carries between machines. docs/folder-sync.md has the format."""
