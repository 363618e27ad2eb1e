"""The tables, a file a subject; `every` brings them all."""
