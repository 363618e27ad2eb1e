"""Conversations about the status: questions, lists, pages, files."""
