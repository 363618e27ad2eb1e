"""Conversations about the calendar: months, previews of reminders, subscriptions."""
