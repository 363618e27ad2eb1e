"""Commands about people: roster, joining codes and erasure."""
