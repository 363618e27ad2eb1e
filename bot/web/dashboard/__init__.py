"""The read-only page for the browser."""
