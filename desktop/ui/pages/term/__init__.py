"""A term at a glance."""
