"""The tables, a file a subject; `all` imports them all."""
