"""The pages of the window, one module each, and what they have in common."""
