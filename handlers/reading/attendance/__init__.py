"""Numbers of people in a report. PURE."""
