"""Imports every table, so that the metadata is complete."""

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
