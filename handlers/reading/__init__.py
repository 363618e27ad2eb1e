"""Reading what people write. PURE."""
