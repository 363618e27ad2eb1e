"""Reads what people write: dates, reports, questions. PURE."""
