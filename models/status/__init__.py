"""The state of what is due, aggregated by the database."""
