"""Conversations about people: join, invite, a new phone, groups, the register, help, history."""
