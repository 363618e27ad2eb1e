"""Sending deliveries: claim, intent, send, mark; pacing, limits and quarantine."""
