"""What is kept: tables, queries and the pure rules."""
