"""Conversations of leaders: urge, announce, waive or move, close a month, approve a text."""
