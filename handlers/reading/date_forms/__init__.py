"""The forms in which people write a day or a period, one module a kind. PURE."""
