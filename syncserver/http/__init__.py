"""The HTTP layer: routes, the middleware around them, and the ASGI server that runs them."""
