"""A clerk of several organizations, two who report for one, and what old, passed on and forwarded gives."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select, update
from telegram import Message

from handlers.conversations import converse
from handlers.telegram import said_in
from handlers.utterance import Utterance
from models.database import Database
from models.tables.people import Chat, Membership
from models.tables.records import Audit, Completion
from tests.store.test_roles import DAY, NOW, PLACES, School, built, named, texts, told, undone

OWN = {"甲一支部", "甲一小组", "乙一支部", "乙一小组"}


async def opened(role: str, place: str, folder: Path) -> AsyncIterator[School]:
    content, made = await built((role, place), folder)
    (folder / "roles.db").write_bytes(content)
    database = Database(f"sqlite:///{folder / 'roles.db'}")
    yield made.at(database)
    await database.close()


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[School]:
    """Who speaks is clerk of two branches of two schools."""
    async for school in opened("干事", "甲一支部、乙一支部", tmp_path):
        yield school


@pytest.fixture
async def clerk(tmp_path: Path) -> AsyncIterator[School]:
    """Who speaks is clerk of a branch that has a secretary, too."""
    async for school in opened("干事", "甲一支部", tmp_path):
        yield school


def by(school: School, name: str, text: str, **more: object) -> Utterance:
    """What somebody of the school says in private."""
    address = school.address(name)
    return Utterance(address, address, text, NOW, "88", **more)  # type: ignore[arg-type]


async def test_a_clerk_of_two_organizations_has_both_and_nothing_beside(two: School) -> None:
    for place in PLACES:
        made = await two.changes(f"{place}9月18日主题党日，应到25实到24", Completion)
        assert made == ({two.ids[place]} if place in OWN else set()), place
        for text in (f"{place}9月记录", f"/history {place}"):
            assert told(texts(await two.says(text))) <= OWN
        assert bool(await two.says(pressed=f"undo:{two.reports[place]}")) == (place in OWN)
    everything = texts(await two.says("9月情况"))
    assert {"甲一支部", "乙一支部"} <= named(everything)
    assert not {"甲二支部", "甲总支"} & named(everything)
    assert await two.changes("9月18日主题党日，应到25实到24", Completion) == set()
    assert "哪个支部" in texts(await two.says("9月18日主题党日，应到25实到24"))


@pytest.mark.parametrize(
    ("first", "second"),
    [("说话的人", "甲一支部的书记"), ("甲一支部的书记", "说话的人")],
    ids=["clerk", "secretary"],
)
async def test_each_corrects_what_the_other_reported(clerk: School, first: str, second: str) -> None:
    async with undone(clerk.database) as session:
        await converse(clerk.desk, session, by(clerk, first, "9月18日党课，应到25实到23"))
        heard = texts(await converse(clerk.desk, session, by(clerk, second, "更正党课实到24")))
        assert heard.startswith("已更正 甲一支部 · 党课")
        row = await session.scalar(select(Completion).order_by(Completion.id.desc()))
        assert row is not None
        assert (row.requirement, row.present, row.reporter_id) == ("党课", 24, clerk.people[second])
        last = await session.scalar(select(Audit).order_by(Audit.id.desc()))
        assert last is not None
        assert (last.action, last.by_member_id) == ("revise", clerk.people[second])


@pytest.mark.parametrize("name", ["甲一支部的党员", "甲二支部的书记", "甲总支的书记"])
async def test_nobody_else_corrects_it(clerk: School, name: str) -> None:
    async with undone(clerk.database) as session:
        await converse(clerk.desk, session, by(clerk, "说话的人", "9月18日党课，应到25实到23"))
        row = await session.scalar(select(Completion).order_by(Completion.id.desc()))
        assert row is not None
        for text in ("更正党课实到24", "更正甲一支部党课实到24"):
            await converse(clerk.desk, session, by(clerk, name, text))
        assert (row.present, row.superseded_at) == (23, None)


async def test_the_buttons_of_a_role_that_has_ended_give_nothing(clerk: School) -> None:
    async with undone(clerk.database) as session:
        await converse(clerk.desk, session, by(clerk, "说话的人", "9月18日党课，应到25实到23"))
        report = await session.scalar(select(Completion.report_id).order_by(Completion.id.desc()))
        ended = update(Membership).where(Membership.member_id == clerk.people["说话的人"])
        await session.execute(ended.values(valid_until=DAY))
        for data in (f"undo:{report}", f"fix:{report}", "waiting", "status:1:list:0:0"):
            assert await converse(clerk.desk, session, by(clerk, "说话的人", "", pressed=data)) == []
        assert named(texts(await converse(clerk.desk, session, by(clerk, "说话的人", "9月情况")))) == set()


async def test_the_buttons_of_a_chat_that_was_left_give_nothing(clerk: School) -> None:
    async with undone(clerk.database) as session:
        await converse(clerk.desk, session, by(clerk, "说话的人", "退出"))
        undo = f"undo:{clerk.reports['甲一支部']}"
        assert await converse(clerk.desk, session, by(clerk, "说话的人", "", pressed=undo)) == []
        joined = select(Chat.id).where(Chat.member_id == clerk.people["说话的人"])
        assert await session.scalar(joined) is None


def test_a_forwarded_message_is_said_by_who_forwards_it() -> None:
    secretary, member = ({"id": number, "is_bot": False, "first_name": "x"} for number in (1, 2))
    message = Message.de_json(
        {
            "message_id": 5,
            "date": 1,
            "chat": {"id": 2, "type": "private"},
            "from": member,
            "forward_origin": {"type": "user", "date": 1, "sender_user": secretary},
            "text": "撤回",
        },
        None,
    )
    assert message is not None
    said = said_in(message, "school_bot", NOW)
    assert (said.sender, said.chat) == ("2", "2")
