"""The inbox: raw updates, stored before they are acknowledged, handled in order by chat.

`now` and `until` are machine seconds (`Database.now`), `at` is a moment of the machine clock.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Boolean,
    Table,
    Text,
    TextClause,
    TextualSelect,
    bindparam,
    column,
    exists,
    func,
    select,
    text,
)
from sqlalchemy.orm import Session

from models.delivery import incidents
from models.storage.inserts import InsertUnlessPresent
from models.tables.coordination import Inbox
from models.tables.people import Chat

MOST_ATTEMPTS = 3
MOST_LONELY_CRASHES = 5


class Taken(NamedTuple):
    """An update that this process handles now."""

    id: int
    update_id: int
    chat_key: str
    raw: str
    stranger: bool
    alone: bool


_TABLE: Table = Inbox.__table__  # type: ignore[assignment]
_COLUMNS = [_TABLE.c[name] for name in Taken._fields]
_TAKE = """
UPDATE inbox SET status = 'leased', lease_by = :me, lease_until = :until
WHERE id IN (SELECT d.id FROM inbox d WHERE d.bot_id = :bot_id AND d.status = 'pending' AND {which}
  AND NOT EXISTS (SELECT 1 FROM inbox o WHERE o.bot_id = :bot_id AND o.chat_key = d.chat_key AND {held}{each})
  ORDER BY {order} LIMIT :many) RETURNING {columns}
"""
_PARTS = {"columns": ", ".join(f"inbox.{column.name}" for column in _COLUMNS)}
# What makes a chat busy: an update in progress, or one in quarantine.
_HELD = "(o.status = 'leased' OR (o.status = 'pending' AND o.alone))"


def _taking(which: str, held: str, order: str) -> dict[str, TextualSelect]:
    """The claim for each kind of database; for OFFSET 0 see `models.delivery.claims`."""
    return {
        database: text(_TAKE.format(which=which, held=held, order=order, each=each, **_PARTS)).columns(
            *_COLUMNS
        )
        for database, each in (("sqlite", ""), ("postgresql", " OFFSET 0"))
    }


_CLAIM = _taking("NOT d.alone AND NOT d.stranger", _HELD, "d.id")
_CLAIM_STRANGERS = _taking("NOT d.alone AND d.stranger", _HELD, "d.id")
# Within the quarantine of a chat only the earliest update is free.
_EARLIER = "(o.status = 'leased' OR (o.status = 'pending' AND o.alone AND o.id < d.id))"
_CLAIM_ALONE = _taking("d.alone", _EARLIER, "d.crashes, d.id")
# Two claims at once would each see a chat as free and take different updates of it.
_ONE_CLAIMER = text("SELECT pg_advisory_xact_lock(7411903, :key)")
_DONE = text(
    "UPDATE inbox SET status = :status, lease_by = NULL, lease_until = NULL"
    " WHERE bot_id = :bot_id AND update_id = :update_id AND status IN ('pending', 'leased') RETURNING id"
)
_TRIED = text(
    "UPDATE inbox SET attempts = attempts + 1, error = :error,"
    " status = CASE WHEN attempts + 1 >= :most THEN 'set aside' ELSE status END"
    " WHERE id = :id AND lease_by = :me AND status = 'leased' RETURNING status"
)
_STARTED = text(
    "UPDATE inbox SET crashes = crashes + 1,"
    " status = CASE WHEN crashes >= :most THEN 'set aside' ELSE status END,"
    " error = CASE WHEN crashes >= :most THEN 'the process ended each time it was handled' ELSE error END"
    " WHERE id = :id AND lease_by = :me AND status = 'leased' RETURNING status"
)
_GIVE_BACK = text(
    "UPDATE inbox SET status = 'pending', lease_by = NULL, lease_until = NULL"
    " WHERE id IN :ids AND lease_by = :me AND status = 'leased'"
).bindparams(bindparam("ids", expanding=True))
_IGNORE = text(
    "UPDATE inbox SET status = 'ignored', lease_by = NULL, lease_until = NULL"
    " WHERE id IN :ids AND lease_by = :me AND status = 'leased'"
).bindparams(bindparam("ids", expanding=True))
_LEFT = "status = 'leased' AND (lease_until < :now OR lease_by IN :dead)"
_SUSPECT = """
UPDATE inbox SET alone = true
WHERE id IN (SELECT min(id) FROM inbox WHERE {left} GROUP BY bot_id, chat_key)
"""
_UNLEASE = """
UPDATE inbox SET status = 'pending', lease_by = NULL, lease_until = NULL WHERE {left} RETURNING id
"""
_DEAD: BindParameter[Any] = bindparam("dead", expanding=True, type_=Text())
_SUSPECT_LEFT = text(_SUSPECT.format(left=_LEFT)).bindparams(_DEAD)
_UNLEASE_LEFT = text(_UNLEASE.format(left=_LEFT)).bindparams(_DEAD)
_HOLDERS = text("SELECT DISTINCT lease_by FROM inbox WHERE status = 'leased'")
_BACKLOG = text("SELECT count(*) FROM inbox WHERE bot_id = :bot_id AND status = 'pending'")
_PENDING = "SELECT 1 FROM inbox WHERE bot_id = :bot_id AND status = 'pending'"
_LEFT_OVER = text(
    f"SELECT EXISTS ({_PENDING}) AS some, EXISTS ({_PENDING} AND stranger) AS foreign_ones"
).columns(column("some", Boolean), column("foreign_ones", Boolean))
_ANY_ALONE = text("SELECT 1 FROM inbox WHERE bot_id = :bot_id AND status = 'pending' AND alone LIMIT 1")


class AlreadyHandledError(Exception):
    """This update is handled already, or somebody else handles it now; nothing of it may be stored again."""


_ADD = InsertUnlessPresent(Inbox, key=["bot_id", "update_id", "digest"], returning=["id"])


def add(session: Session, bot_id: int, updates: Iterable[Any], *, at: datetime) -> int:
    """Store raw updates of any JSON; returns how many are new."""
    rows = [_row(bot_id, update, at) for update in updates]
    if not rows:
        return 0
    known = _known(session, bot_id, {row["chat_key"] for row in rows})
    rows = [row | {"stranger": row["chat_key"] not in known} for row in rows]
    return len(_ADD.execute(session, rows))


def claim(
    session: Session,
    bot_id: int,
    *,
    me: str,
    until: float,
    many: int,
    strangers: int | None = None,
    alone: bool = False,
) -> tuple[list[Taken], bool]:
    """Lease the oldest pending updates of chats in which no other update is being handled.

    At most `many`, in the order of arrival, those of known people first. At most `strangers` come from
    strangers, so that a crowd of them delays nobody. Also returns whether others may be left.

    With `alone` those in quarantine; until they are handled, later ones of their chats wait.
    """
    values = {"bot_id": bot_id, "me": me, "until": until, "many": many}
    if session.get_bind().dialect.name != "sqlite":
        session.execute(_ONE_CLAIMER, {"key": bot_id % 2**31})
    rows = _take(session, _CLAIM_ALONE if alone else _CLAIM, values)
    left, foreign = session.execute(_LEFT_OVER, {"bot_id": bot_id}).one()
    few = many - len(rows) if strangers is None else min(strangers, many - len(rows))
    if foreign and few > 0 and not alone:
        rows += _take(session, _CLAIM_STRANGERS, values | {"many": few})
    return sorted(rows, key=lambda row: row.id), bool(left)


def _take(session: Session, statement: dict[str, TextualSelect], values: dict[str, Any]) -> list[Taken]:
    """Run one of the claims; returns the leased updates."""
    rows = session.execute(statement[session.get_bind().dialect.name], values)
    return [Taken(*row) for row in rows]


def done(session: Session, bot_id: int, update_id: int, *, status: str = "done") -> None:
    """Mark an update as handled, in the transaction that stores its effects.

    Raises AlreadyHandledError, which must roll that transaction back.
    """
    values = {"bot_id": bot_id, "update_id": update_id, "status": status}
    if session.scalar(_DONE, values) is None:
        raise AlreadyHandledError(AlreadyHandledError.__doc__)


def ignore(session: Session, ids: Sequence[int], *, me: str) -> None:
    """Close those of these that the handler left unmarked: it does not know their kind."""
    if ids:
        session.execute(_IGNORE, {"ids": list(ids), "me": me})


def failed(session: Session, row_id: int, *, me: str, error: str) -> bool:
    """Count a failure of the handler; True if it was the last attempt: the update is set aside."""
    # PostgreSQL refuses NUL in a text.
    values = {"id": row_id, "me": me, "error": error.replace("\0", "")[:2000], "most": MOST_ATTEMPTS}
    return _goes_on(session, _TRIED, values) is not True


def started(session: Session, row_id: int, *, me: str) -> bool:
    """Count the start of an update in quarantine; False where it is set aside instead."""
    values = {"id": row_id, "me": me, "most": MOST_LONELY_CRASHES}
    return _goes_on(session, _STARTED, values) is True


def _goes_on(session: Session, statement: TextClause, values: dict[str, Any]) -> bool | None:
    """Whether the update may be tried; None where it is not leased to this process.

    An update that this sets aside becomes an incident.
    """
    status: str | None = session.scalar(statement, values)
    if status == "set aside":
        incidents.note(session, incidents.Kind.SET_ASIDE, update=values["id"])
    return None if status is None else status == "leased"


def give_back(session: Session, ids: Sequence[int], *, me: str) -> None:
    """Return updates that were not begun."""
    if ids:
        session.execute(_GIVE_BACK, {"ids": list(ids), "me": me})


def holders(session: Session) -> set[str]:
    """The holders of leases on updates."""
    return {name for name in session.scalars(_HOLDERS) if name}


def recover(session: Session, *, now: float, dead: Sequence[str] = ()) -> int:
    """Return what the `dead` holders left and what has expired; returns how many.

    Of each chat only the first can have been begun; it is in quarantine from now on.
    """
    values = {"now": now, "dead": list(dead)}
    session.execute(_SUSPECT_LEFT, values)
    return len(session.scalars(_UNLEASE_LEFT, values).all())


def backlog(session: Session, bot_id: int) -> int:
    """How many updates wait."""
    return int(session.scalar(_BACKLOG, {"bot_id": bot_id}) or 0)


def any_alone(session: Session, bot_id: int) -> bool:
    """Whether updates wait in quarantine."""
    return session.scalar(_ANY_ALONE, {"bot_id": bot_id}) is not None


def set_aside(session: Session) -> list[Inbox]:
    """Updates that could not be handled and wait for an admin, oldest first."""
    return list(session.scalars(select(Inbox).where(Inbox.status == "set aside").order_by(Inbox.id)))


def counts(session: Session) -> dict[str, int]:
    """How many updates have each status."""
    rows = session.execute(select(Inbox.status, func.count()).group_by(Inbox.status))
    return dict(rows.all())


_CHAT: Table = Chat.__table__  # type: ignore[assignment]
_KNOWN = select(_CHAT.c.address).where(
    _CHAT.c.address.in_(bindparam("keys", expanding=True)),
    _CHAT.c.member_id.is_not(None) | _CHAT.c.organization_id.is_not(None),
    ~exists().where(
        _TABLE.c.bot_id == bindparam("bot"),
        _TABLE.c.status == "pending",
        _TABLE.c.stranger,
        _TABLE.c.chat_key == _CHAT.c.address,
    ),
)


def _known(session: Session, bot_id: int, chat_keys: set[str]) -> set[str]:
    """Those of the chats that belong to a person or an organization.

    Without those of which an update is waiting that came when the chat was a stranger's: its order is kept.
    """
    return set(session.scalars(_KNOWN, {"bot": bot_id, "keys": list(chat_keys)}))


def _row(bot_id: int, update: Any, at: datetime) -> dict[str, Any]:
    """The columns of an update."""
    raw = json.dumps(update, separators=(",", ":"), sort_keys=True)
    number = update.get("update_id") if isinstance(update, dict) else None
    return {
        "bot_id": bot_id,
        "update_id": number if _is_number(number) else -1,
        # Sorted keys: the same update gives the same digest, however it was serialized.
        "digest": hashlib.sha256(raw.encode()).hexdigest()[:32],
        "chat_key": chat_key(update),
        "raw": raw,
        "received_at": at,
    }


def chat_key(update: Any) -> str:
    """The key by which updates are ordered: the id of the chat, else of the sender, else ""."""
    bodies = [body for body in update.values() if isinstance(body, dict)] if isinstance(update, dict) else []
    # In the order of precision: a message's chat comes before the sender of a button.
    for path in (("chat",), ("message", "chat"), ("from",), ("user",)):
        for body in bodies:
            found = _at(body, path)
            if found is not None:
                return found
    return ""


def _at(body: Any, path: tuple[str, ...]) -> str | None:
    """The id under a path of names, as text."""
    for name in (*path, "id"):
        body = body.get(name) if isinstance(body, dict) else None
    return str(body)[:64] if isinstance(body, int | str) else None


def _is_number(value: Any) -> bool:
    """Whether this is an integer that the database can store; a boolean is none."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**62
