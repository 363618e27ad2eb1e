"""Texts of messages that the program begins. PURE."""
