"""Types and tools of all conversations: messages, request context, routes and buttons."""
