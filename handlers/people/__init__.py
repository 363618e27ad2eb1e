"""Conversations about people: joining, invitations, phones, groups, roster, help, history."""
