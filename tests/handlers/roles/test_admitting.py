"""Groups, codes, new telephones and the register: who lets in, by the table."""

import io
import re
from dataclasses import replace

import pytest
from openpyxl import Workbook

from handlers.core.messages import File
from handlers.router import create_request, wants_file
from models.register import confirmations, roster
from models.rules.roster.import_plan import plan_import
from models.rules.roster.sheets import read_csv
from models.tables.people import Chat, Confirmation
from tests.handlers.roles.school import DAY, School, texts
from tests.handlers.roles.table import BINDS, IMPORTS, INVITES, PLACES, allowed

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_groups_are_bound_where_the_table_says(school: School) -> None:
    binds = allowed(BINDS, school.role, school.place)
    for place in PLACES:
        asked = await school.changes(f"/bind {place}", Confirmation, group=True)
        assert asked == ({school.ids[place]} & {school.ids[each] for each in binds}), place
        answers = await school.says("/unbind", group=True)
        assert "已解除" not in texts(answers)


async def test_codes_are_given_where_the_table_says(school: School) -> None:
    invites = allowed(INVITES, school.role, school.place)
    for place in PLACES:
        for person in ("党员", "书记"):
            text = texts(await school.says(f"邀请 {place}的{person}"))
            assert bool(re.search("[A-Z0-9]{10}", text)) == (place in invites), (place, person)


async def test_nobody_is_given_the_code_of_one_who_may_more(school: School) -> None:
    """A leader who is a member of the speaker's branch as well is let in by admins only."""
    async with school.undone() as session:
        speaker = f"{school.name},{school.role},{school.place}"
        sheet = f"姓名,角色,组织\n{speaker}\n局领导,领导、党员,甲局、甲一支部\n"
        plan = plan_import(roster.load_roster(session), None, read_csv("p.csv", sheet.encode()), today=DAY)
        roster.apply_plan(session, plan, today=DAY)
        school.bot_context = replace(school.bot_context)  # a register that is taken back is kept nowhere
        text = texts(await school.hears("邀请 局领导"))
        assert bool(re.search("[A-Z0-9]{10}", text)) == (school.role == "管理员")


async def test_a_register_is_brought_in_by_admins_only(school: School) -> None:
    book = Workbook()
    book.active.append(["姓名", "角色", "组织"])
    book.active.append(["新来的", "党员", "甲一支部"])
    content = io.BytesIO()
    book.save(content)
    file = File("名册.xlsx", len(content.getvalue()), "key", content.getvalue())
    said = school.utterance("", file=file, attachment="document")
    async with school.undone() as session:
        assert wants_file(create_request(school.bot_context, session, said)) == (school.role in IMPORTS)
        answers = await school.answers(said)
        assert ("新来的" in texts(answers)) == (school.role in IMPORTS)


async def test_new_telephones_are_let_in_where_the_table_says(school: School) -> None:
    invites = allowed(INVITES, school.role, school.place)
    for place in PLACES:
        async with school.undone() as session:
            stranger = Chat(address="9999")
            session.add(stranger)
            session.flush()
            row = confirmations.add_confirmation(
                session, confirmations.PHONE, chat_id=stranger.id, member_id=school.people[f"{place}的党员"]
            )
            said = school.utterance("", pressed=f"phone:{row.id}:yes")
            answers = await school.answers(said)
            assert bool(answers) == (place in invites), place
            assert (stranger.member_id is not None) == (place in invites)
