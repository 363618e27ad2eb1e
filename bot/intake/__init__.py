"""The inbox: stored updates are handled once each, in order within a chat."""
