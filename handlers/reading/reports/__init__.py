"""Reads what a message reports: intent, parts, fields, records. PURE."""
