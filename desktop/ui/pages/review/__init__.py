"""What a document says before it counts: its pages as pictures, its rows, and writing in them."""
