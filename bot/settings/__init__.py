"""The settings: sections, value checks, and errors that say what to write instead."""
