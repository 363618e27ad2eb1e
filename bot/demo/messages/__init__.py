"""What the local Bot API accepts in a message: markup, entities, keyboards and lengths."""
