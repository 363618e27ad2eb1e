"""Telegram: adapter, sending channel, HTTP transport, polling and webhook."""
