"""What an operator sees and what runs by itself: logs, metrics, cleaning up."""
