"""Joining codes on both databases: one a person, used once, and what becomes of the chats."""

import asyncio
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from models.delivery import deliveries
from models.register import invitations, members, roster
from models.register.invitations import ALPHABET, IssuedInvitation, JoinResult
from models.rules.deliveries import DeliveryKind, NewDelivery
from models.rules.roster.import_plan import plan_import
from models.rules.roster.sheets import read_csv
from models.storage.database import Database
from models.tables.deliveries import Delivery
from models.tables.people import Chat, Invitation

DAY = date(2026, 9, 1)
NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)
CIVIL = datetime(2026, 9, 1, 1, tzinfo=UTC)
SCHOOL = """名称,类型,上级,别名,督导组
学校党委,党委,,,
理科支部,支部,学校党委,,第一督导组
文科支部,支部,学校党委,,
"""
STAFF = """姓名,角色,组织
甲同志,领导,学校党委
乙同志,书记、党员,理科支部
丙同志,党员,理科支部、文科支部
丁同志,督导,第一督导组
"""


@pytest.fixture
def school(database: Database) -> Database:
    bring_in(database, STAFF)
    return database


def bring_in(database: Database, staff: str) -> None:
    with database.begin() as session:
        sheets = read_csv("o.csv", SCHOOL.encode()), read_csv("p.csv", staff.encode())
        plan = plan_import(roster.load_roster(session), *sheets, today=DAY)
        roster.apply_plan(session, plan, today=DAY)


def codes(
    database: Database, now: datetime = NOW, *, joined_too: bool = False
) -> dict[str, IssuedInvitation]:
    with database.begin() as session:
        found = invitations.invite_all(session, now=now, joined_too=joined_too)
    return {row.name: row for row in found}


def joins(
    database: Database, code: str, address: str, now: datetime = NOW, civil: datetime = CIVIL
) -> JoinResult | None:
    with database.begin() as session:
        return invitations.redeem_code(
            session, code=code, channel="telegram", address=address, now_civil=civil, now_machine=now
        )


def who(database: Database, address: str) -> str | None:
    with database.read() as session:
        found = members.find_by_chat(session, channel="telegram", address=address)
    return found and found.name


def test_everybody_gets_one_code_with_role_and_place_in_words(school: Database) -> None:
    found = list(codes(school).values())
    assert [(row.name, row.role, row.organization) for row in found] == [
        ("甲同志", "领导", "学校党委"),
        ("乙同志", "书记、党员", "理科支部"),
        ("丙同志", "党员", "理科支部、文科支部"),
        ("丁同志", "督导", "第一督导组"),
    ]
    assert len({row.code for row in found}) == 4
    assert all(re.fullmatch(f"[{ALPHABET}]{{8,}}", row.code) for row in found)


def test_the_open_codes_are_given_again(school: Database) -> None:
    assert codes(school) == codes(school, NOW + timedelta(days=29))


async def test_two_callers_at_once_get_the_same_codes(school: Database) -> None:
    first, second = await asyncio.gather(*(asyncio.to_thread(codes, school) for _ in range(2)))
    assert first == second


def test_an_expired_code_is_replaced_and_helps_nobody(school: Database) -> None:
    old = codes(school)["乙同志"].code
    late = NOW + timedelta(days=30)
    assert joins(school, old, "1", late) is None
    new = codes(school, late)["乙同志"].code
    assert new != old
    assert joins(school, new, "1", late) is not None


def test_a_code_ties_the_chat_to_the_person(school: Database) -> None:
    outcome = joins(school, codes(school)["丙同志"].code, "7")
    assert outcome is not None
    assert outcome.name == "丙同志"
    assert len(outcome.organizations) == 2
    assert who(school, "7") == "丙同志"
    with school.read() as session:
        [joined] = members.list_reachable(session)
    assert (joined.chat_id, joined.address, joined.joined_at) == (outcome.chat_id, "7", CIVIL)


@pytest.mark.parametrize(
    "write", [str.lower, lambda code: f" {code[:5]}-{code[5:]} ", lambda code: code + "。"]
)
def test_a_code_may_be_typed_as_people_type(school: Database, write: object) -> None:
    assert callable(write)
    assert joins(school, write(codes(school)["乙同志"].code), "1") is not None


def test_a_code_is_used_once_but_the_same_chat_may_press_again(school: Database) -> None:
    code = codes(school)["乙同志"].code
    first = joins(school, code, "1")
    assert joins(school, code, "1") == first
    assert joins(school, code, "2") is None
    assert who(school, "2") is None


async def test_of_two_who_come_with_one_code_at_once_one_joins(school: Database) -> None:
    code = codes(school)["乙同志"].code
    found = await asyncio.gather(
        *(asyncio.to_thread(joins, school, code, str(number)) for number in range(5))
    )
    assert len([outcome for outcome in found if outcome is not None]) == 1


@pytest.mark.parametrize("code", ["", "AAAAAAAAAA", "乙同志", "' OR 1=1 --", "%", "0" * 5000])
def test_a_wrong_code_is_just_wrong(school: Database, code: str) -> None:
    codes(school)
    assert joins(school, code, "1") is None
    with school.read() as session:
        assert list(session.scalars(select(Chat))) == []


def test_who_has_joined_is_left_out_unless_asked_for(school: Database) -> None:
    joins(school, codes(school)["乙同志"].code, "1")
    assert "乙同志" not in codes(school)
    assert "乙同志" in codes(school, joined_too=True)


def test_a_new_telephone_takes_over_and_the_old_chat_is_released(school: Database) -> None:
    old = joins(school, codes(school)["乙同志"].code, "1")
    assert old is not None
    with school.begin() as session:
        deliveries.enqueue(
            session,
            NewDelivery(key="k", chat_id=old.chat_id, kind=DeliveryKind.NOTICE, text="一", due_at=CIVIL),
        )
    new = joins(school, codes(school, joined_too=True)["乙同志"].code, "2")
    assert new is not None
    assert [who(school, "1"), who(school, "2")] == [None, "乙同志"]
    with school.read() as session:
        [row] = session.scalars(select(Delivery))
    assert (row.status, row.chat_id) == ("pending", new.chat_id)


def test_a_chat_that_changes_hands_keeps_no_message_of_the_first(school: Database) -> None:
    found = codes(school)
    first = joins(school, found["乙同志"].code, "1")
    assert first is not None
    with school.begin() as session:
        deliveries.enqueue(
            session,
            NewDelivery(key="k", chat_id=first.chat_id, kind=DeliveryKind.NOTICE, text="一", due_at=CIVIL),
        )
    joins(school, found["丙同志"].code, "1")
    assert who(school, "1") == "丙同志"
    with school.read() as session:
        [row] = session.scalars(select(Delivery))
    assert row.status == "withdrawn"


def test_leaving_forgets_the_chat_and_a_stranger_has_nothing_to_leave(school: Database) -> None:
    joins(school, codes(school)["乙同志"].code, "1")
    with school.begin() as session:
        assert invitations.leave_chat(session, channel="telegram", address="1")
    assert who(school, "1") is None
    with school.begin() as session:
        assert not invitations.leave_chat(session, channel="telegram", address="1")
    assert "乙同志" in codes(school)


def test_a_suspended_chat_comes_back_with_a_code(school: Database) -> None:
    joins(school, codes(school)["乙同志"].code, "1")
    with school.begin() as session:
        chat = session.scalar(select(Chat))
        assert chat is not None
        deliveries.suspend_chat(session, chat.id, why="blocked", at=CIVIL)
    joins(school, codes(school, joined_too=True)["乙同志"].code, "1")
    with school.read() as session:
        assert [row.person.name for row in members.list_reachable(session)] == ["乙同志"]


def test_the_code_of_somebody_who_left_helps_nobody(school: Database) -> None:
    code = codes(school)["乙同志"].code
    bring_in(school, STAFF.replace("乙同志,书记、党员,理科支部\n", ""))
    assert joins(school, code, "1") is None
    assert "乙同志" not in codes(school)


def test_expiry_follows_the_setting_and_the_machines_clock(school: Database) -> None:
    with school.begin() as session:
        invitations.invite_all(session, now=NOW, valid_days=7)
    with school.read() as session:
        rows = list(session.scalars(select(Invitation)))
    assert {row.expires_at for row in rows} == {NOW + timedelta(days=7)}
