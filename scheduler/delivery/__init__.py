"""Sending deliveries: claim, intent, send, mark; pace, limits and quarantine."""
