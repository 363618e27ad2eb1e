"""Finding days and periods in a text. PURE."""
