"""What is required of whom, when it is due, and its state. PURE."""
