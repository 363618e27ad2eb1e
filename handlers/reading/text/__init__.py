"""Text before it is read: folding, script, numbers, names. PURE."""
