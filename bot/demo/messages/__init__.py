"""Messages as the local Bot API accepts them: markup, entities, keyboards and limits."""
