"""UP Schedule Generator: the desktop application."""

__version__ = "0.2.0"
