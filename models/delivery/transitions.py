"""The states of a delivery in sending: pending → leased → sending → sent, dead or uncertain.

A row is claimed with a lease (`leased`); the intent to send it is committed just before its request leaves
(`sending`); every later change is guarded by the lease. A process that dies leaves rows behind: a leased
row was not sent, a sending one may have been, and its policy decides. All `now` are machine seconds
(`Database.now`), `due` and `at` are civil moments.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Text, TextClause, bindparam, text
from sqlalchemy.orm import Session

from models.delivery import incidents
from models.delivery.claims import Leased
from models.delivery.deliveries import MOST_DOUBTS
from models.tables.base import Instant
from models.tables.deliveries import Delivery

# A row that ends the process this often, with nothing else in flight, is not tried again.
MOST_LONELY_CRASHES = 5


_INTEND = (
    text(
        "UPDATE deliveries SET status = 'sending', lease_until = :until"
        " WHERE id IN :ids AND lease_by = :me AND status = 'leased' RETURNING id"
    )
    .bindparams(bindparam("ids", expanding=True))
    .columns(Delivery.__table__.c.id)
)
_STARTED = text(
    "UPDATE deliveries SET attempts = attempts + 1 WHERE id = :id AND lease_by = :me AND status = 'leased'"
)
# 'uncertain' too: an answer may come after the lease has expired, and it proves the arrival.
_SENT = text(
    "UPDATE deliveries SET status = 'sent', message_key = :message_key, sent_at = :at, lease_by = NULL,"
    " lease_until = NULL, alone = false, error = NULL"
    " WHERE id = :id AND lease_by = :me AND status IN ('sending', 'uncertain')"
).bindparams(bindparam("at", type_=Instant()))
# `lease_by = :me` guards every change: a process whose lease was taken over changes nothing.
_PUT_BACK = text(
    "UPDATE deliveries SET status = 'pending', next_at = :next_at, error = :error, lease_by = NULL,"
    " lease_until = NULL, alone = false"
    " WHERE id = :id AND lease_by = :me AND status IN ('leased', 'sending')"
)
_CLOSE = text(
    "UPDATE deliveries SET status = :status, error = :error, lease_by = NULL, lease_until = NULL"
    " WHERE id = :id AND lease_by = :me AND status IN ('leased', 'sending')"
)
_DOUBT = """
UPDATE deliveries SET doubts = doubts + 1, next_at = :next_at, error = :error,
    attempts = attempts + CASE WHEN {guilty} THEN 1 ELSE 0 END,
    status = CASE WHEN {guilty} AND attempts + 1 >= :most_crashes THEN 'dead'
                  WHEN {unclear} THEN 'uncertain' ELSE 'pending' END,
    lease_by = CASE WHEN {unclear} THEN lease_by END,
    lease_until = NULL, alone = (:crashed = 1)
WHERE status = 'sending' AND {which}
RETURNING id, status, policy <> 'ask' AND (policy = 'skip' OR {to_a_group}) AS skipped
"""
# Before the intent only the making of a file touches what a row contains.
_UNLEASE = """
UPDATE deliveries SET alone = (file_id IS NOT NULL), lease_by = NULL, lease_until = NULL,
    status = CASE WHEN attempts >= :most_crashes THEN 'dead' ELSE 'pending' END,
    error = CASE WHEN attempts >= :most_crashes THEN :why ELSE error END
WHERE status = 'leased' AND {which} RETURNING id
"""
# A group sees a repetition many times over, so that the usual policy skips it there.
_TO_A_GROUP = "EXISTS (SELECT 1 FROM chats c WHERE c.id = chat_id AND c.kind <> 'private')"
_PARTS = {
    "guilty": "alone AND :crashed = 1",
    "to_a_group": _TO_A_GROUP,
    "unclear": f"""edits IS NULL AND (policy IN ('skip', 'ask') OR doubts + 1 > :most_doubts
        OR (policy = 'usual' AND {_TO_A_GROUP}))""",
}
_LEFT = "(lease_until < :now OR lease_by IN :dead)"
_DEAD: BindParameter[Any] = bindparam("dead", expanding=True, type_=Text())
_UNLEASE_LEFT = text(_UNLEASE.format(which=_LEFT)).bindparams(_DEAD)
_DOUBT_LEFT = text(_DOUBT.format(which=_LEFT, **_PARTS)).bindparams(_DEAD)
_DOUBT_MINE = text(_DOUBT.format(which="id IN :ids AND lease_by = :me", **_PARTS)).bindparams(
    bindparam("ids", expanding=True)
)
_HOLDERS = text("SELECT DISTINCT lease_by FROM deliveries WHERE status IN ('leased', 'sending')")
_DOUBTED = text("UPDATE deliveries SET doubts = 1 WHERE id IN :ids").bindparams(
    bindparam("ids", expanding=True)
)
_CHAT_WAITS = text(
    "UPDATE deliveries SET next_at = :until"
    " WHERE chat_id = :chat_id AND status = 'pending' AND next_at < :until"
)

_ANY_ALONE = text("SELECT 1 FROM deliveries WHERE status = 'pending' AND alone LIMIT 1")
_FORGET = text("UPDATE deliveries SET next_at = 0 WHERE status = 'pending' AND next_at > :latest")


def started(session: Session, delivery_id: int, *, me: str) -> None:
    """Count the start of rendering the file of a quarantined row: a crash counts against it."""
    session.execute(_STARTED, {"id": delivery_id, "me": me})


def intend(session: Session, ids: Sequence[int], *, me: str, until: float) -> set[int]:
    """Commit the intent to send these; returns the ids of those whose lease still holds."""
    if not ids:
        return set()
    return set(session.scalars(_INTEND, {"ids": list(ids), "me": me, "until": until}))


def mark_sent(session: Session, keys: dict[int, str], *, me: str, at: datetime) -> None:
    """Mark deliveries as sent (id → message key), also one that became uncertain meanwhile."""
    rows = [{"id": row, "message_key": key, "at": at, "me": me} for row, key in sorted(keys.items())]
    if rows:
        session.execute(_SENT, rows)


def put_back(session: Session, rows: dict[int, tuple[float, str | None]], *, me: str) -> None:
    """Put back what was certainly not sent: id → (machine second of the next try, reason)."""
    if rows:
        values = [
            {"id": row, "next_at": at, "error": why, "me": me} for row, (at, why) in sorted(rows.items())
        ]
        session.execute(_PUT_BACK, values)


def close(session: Session, rows: dict[int, tuple[str, str]], *, me: str) -> None:
    """Close what will not be sent: id → (`dead`, `expired` or `withdrawn`; reason)."""
    if rows:
        values = [
            {"id": row, "status": to, "error": why, "me": me} for row, (to, why) in sorted(rows.items())
        ]
        session.execute(_CLOSE, values)


def doubt(session: Session, ids: Sequence[int], *, me: str, next_at: float, why: str) -> None:
    """Mark what may have been sent: the policy of each decides; edits are simply repeated."""
    if ids:
        values = {"ids": list(ids), "me": me, **_doubtful(next_at, why, crashed=False)}
        _doubt(session, _DOUBT_MINE, values)


def doubted(session: Session, rows: Sequence[Leased], since: datetime, until: datetime) -> list[Leased]:
    """The same rows; those due between two civil moments count as perhaps sent before."""
    # A row that is in doubt already is labelled as a repetition anyway.
    new = [row.id for row in rows if since <= row.due_at <= until and row.doubts == 0]
    if not new:
        return list(rows)
    session.execute(_DOUBTED, {"ids": list(new)})
    return [row._replace(doubts=1) if row.id in new else row for row in rows]


def chat_waits(session: Session, chat_id: int, *, until: float) -> None:
    """Let nothing go to this chat before a machine second."""
    session.execute(_CHAT_WAITS, {"chat_id": chat_id, "until": until})


def holders(session: Session) -> set[str]:
    """The holders of leases on deliveries."""
    return {name for name in session.scalars(_HOLDERS) if name}


def recover(session: Session, *, now: float, dead: Sequence[str] = ()) -> tuple[int, int]:
    """Recover what the `dead` holders left and what has expired: (not sent, perhaps sent).

    Rows that were being worked on are in quarantine until one try has ended in a living process.
    """
    values = {"now": now, "dead": list(dead)}
    why = "the process ended each time its file was made"
    unlease = values | {"why": why, "most_crashes": MOST_LONELY_CRASHES}
    leased = session.scalars(_UNLEASE_LEFT, unlease).all()
    why = "the process ended while this was being sent"
    return len(leased), _doubt(session, _DOUBT_LEFT, values | _doubtful(now, why, crashed=True))


def any_alone(session: Session) -> bool:
    """Whether rows wait in quarantine."""
    return session.scalar(_ANY_ALONE) is not None


def forget(session: Session, *, latest: float) -> None:
    """Reset waiting times after `latest`: they are of a machine clock that has started again."""
    session.execute(_FORGET, {"latest": latest})


def _doubt(session: Session, statement: TextClause, values: dict[str, Any]) -> int:
    """Run a doubt; returns how many. What will not be sent again by itself becomes an incident."""
    rows = session.execute(statement, values).all()
    left = [row.id for row in rows if row.status == "uncertain" and not row.skipped]
    fatal = [row.id for row in rows if row.status == "dead"]
    for kind, found in ((incidents.Kind.UNCERTAIN, left), (incidents.Kind.FATAL, fatal)):
        if found:
            incidents.note(session, kind, deliveries=found)
    return len(rows)


def _doubtful(next_at: float, why: str, *, crashed: bool) -> dict[str, Any]:
    """The values of a doubt."""
    return {
        "next_at": next_at,
        "error": why,
        "crashed": int(crashed),
        "most_crashes": MOST_LONELY_CRASHES,
        "most_doubts": MOST_DOUBTS,
    }
