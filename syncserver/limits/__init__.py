"""Rate limits, in one process or shared through Redis."""
