"""The demo: a fictional school with a chat page and a local Bot API."""
