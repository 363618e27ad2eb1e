"""Finds the days and periods in a text; starts at `find.find_dates`. PURE."""
