"""What every page is given: the current view, the way to change it, and work in the background."""
