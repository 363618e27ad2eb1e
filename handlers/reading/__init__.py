"""How people write: pure readers from text to values."""
