"""Every table: to import this makes the metadata whole."""

from models.tables import approvals, calendar, deliveries, leading, people, records, sharing, visits
from models.tables.base import Base

__all__ = ["Base", "approvals", "calendar", "deliveries", "leading", "people", "records", "sharing", "visits"]
