"""What a message reports: intent, clauses, fields, records. PURE."""
