"""The local demo: a Bot API of our own over HTTP and a chat page on top of it."""
