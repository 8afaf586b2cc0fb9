"""The academic year and its dates."""
