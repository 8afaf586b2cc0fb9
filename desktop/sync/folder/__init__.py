"""Sync through a folder that another program copies between machines. docs/folder-sync.md specifies the format."""
