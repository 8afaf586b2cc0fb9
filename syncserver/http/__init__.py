"""The server's edge: routes, the middleware around them, and the ASGI server they run in."""
