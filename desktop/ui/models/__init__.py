"""Lists as Qt has them: models that change by difference, views, and delegates that draw their rows."""
