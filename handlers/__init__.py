"""The conversations: what was said comes in as an utterance, answers go out."""
