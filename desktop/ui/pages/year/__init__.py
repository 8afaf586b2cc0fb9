"""The page and panels for the academic year and its dates."""
