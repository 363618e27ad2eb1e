"""Reads what a question asks for. PURE."""
