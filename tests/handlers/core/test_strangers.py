"""A crowd of strangers: what known people say goes first, and a stranger hears only so much."""

from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from sqlalchemy import select, update

from handlers.core.context import BotContext
from handlers.core.messages import IncomingMessage
from handlers.core.throttle import MOST_ANSWERS
from handlers.router import converse, create_request
from models.delivery import claims, deliveries, inbox
from models.register import invitations
from models.rules.deliveries import DeliveryKind, NewDelivery
from models.storage.database import Database
from models.tables.people import Chat, Member
from tests.handlers.roles.school import NOW, RULES, opened, undone

AT = datetime(2026, 9, 1, tzinfo=UTC)
STRANGER = "9999"


def says(number: int, chat: int) -> dict[str, object]:
    return {"update_id": number, "message": {"chat": {"id": chat}, "text": "x"}}


def claimed(database: Database, many: int) -> list[int]:
    with database.begin() as session:
        rows, _ = inbox.claim(session, 1, me="me", until=1e12, many=many)
        return [row.update_id for row in rows]


def test_known_people_are_heard_before_strangers_and_each_chat_in_its_order(database: Database) -> None:
    with database.begin() as session:
        session.add(Member(name="某人", position=1))
        session.flush()
        session.add_all([Chat(address="1", member_id=1), Chat(address="-5", kind="group"), Chat(address="2")])
        session.flush()
        inbox.add_updates(session, 1, [says(number, 100 + number) for number in range(1, 6)], at=AT)
        inbox.add_updates(session, 1, [says(6, 2), says(7, 1)], at=AT)
    assert claimed(database, 1) == [7]
    with database.begin() as session:
        session.execute(update(Chat).where(Chat.address == "2").values(member_id=1))
        inbox.add_updates(session, 1, [says(8, 2)], at=AT)
    assert claimed(database, 5) == [1, 2, 3, 4, 5]
    assert claimed(database, 5) == [6, 8]


def test_answers_to_strangers_leave_after_those_to_known_people(database: Database) -> None:
    with database.begin() as session:
        session.add_all([Chat(address=str(number)) for number in range(3)])
        session.flush()
        kinds = (DeliveryKind.PATIENT, DeliveryKind.PATIENT, DeliveryKind.ANSWER)
        for chat, kind in enumerate(kinds, start=1):
            deliveries.enqueue(
                session,
                NewDelivery(key=kind + str(chat), chat_id=chat, kind=kind, text="x", due_at=AT),
            )
    with database.begin() as session:
        rows = claims.claim(session, me="me", until=1e12, now=1.0, due=AT, many=1)
        assert [row.kind for row in rows] == [DeliveryKind.ANSWER]


async def test_a_stranger_who_goes_on_hears_no_more_but_can_still_come_in(tmp_path: Path) -> None:
    async with opened(tmp_path) as town, undone(town.database) as session:
        bot_context = BotContext(town.database, RULES, lambda: NOW)
        chat = Chat(address=STRANGER)
        session.add(chat)
        session.flush()

        numbers = count()

        def hears(text: str) -> list[str]:
            said = IncomingMessage(STRANGER, STRANGER, text, NOW, "5")
            answers = converse(create_request(bot_context, session, said))
            for answer in answers:
                key = f"{text}/{next(numbers)}"
                deliveries.enqueue(
                    session,
                    NewDelivery(
                        key=key, chat_id=chat.id, kind=DeliveryKind.PATIENT, text=answer.text, due_at=NOW
                    ),
                )
            return [answer.text for answer in answers]

        until = "11:00以前不再答复"
        for _ in range(MOST_ANSWERS - 1):
            assert [until in answer for answer in hears("你好")] == [False]
        assert [until in answer for answer in hears("你好")] == [True]
        assert [hears(text) for text in ("你好", "/start ABCDEFGH23", "换手机")] == [[], [], []]
        invitations.invite_all(session, members=[town.people["甲一支部的党员"]], joined_too=True)
        code = session.scalar(select(invitations.Invitation.code))
        assert "您已加入" in "".join(hears(f"/start {code}"))
