"""What of sync is seen: the way in, the recovery key, what lost, and codes as pictures."""
