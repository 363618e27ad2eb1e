"""Commands about people: the register, joining codes and forgetting."""
