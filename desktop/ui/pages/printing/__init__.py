"""Printing weeks."""
