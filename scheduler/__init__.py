"""When to speak: planning reminders and delivering messages."""
