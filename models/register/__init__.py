"""Organizations, people, their chats and how they join."""
