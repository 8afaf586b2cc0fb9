"""The keyboard shortcuts."""
