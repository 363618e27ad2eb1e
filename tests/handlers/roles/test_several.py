"""A clerk of several organizations, two who report for one, and what an ended role or chat still gives."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import select, update

from handlers.core.context import BotContext
from handlers.core.messages import IncomingMessage
from models.rules.people.roles import Role
from models.tables.people import Chat, Membership
from models.tables.records import Audit, Completion
from tests.handlers.roles.school import DAY, NOW, VOICES, School, Town, texts, undone
from tests.handlers.roles.table import PLACES, named, told

CLERK = VOICES["干事", "甲一支部"]
OWN = {"甲一支部", "甲一小组", "乙一支部", "乙一小组"}
pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def two(town: Town, bot_context: BotContext) -> AsyncIterator[School]:
    """Who speaks is clerk of two branches of two schools."""
    async with undone(town.database) as session:
        school = School(town, bot_context, session, ("干事", "甲一支部"))
        beside = Membership(organization_id=school.ids["乙一支部"], role=Role.CLERK, valid_from=DAY)
        beside.member_id = school.people[school.name]
        session.add(beside)
        session.flush()
        yield school


@pytest_asyncio.fixture(loop_scope="session")
async def clerk(town: Town, bot_context: BotContext) -> AsyncIterator[School]:
    """Who speaks is clerk of a branch that has a secretary, too."""
    async with undone(town.database) as session:
        yield School(town, bot_context, session, ("干事", "甲一支部"))


def by(school: School, name: str, text: str, **more: object) -> IncomingMessage:
    """What somebody of the school says in private."""
    address = school.address(name)
    return IncomingMessage(address, address, text, NOW, "88", **more)  # type: ignore[arg-type]


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
    [(CLERK, "甲一支部的书记"), ("甲一支部的书记", CLERK)],
    ids=["clerk", "secretary"],
)
async def test_each_corrects_what_the_other_reported(clerk: School, first: str, second: str) -> None:
    async with clerk.undone() as session:
        await clerk.answers(by(clerk, first, "9月18日党课，应到25实到23"))
        heard = texts(await clerk.answers(by(clerk, second, "更正党课实到24")))
        assert heard.startswith("已更正 甲一支部 · 党课")
        row = session.scalar(select(Completion).order_by(Completion.id.desc()))
        assert row is not None
        assert (row.requirement, row.present, row.reporter_id) == ("党课", 24, clerk.people[second])
        last = session.scalar(select(Audit).order_by(Audit.id.desc()))
        assert last is not None
        assert (last.action, last.by_member_id) == ("revise", clerk.people[second])


@pytest.mark.parametrize("name", ["甲一支部的党员", "甲二支部的书记", "甲总支的书记"])
async def test_nobody_else_corrects_it(clerk: School, name: str) -> None:
    async with clerk.undone() as session:
        await clerk.answers(by(clerk, clerk.name, "9月18日党课，应到25实到23"))
        row = session.scalar(select(Completion).order_by(Completion.id.desc()))
        assert row is not None
        for text in ("更正党课实到24", "更正甲一支部党课实到24"):
            await clerk.answers(by(clerk, name, text))
        assert (row.present, row.superseded_at) == (23, None)


async def test_the_buttons_of_a_role_that_has_ended_give_nothing(clerk: School) -> None:
    async with clerk.undone() as session:
        await clerk.answers(by(clerk, clerk.name, "9月18日党课，应到25实到23"))
        report = session.scalar(select(Completion.report_id).order_by(Completion.id.desc()))
        ended = update(Membership).where(Membership.member_id == clerk.people[clerk.name])
        session.execute(ended.values(valid_until=DAY))
        for data in (f"undo:{report}", f"fix:{report}", "waiting", "status:1:list:0:0"):
            assert await clerk.answers(by(clerk, clerk.name, "", pressed=data)) == []
        assert named(texts(await clerk.answers(by(clerk, clerk.name, "9月情况")))) == set()


async def test_the_buttons_of_a_chat_that_was_left_give_nothing(clerk: School) -> None:
    async with clerk.undone() as session:
        await clerk.answers(by(clerk, clerk.name, "退出"))
        undo = f"undo:{clerk.reports['甲一支部']}"
        assert await clerk.answers(by(clerk, clerk.name, "", pressed=undo)) == []
        joined = select(Chat.id).where(Chat.member_id == clerk.people[clerk.name])
        assert session.scalar(joined) is None
