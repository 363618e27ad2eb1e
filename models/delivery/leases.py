"""Leases: tasks that only one process may do at a time, such as polling or planning.

A lease is free when it has expired, or when its holder is known to be dead (see `presence`).
"""

from collections.abc import Sequence

from sqlalchemy import Text, bindparam, text
from sqlalchemy.orm import Session

_TAKE = text(
    "INSERT INTO leases (name, holder, until) VALUES (:name, :holder, :until)"
    " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until"
    " WHERE leases.holder = excluded.holder OR leases.until < :now OR leases.holder IN :dead"
    " RETURNING holder"
).bindparams(bindparam("dead", expanding=True, type_=Text()))
_RELEASE = text("DELETE FROM leases WHERE name = :name AND holder = :holder")
_HOLDER = text("SELECT holder FROM leases WHERE name = :name AND until >= :now")


def take(
    session: Session, name: str, holder: str, *, now: float, seconds: float, dead: Sequence[str] = ()
) -> bool:
    """Take a lease, or keep it for `seconds` more; False while another process holds it.

    `now` is the machine clock, see `Database.now`.
    """
    values = {"name": name, "holder": holder, "until": now + seconds, "now": now, "dead": list(dead)}
    return session.scalar(_TAKE, values) is not None


def release(session: Session, name: str, holder: str) -> None:
    """Give a lease back; does nothing where another process holds it."""
    session.execute(_RELEASE, {"name": name, "holder": holder})


def holder(session: Session, name: str, *, now: float) -> str | None:
    """The current holder of a lease."""
    found: str | None = session.scalar(_HOLDER, {"name": name, "now": now})
    return found
