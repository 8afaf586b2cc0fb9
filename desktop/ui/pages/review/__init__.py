"""Review of a document before it is accepted: its pages as pictures, its rows, and corrections by hand."""
