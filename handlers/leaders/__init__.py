"""Conversations of leaders: nudges, broadcasts, waivers, closings, approvals, receipts."""
