"""Requirement and observance packs and holiday files, as data."""
