"""Telegram: the adapter of updates, the channel that sends, the transport, polling and the webhook."""
