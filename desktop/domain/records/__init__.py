"""What is stored and synced: records, their merge, and what they come to."""
