"""Erasing people, and deleting what is no longer kept."""
