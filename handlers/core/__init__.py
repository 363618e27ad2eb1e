"""What every conversation works with: messages, context, commands and buttons."""
