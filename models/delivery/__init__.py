"""Deliveries and the inbox: rows that are claimed, sent or handled, and marked."""
