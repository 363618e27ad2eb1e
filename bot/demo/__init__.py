"""The demo: a made-up school with a chat page and a local Bot API."""
