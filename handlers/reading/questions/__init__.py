"""What a question asks for. PURE."""
