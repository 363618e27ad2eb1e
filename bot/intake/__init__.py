"""The inbox: stored updates are handled chat by chat, each one once."""
