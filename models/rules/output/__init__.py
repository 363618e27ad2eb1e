"""Forms that values take outside: calendar files, templates, Chinese lists. PURE."""
