"""Questions of substance are pointed to people, and messages say whom to ask."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from models.register.organizations import REGISTER
from models.tables.people import Organization
from models.tables.records import Audit
from tests.chat.school import Chat

ASK = "这个问题要由人来答复，我只管提醒和登记，请找下面的联系人。"


def set_contact(chat: Chat, organization: str, contact: str) -> None:
    """As an import with a contact would."""
    with chat.program.database.begin() as session:
        query = update(Organization).where(Organization.name == organization)
        session.execute(query.values(contact=contact))
        session.add(Audit(at=chat.civil.now(), action="import", subject=REGISTER))


@pytest.mark.parametrize("text", ["家长送的月饼能收吗", "我想举报", "党费怎么算？"])
async def test_a_question_of_substance_is_never_answered(chat: Chat, text: str) -> None:
    for voice, whom in (
        (chat.member, "有问题请问理科支部书记"),
        (chat.secretary, "有问题请联系我们"),
        (chat.leader, "有问题请问管理员"),
    ):
        await voice.says(text)
        assert await voice.hears() == ASK
        assert voice.signature == f"许昌科技学校党委 · {whom}"


async def test_the_contact_is_the_nearest_one_that_is_set(chat: Chat) -> None:
    bot_context = chat.program.bot_context
    bot_context.voice = replace(bot_context.voice, contact="有事请找党委办公室")
    await chat.member.says("家长送的月饼能收吗")
    assert await chat.member.hears() == ASK
    assert chat.member.signature == "许昌科技学校党委 · 有事请找党委办公室"
    set_contact(chat, "许昌科技学校党委", "纪检委员 0000-0001")
    await chat.member.says("家长送的月饼能收吗")
    assert await chat.member.hears() == ASK
    assert chat.member.signature == "许昌科技学校党委 · 纪检委员 0000-0001"
    set_contact(chat, "理科支部", "支部联系人 <b>0000-0002</b>")
    await chat.member.says("家长送的月饼能收吗")
    assert await chat.member.hears() == ASK
    assert chat.member.signature == "许昌科技学校党委 · 支部联系人 <b>0000-0002</b>"
    await chat.leader.says("家长送的月饼能收吗")
    assert await chat.leader.hears() == ASK
    assert chat.leader.signature == "许昌科技学校党委 · 纪检委员 0000-0001"


async def test_a_reminder_names_its_sender_and_the_contact_of_the_branch(chat: Chat) -> None:
    set_contact(chat, "理科支部", "支部联系人 0000-0002")
    await chat.reach("2026-09-24")
    chat.member.forget()
    await chat.reach("2026-09-30")
    await chat.member.hears()
    assert chat.member.signature == "许昌科技学校党委 · 支部联系人 0000-0002"


async def test_a_question_does_not_become_a_record(chat: Chat) -> None:
    await chat.secretary.says("主题党日能不能放到周末？")
    assert "已记录" not in await chat.secretary.hears()
