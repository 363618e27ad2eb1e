"""Days: festivals, days off, due days, periods. PURE."""
