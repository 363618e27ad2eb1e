"""Conversations about reports: record, correct, answer questions, leave, reschedule."""
