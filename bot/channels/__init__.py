"""The chat networks, one package each."""
