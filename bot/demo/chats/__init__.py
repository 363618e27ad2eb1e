"""The state of the local Bot API: users, chats, memberships, files and updates."""
