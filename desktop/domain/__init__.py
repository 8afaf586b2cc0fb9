"""The domain model: no files, networks or windows. Nothing here imports more than the standard library."""
