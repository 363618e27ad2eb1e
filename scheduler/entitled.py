"""Who may do what, asked once more when a message is about to be sent."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import members, organizations
from models.rules.access import Action, scope
from models.tables.deliveries import Delivery
from models.tables.people import Chat

GONE, NOT_THEIRS = "the reader has left", "not the reader's any more"


async def not_for_them(session: AsyncSession, rows: Sequence[Delivery]) -> dict[int, str]:
    """Reminders, by id, whose reader has left, or that speak of what the reader may no longer see."""
    reminders = [row for row in rows if row.kind == "reminder"]
    if not reminders:
        return {}
    query = select(Chat.id, Chat.member_id, Chat.kind).where(Chat.id.in_({row.chat_id for row in reminders}))
    owners = {row[0]: row[1] for row in await session.execute(query) if row[2] == "private"}
    people = await members.people(session, {found for found in owners.values() if found is not None})
    tree = await organizations.tree(session)
    sees = {key: scope(person, Action.CALENDAR, tree) for key, person in people.items()}
    reasons: dict[int, str] = {}
    for row in reminders:
        if row.chat_id not in owners:
            continue
        seen = sees.get(owners[row.chat_id] or 0)
        spoken_of = {item[1] for item in (row.about or {}).get("occurrences") or ()}
        if seen is None:
            reasons[row.id] = GONE
        elif not spoken_of <= seen:
            reasons[row.id] = NOT_THEIRS
    return reasons
