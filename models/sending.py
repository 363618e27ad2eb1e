"""The states of a delivery that is being sent: pending → leased → sending → sent, dead or uncertain.

A row is claimed with a lease (`leased`), the intent to send it is committed just before it is put in
flight (`sending`), and every later change is guarded by the lease. A process that dies leaves rows
behind: a leased one was not sent; a sending one may have been, and its policy decides. All `now` are
machine seconds (`Database.now`), `due` and `at` civil moments.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Text, TextClause, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from models import incidents
from models.deliveries import MOST_DOUBTS
from models.prepared import Prepared, as_tuple, each_by_itself, only
from models.tables.base import Instant
from models.tables.deliveries import Delivery

MOST_LONELY_CRASHES = 5


class Leased(NamedTuple):
    """A delivery that this process may send (see `Delivery`)."""

    id: int
    key: str
    chat_id: int
    kind: str
    text: str
    buttons: list[Any] | None
    reply_to: str | None
    edits: str | None
    file_id: int | None
    about: dict[str, Any] | None
    due_at: datetime
    expires_at: datetime | None
    alone: bool
    doubts: int
    error: str | None


_COLUMNS = [Delivery.__table__.c[name] for name in Leased._fields]
_RETURNING = ", ".join(f"deliveries.{column.name}" for column in _COLUMNS)
_INSTANTS = {name: bindparam(name, type_=Instant()) for name in ("due", "at")}

_DUE = "d.status = 'pending' AND d.due_at <= :due AND d.next_at <= :now"
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
_CLAIM_ANSWERS = """
WITH asked AS MATERIALIZED (
    SELECT d.id FROM deliveries d
    WHERE d.id IN :ids AND {due} AND NOT d.alone
      AND {free} AND {first_said} {lock}
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
_INTEND = Prepared(
    text(
        "UPDATE deliveries SET status = 'sending', lease_until = :until"
        " WHERE id IN :ids AND lease_by = :me AND status = 'leased' RETURNING id"
    )
    .bindparams(bindparam("ids", expanding=True))
    .columns(Delivery.__table__.c.id),
    only,
)
_STARTED = text(
    "UPDATE deliveries SET attempts = attempts + 1 WHERE id = :id AND lease_by = :me AND status = 'leased'"
)
_SENT = Prepared(
    text(
        "UPDATE deliveries SET status = 'sent', message_key = :message_key, sent_at = :at, lease_by = NULL,"
        " lease_until = NULL, alone = false, error = NULL"
        " WHERE id = :id AND lease_by = :me AND status IN ('sending', 'uncertain')"
    ).bindparams(_INSTANTS["at"]),
    as_tuple,
)
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
_DOUBTED = Prepared(
    text("UPDATE deliveries SET doubts = 1 WHERE id IN :ids").bindparams(bindparam("ids", expanding=True)),
    as_tuple,
)
_CHAT_WAITS = text(
    "UPDATE deliveries SET next_at = :until"
    " WHERE chat_id = :chat_id AND status = 'pending' AND next_at < :until"
)

_NEXT = """
SELECT min(d.next_at) FROM deliveries d
WHERE d.status = 'pending' AND d.due_at <= :due AND {free} AND d.alone
UNION ALL SELECT min(d.next_at) FROM deliveries d
WHERE d.status = 'pending' AND d.due_at <= :due AND {free} AND NOT d.alone
  AND ((d.kind = 'answer' AND {first_answer}) OR (d.kind <> 'answer' AND {first} AND {no_answer}))
"""
_ANY_ALONE = text("SELECT 1 FROM deliveries WHERE status = 'pending' AND alone LIMIT 1")
_FORGET = text("UPDATE deliveries SET next_at = 0 WHERE status = 'pending' AND next_at > :latest")


async def claim(
    session: AsyncSession,
    *,
    me: str,
    due: datetime,
    now: float,
    until: float,
    many: int,
) -> list[Leased]:
    """Lease up to `many` due rows until `until`: answers first, then the newest due.

    Of each chat at most one, its oldest open one, and none while another of it is on its way.
    """
    values = {"me": me, "due": due, "now": now, "until": until, "many": many}
    rows = await _claim(session.get_bind().dialect.name, _CLAIM).all(session, values)
    rows.sort(key=lambda row: row.due_at, reverse=True)
    return sorted(rows, key=lambda row: row.kind != "answer")


async def claim_answers(
    session: AsyncSession, ids: Sequence[int], *, me: str, due: datetime, now: float, until: float
) -> list[Leased]:
    """Lease these answers until `until`; of each chat at most one, as `claim` does, but before its waves."""
    values = {"ids": ids, "me": me, "due": due, "now": now, "until": until}
    rows = await _claim(session.get_bind().dialect.name, _CLAIM_ANSWERS).all(session, values)
    return sorted(rows, key=lambda row: (row.kind != "answer", row.id))


async def claim_alone(
    session: AsyncSession, *, me: str, due: datetime, now: float, until: float
) -> Leased | None:
    """Lease one due row that a crash left behind, to be tried with nothing else in flight."""
    values = {"me": me, "due": due, "now": now, "until": until}
    statement = _claim(session.get_bind().dialect.name, _CLAIM_ALONE)
    return await statement.first(session, values)


async def started(session: AsyncSession, delivery_id: int, *, me: str) -> None:
    """The file of a row that is tried alone is made now: a crash would count against the row."""
    await session.execute(_STARTED, {"id": delivery_id, "me": me})


async def intend(session: AsyncSession, ids: Sequence[int], *, me: str, until: float) -> set[int]:
    """Commit to sending these now; gives those whose lease is still ours."""
    if not ids:
        return set()
    return set(await _INTEND.all(session, {"ids": ids, "me": me, "until": until}))


async def mark_sent(session: AsyncSession, keys: dict[int, str], *, me: str, at: datetime) -> None:
    """These arrived: delivery id → message key. Also settles one that was thought uncertain meanwhile."""
    rows = [{"id": row, "message_key": key, "at": at, "me": me} for row, key in sorted(keys.items())]
    await _SENT.each(session, rows)


async def put_back(session: AsyncSession, rows: dict[int, tuple[float, str | None]], *, me: str) -> None:
    """These were certainly not sent: delivery id → machine second of the next try, and why."""
    if rows:
        values = [
            {"id": row, "next_at": at, "error": why, "me": me} for row, (at, why) in sorted(rows.items())
        ]
        await session.execute(_PUT_BACK, values)


async def close(session: AsyncSession, rows: dict[int, tuple[str, str]], *, me: str) -> None:
    """These will not be sent: delivery id → (`dead`, `expired` or `withdrawn`; why)."""
    if rows:
        values = [
            {"id": row, "status": to, "error": why, "me": me} for row, (to, why) in sorted(rows.items())
        ]
        await session.execute(_CLOSE, values)


async def doubt(session: AsyncSession, ids: Sequence[int], *, me: str, next_at: float, why: str) -> None:
    """It is unclear whether these were sent: each goes the way of its policy, edits are simply repeated."""
    if ids:
        values = {"ids": list(ids), "me": me, **_doubtful(next_at, why, crashed=False)}
        await _doubt(session, _DOUBT_MINE, values)


async def doubted(
    session: AsyncSession, rows: Sequence[Leased], since: datetime, until: datetime
) -> list[Leased]:
    """These, of which those due between two civil moments may have been sent before, as nobody knows."""
    new = [row.id for row in rows if since <= row.due_at <= until and row.doubts == 0]
    if not new:
        return list(rows)
    await _DOUBTED.all(session, {"ids": new})
    return [row._replace(doubts=1) if row.id in new else row for row in rows]


async def chat_waits(session: AsyncSession, chat_id: int, *, until: float) -> None:
    """Nothing goes to this chat before a machine second."""
    await session.execute(_CHAT_WAITS, {"chat_id": chat_id, "until": until})


async def holders(session: AsyncSession) -> set[str]:
    """Who holds leases on deliveries."""
    return {name for name in await session.scalars(_HOLDERS) if name}


async def recover(session: AsyncSession, *, now: float, dead: Sequence[str] = ()) -> tuple[int, int]:
    """Take up what the `dead` holders left and what has run out: (not sent, perhaps sent).

    Those that were worked on are tried alone from then on, until one try has ended in a living process.
    """
    values = {"now": now, "dead": list(dead)}
    why = "the process ended each time its file was made"
    unlease = values | {"why": why, "most_crashes": MOST_LONELY_CRASHES}
    leased = (await session.scalars(_UNLEASE_LEFT, unlease)).all()
    why = "the process ended while this was being sent"
    return len(leased), await _doubt(session, _DOUBT_LEFT, values | _doubtful(now, why, crashed=True))


async def next_moment(session: AsyncSession, *, due: datetime) -> float | None:
    """The earliest machine second at which a row could be claimed; None when none waits for that alone."""
    found = await session.scalars(_next_moment(session.get_bind().dialect.name), {"due": due})
    return min((moment for moment in found if moment is not None), default=None)


async def any_alone(session: AsyncSession) -> bool:
    """Whether rows wait that a crash left behind."""
    return await session.scalar(_ANY_ALONE) is not None


async def forget(session: AsyncSession, *, latest: float) -> None:
    """Drop waiting times beyond `latest`: they belong to a machine clock that has started again."""
    await session.execute(_FORGET, {"latest": latest})


async def _doubt(session: AsyncSession, statement: TextClause, values: dict[str, Any]) -> int:
    """Gives how many; those that will not be sent again of themselves become an incident."""
    rows = (await session.execute(statement, values)).all()
    left = [row.id for row in rows if row.status == "uncertain" and not row.skipped]
    fatal = [row.id for row in rows if row.status == "dead"]
    for kind, found in ((incidents.Kind.UNCERTAIN, left), (incidents.Kind.FATAL, fatal)):
        if found:
            await incidents.note(session, kind, deliveries=found)
    return len(rows)


def _doubtful(next_at: float, why: str, *, crashed: bool) -> dict[str, Any]:
    return {
        "next_at": next_at,
        "error": why,
        "crashed": int(crashed),
        "most_crashes": MOST_LONELY_CRASHES,
        "most_doubts": MOST_DOUBTS,
    }


_CHOSEN = {
    _CLAIM: "SELECT id FROM urgent UNION ALL SELECT id FROM wave",
    _CLAIM_ANSWERS: "SELECT id FROM asked",
    _CLAIM_ALONE: "SELECT id FROM lonely",
}


@cache
def _claim(database: str, statement: str) -> Prepared[Leased]:
    """The statement for this kind of database; partial indexes need its states as literals."""
    clause: TextClause = text(
        statement.format(
            due=_DUE,
            **_conditions(database),
            lock="" if database == "sqlite" else "FOR UPDATE SKIP LOCKED",
            take=_TAKE.format(chosen=_CHOSEN[statement], columns=_RETURNING),
        )
    ).bindparams(_INSTANTS["due"])
    if statement is _CLAIM_ANSWERS:
        clause = clause.bindparams(bindparam("ids", expanding=True))
    return Prepared(clause.columns(*_COLUMNS), Leased)


@cache
def _next_moment(database: str) -> TextClause:
    return text(_NEXT.format(**_conditions(database))).bindparams(_INSTANTS["due"])


def _conditions(database: str) -> dict[str, str]:
    each = each_by_itself(database)
    return {
        "free": _CHAT_IS_FREE.format(each=each),
        "first": _FIRST_OF_CHAT.format(among="", each=each),
        "first_answer": _FIRST_OF_CHAT.format(among="AND o.kind = 'answer'", each=each),
        "first_said": _FIRST_OF_CHAT.format(among="AND o.kind IN ('answer', 'patient')", each=each),
        "no_answer": _NO_ANSWER_WAITS.format(each=each),
    }
