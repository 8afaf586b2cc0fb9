"""Search over everything in the program."""
