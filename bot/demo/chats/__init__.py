"""What the local Bot API remembers: users, chats, memberships, files and waiting updates."""
