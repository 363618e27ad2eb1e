"""The HTTP servers: calendar feeds and the page."""
