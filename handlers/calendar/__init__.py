"""Conversations about the calendar: a month, a preview of reminders, the subscription."""
