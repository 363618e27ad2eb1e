"""The page: a read-only dashboard for the browser."""
