"""The local Bot API: the HTTP server and its methods."""
