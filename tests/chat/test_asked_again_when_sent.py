"""Who may hear something is asked once more when it is sent."""

from datetime import timedelta

from sqlalchemy import select, update

from models.tables.deliveries import Delivery
from models.tables.people import Chat as Place, Member, Membership, Organization
from tests.chat.school import Chat


async def planned(chat: Chat, day: str) -> list[int]:
    """What is planned for the secretary at 09:00 of a day and has not left yet."""
    chat.set_clock(f"{day}T09:00:00")
    await chat.program.ticks.stop()
    chat.program.planner.plan_reminders()
    with chat.program.database.begin() as session:
        place = session.scalar(select(Place.id).where(Place.address == str(chat.secretary.chat_id)))
        rows = list(
            session.scalars(select(Delivery).where(Delivery.kind == "reminder", Delivery.chat_id == place))
        )
        for row in rows:  # whether or not a tick has sent it already, it is about to be sent
            row.status, row.message_key = "pending", None
            row.expires_at = chat.civil.now() + timedelta(days=1)
        return [row.id for row in rows]


async def why(chat: Chat, ids: list[int]) -> set[str | None]:
    await chat.program.dispatcher.drain()
    with chat.program.database.read() as session:
        rows = list(session.scalars(select(Delivery).where(Delivery.id.in_(ids))))
        return {row.error for row in rows if row.status == "withdrawn"}


async def test_who_left_the_register_meanwhile_hears_nothing_more(chat: Chat) -> None:
    ids = await planned(chat, "2026-09-02")
    assert ids
    with chat.program.database.begin() as session:
        left = select(Member.id).where(Member.name == "示例·小林")
        session.execute(
            update(Membership)
            .where(Membership.member_id.in_(left))
            .values(valid_until=chat.civil.now().date())
        )
    chat.secretary.forget()
    assert await why(chat, ids) == {"the reader has left"}
    assert await chat.secretary.hears_nothing()


async def test_who_went_to_another_branch_hears_nothing_of_the_old_one(chat: Chat) -> None:
    ids = await planned(chat, "2026-09-02")
    assert ids
    with chat.program.database.begin() as session:
        moved = select(Member.id).where(Member.name == "示例·小林")
        other = session.scalar(select(Organization.id).where(Organization.name == "文科支部"))
        query = update(Membership).where(Membership.member_id.in_(moved))
        session.execute(query.values(organization_id=other))
    chat.secretary.forget()
    assert await why(chat, ids) == {"not the reader's any more"}
    assert await chat.secretary.hears_nothing()
