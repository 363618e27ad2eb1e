"""The settings: sections, values, and errors that name the fix."""
