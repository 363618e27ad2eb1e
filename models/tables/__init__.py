"""The tables, one module for each subject; `all` imports them all."""
