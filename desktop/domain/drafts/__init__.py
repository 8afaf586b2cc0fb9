"""What a document says, and what a person writes instead."""
