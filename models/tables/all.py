"""Every table: to import this makes the metadata whole."""

from models.tables import (
    approvals,
    closings,
    coordination,
    deliveries,
    overrides,
    people,
    records,
    web_sessions,
)
from models.tables.base import Base

__all__ = [
    "Base",
    "approvals",
    "closings",
    "coordination",
    "deliveries",
    "overrides",
    "people",
    "records",
    "web_sessions",
]
