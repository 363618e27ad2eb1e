"""Reads the numbers of people in a report. PURE."""
