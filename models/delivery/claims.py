"""Claims: which deliveries may be tried now, leased to this process.

Of each chat the oldest open one, answers before waves, and none while another one of it is in flight. All
`now` are machine seconds (`Database.now`), `due` are civil moments.
"""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import TextClause, TextualSelect, bindparam, text
from sqlalchemy.orm import Session

from models.rules.deliveries import DeliveryKind, ReplyContext
from models.tables.base import Instant
from models.tables.deliveries import Delivery


class Leased(NamedTuple):
    """A delivery that this process may send (see `Delivery`)."""

    id: int
    key: str
    chat_id: int
    kind: DeliveryKind
    text: str
    buttons: list[Any] | None
    reply_to: str | None
    edits: str | None
    file_id: int | None
    about: ReplyContext | None
    due_at: datetime
    expires_at: datetime | None
    alone: bool
    doubts: int
    error: str | None


_COLUMNS = [Delivery.__table__.c[name] for name in Leased._fields]
_RETURNING = ", ".join(f"deliveries.{column.name}" for column in _COLUMNS)
_DUE_AT = bindparam("due", type_=Instant())

# States are literals in all statements: a partial index is not used for a bound parameter.
_DUE = "d.status = 'pending' AND d.due_at <= :due AND d.next_at <= :now"
# One delivery of a chat at a time, so that messages arrive in their order.
_CHAT_IS_FREE = """NOT EXISTS (SELECT 1 FROM deliveries o
        WHERE o.chat_id = d.chat_id AND o.status IN ('leased', 'sending'){each})"""
_FIRST_OF_CHAT = """NOT EXISTS (SELECT 1 FROM deliveries o
        WHERE o.chat_id = d.chat_id AND o.status = 'pending' {among}
          AND (o.due_at, o.id) < (d.due_at, d.id){each})"""
_NO_ANSWER_WAITS = """NOT EXISTS (SELECT 1 FROM deliveries o
        WHERE o.chat_id = d.chat_id AND o.status = 'pending' AND o.kind = 'answer'
          AND o.due_at <= :due{each})"""
_TAKE = """
UPDATE deliveries SET status = 'leased', lease_by = :me, lease_until = :until
WHERE id IN ({chosen}) RETURNING {columns}
"""
# MATERIALIZED: each part runs once, and its LIMIT and its row locks come before the UPDATE. Of waves the
# latest due come first: after an outage a fresh reminder is worth more than an old one.
_CLAIM = """
WITH urgent AS MATERIALIZED (
    SELECT d.id FROM deliveries d
    WHERE {due} AND d.kind = 'answer' AND NOT d.alone
      AND {free} AND {first_answer}
    ORDER BY d.due_at LIMIT :many {lock}
), wave AS MATERIALIZED (
    SELECT d.id FROM deliveries d
    WHERE {due} AND d.kind <> 'answer' AND NOT d.alone
      AND {free} AND {first} AND {no_answer}
    ORDER BY d.due_at DESC LIMIT (:many - (SELECT count(*) FROM urgent)) {lock}
)
{take}
"""
_CLAIM_ALONE = """
WITH lonely AS MATERIALIZED (
    SELECT d.id FROM deliveries d
    WHERE {due} AND d.alone AND {free}
    ORDER BY d.attempts, d.id LIMIT 1 {lock}
)
{take}
"""
_NEXT = """
SELECT min(d.next_at) FROM deliveries d
WHERE d.status = 'pending' AND d.due_at <= :due AND {free} AND d.alone
UNION ALL SELECT min(d.next_at) FROM deliveries d
WHERE d.status = 'pending' AND d.due_at <= :due AND {free} AND NOT d.alone
  AND ((d.kind = 'answer' AND {first_answer}) OR (d.kind <> 'answer' AND {first} AND {no_answer}))
"""


def claim(
    session: Session,
    *,
    me: str,
    due: datetime,
    now: float,
    until: float,
    many: int,
) -> list[Leased]:
    """Lease up to `many` due rows until `until`: answers first, then the latest due.

    Of each chat at most one, its oldest open one, and none while another one of it is in flight.
    """
    values = {"me": me, "due": due, "now": now, "until": until, "many": many}
    rows = _execute(session, _CLAIM, values)
    # RETURNING gives rows in no order.
    rows.sort(key=lambda row: row.due_at, reverse=True)
    return sorted(rows, key=lambda row: row.kind is not DeliveryKind.ANSWER)


def claim_alone(session: Session, *, me: str, due: datetime, now: float, until: float) -> Leased | None:
    """Lease one due row in quarantine, to be tried with nothing else in flight."""
    values = {"me": me, "due": due, "now": now, "until": until}
    return next(iter(_execute(session, _CLAIM_ALONE, values)), None)


def next_moment(session: Session, *, due: datetime) -> float | None:
    """The earliest machine second at which a row can be claimed; None if none waits for a time."""
    found = session.scalars(_next_moment(session.get_bind().dialect.name), {"due": due})
    return min((moment for moment in found if moment is not None), default=None)


_CHOSEN = {
    _CLAIM: "SELECT id FROM urgent UNION ALL SELECT id FROM wave",
    _CLAIM_ALONE: "SELECT id FROM lonely",
}


def _execute(session: Session, statement: str, values: dict[str, Any]) -> list[Leased]:
    """Run one of the claims; returns the leased rows."""
    clause = _claim(session.get_bind().dialect.name, statement)
    return [Leased(*row) for row in session.execute(clause, values)]


@cache
def _claim(database: str, statement: str) -> TextualSelect:
    """The statement for this kind of database."""
    clause: TextClause = text(
        statement.format(
            due=_DUE,
            **_conditions(database),
            # Rows that another process is claiming are skipped, not waited for.
            lock="" if database == "sqlite" else "FOR UPDATE SKIP LOCKED",
            take=_TAKE.format(chosen=_CHOSEN[statement], columns=_RETURNING),
        )
    ).bindparams(_DUE_AT)
    return clause.columns(*_COLUMNS)


@cache
def _next_moment(database: str) -> TextClause:
    """The query of `next_moment` for this kind of database."""
    return text(_NEXT.format(**_conditions(database))).bindparams(_DUE_AT)


def _conditions(database: str) -> dict[str, str]:
    """The conditions on other deliveries of a chat, for this kind of database."""
    # OFFSET 0 makes PostgreSQL look into an index once for each row. It would make a join of the EXISTS
    # otherwise, and with figures from a time when little was pending compare every row with every other.
    each = "" if database == "sqlite" else " OFFSET 0"
    return {
        "free": _CHAT_IS_FREE.format(each=each),
        "first": _FIRST_OF_CHAT.format(among="", each=each),
        "first_answer": _FIRST_OF_CHAT.format(among="AND o.kind = 'answer'", each=each),
        "no_answer": _NO_ANSWER_WAITS.format(each=each),
    }
