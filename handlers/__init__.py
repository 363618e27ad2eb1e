"""The conversations: what was said comes in as a message without a network in it, answers go out."""
