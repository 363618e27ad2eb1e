"""Texts of festivals before the leader: asked a week before, agreed to, changed or stopped."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models.rules.people.approval import Policy
from models.tables.approvals import TextReview
from models.tables.deliveries import Delivery
from models.tables.records import Audit
from tests.chat.school import Chat, Voice

ASKED = "<b>请审定</b>"
SENDS, HOLDS = Policy(enabled=True), Policy(enabled=True, send_unanswered=False)
OWN = "{festival}将至，{organization}祝大家团圆，一盒月饼也不收。"
FILLED = "中秋节将至，许昌科技学校党委祝大家团圆，一盒月饼也不收。"


@pytest.fixture
def engine() -> str:
    """SQLite only: nothing here differs between the engines but what the store's tests cover."""
    return "sqlite"


def asks(chat: Chat, policy: Policy) -> None:
    """The settings say that the leader is asked."""
    rules = replace(chat.program.bot_context.rules, approval=policy)
    chat.program.bot_context.rules = chat.program.planner.rules = rules


async def asked(chat: Chat, policy: Policy) -> str:
    """A week before 中秋 the leader is asked; gives the question."""
    asks(chat, policy)
    await chat.reach("2026-09-17")
    return await festival(chat.leader)


async def festival(voice: Voice) -> str:
    """The next message about 中秋 or its text."""
    while "中秋" not in (text := await voice.hears()):
        pass
    return text


async def told(chat: Chat) -> list[str]:
    """What each of the three is told of 中秋 on its reminder day, by then."""
    for voice in (chat.member, chat.secretary, chat.leader):
        voice.forget()
    await chat.reach("2026-09-24")
    await chat.settled()
    return [
        str(message["text"]).split("\n")[1]
        for voice in (chat.member, chat.secretary, chat.leader)
        for message in voice._unheard()
        if "中秋节" in message["text"] and "廉洁提醒" in message["text"]
    ]


async def test_the_default_settings_ask_nobody(chat: Chat) -> None:
    await chat.reach("2026-09-17")
    with chat.program.database.read() as session:
        assert list(session.scalars(select(TextReview))) == []
    assert len(await told(chat)) == 3


async def test_what_the_leader_approves_is_sent_as_it_was_shown(chat: Chat) -> None:
    text = await asked(chat, HOLDS)
    assert text.startswith(
        "请审定 中秋节提醒，9月24日（周四） 09:00 发给许昌科技学校党委及下级：\n廉洁提醒 · 中秋思“正”\n"
    )
    assert text.endswith("\n没有同意就不发。")
    assert chat.leader.buttons() == ["同意", "修改", "不发"]
    key = chat.leader.heard["message_id"]
    await chat.leader.presses("同意")
    shown = await chat.leader.sees(key, "已同意")
    assert chat.leader.buttons() == ["修改", "不发"]
    lines = await told(chat)
    assert len(lines) == 3
    assert all(line in shown and line in text for line in lines)
    chat.leader.forget()
    await chat.leader.says("变更记录")
    assert "提醒文字 许昌科技学校党委 中秋节（2026年度） 同意" in await chat.leader.hears()


async def test_without_an_answer_the_setting_decides(chat: Chat) -> None:
    assert (await asked(chat, SENDS)).endswith("\n没有回音就照发。")
    asks(chat, HOLDS)
    assert await told(chat) == []
    asks(chat, SENDS)
    chat.program.planner.plan_reminders()
    await chat.settled()
    assert "中秋" in await festival(chat.member)


async def test_what_the_leader_stops_is_not_sent_and_a_late_approval_sends_it(chat: Chat) -> None:
    await asked(chat, SENDS)
    key = chat.leader.heard["message_id"]
    await chat.leader.presses("不发")
    await chat.leader.sees(key, "不发了")
    stopped = chat.leader.heard
    assert await told(chat) == []
    chat.leader.heard = stopped
    chat.set_clock("2026-09-24T10:30:00")
    await chat.leader.presses("同意")
    await chat.leader.sees(key, "已同意")
    chat.program.planner.plan_reminders()
    await chat.settled()
    assert "本应9点发出" in await festival(chat.member)


async def test_the_leader_writes_other_words(chat: Chat) -> None:
    await asked(chat, HOLDS)
    await chat.leader.presses("修改")
    assert "请回复这条消息" in await chat.leader.hears()
    await chat.leader.replies("{谁}好，一盒月饼也不收，祝大家团圆。")
    assert "没有改：花括号里只能写" in await chat.leader.hears()
    await chat.leader.replies("好的")
    assert "没有改：正文至少8个字" in await chat.leader.hears()
    await chat.leader.replies(OWN)
    shown = await chat.leader.hears()
    assert f"\n{FILLED}\n" in shown
    await chat.leader.presses("同意")
    await chat.leader.sees(chat.leader.heard["message_id"], "已同意")
    chat.leader.forget()
    await chat.leader.says("/preview")
    assert FILLED in await chat.leader.hears()
    assert await told(chat) == [FILLED] * 3
    with chat.program.database.read() as session:
        rows = list(session.scalars(select(Audit.after).where(Audit.action == "text").order_by(Audit.id)))
    assert [row["verdict"] for row in rows if row] == ["replaced", None, "approved"]
    assert rows[-1] is not None
    assert rows[-1]["text"] == OWN


async def test_a_text_that_is_changed_later_is_asked_about_at_once(chat: Chat) -> None:
    await asked(chat, HOLDS)
    await chat.leader.presses("同意")
    await chat.leader.sees(chat.leader.heard["message_id"], "已同意")
    chat.leader.forget()
    changed = [
        replace(each, texts=("换了一句话，月饼还是不收。",)) if each.name == "中秋节" else each
        for each in chat.program.bot_context.rules.observances
    ]
    rules = replace(chat.program.bot_context.rules, observances=changed)
    chat.program.bot_context.rules = chat.program.planner.rules = rules
    await chat.reach("2026-09-22")
    assert "换了一句话" in await festival(chat.leader)
    assert await told(chat) == []


async def test_it_is_checked_once_more_when_it_is_sent(chat: Chat) -> None:
    await asked(chat, HOLDS)
    question = chat.leader.heard
    await chat.leader.presses("同意")
    await chat.leader.sees(question["message_id"], "已同意")
    chat.set_clock("2026-09-24T09:00:00")
    await chat.program.ticks.stop()
    chat.program.planner.plan_reminders()
    with chat.program.database.begin() as session:
        day = Delivery.text.contains("廉洁提醒 · 中秋") & (Delivery.kind == "reminder")
        rows = list(session.scalars(select(Delivery).where(day)))
        for row in rows:  # as if each were about to be sent while the leader thinks better of it
            row.status, row.expires_at = "pending", chat.civil.now() + timedelta(days=1)
        session.execute(update(TextReview).values(verdict=None))
    await chat.program.dispatcher.drain()
    with chat.program.database.read() as session:
        texts = Delivery.id.in_([row.id for row in rows])
        assert set(session.scalars(select(Delivery.error).where(texts))) == {"the text is not approved"}


async def test_all_that_waits_can_be_approved_at_once(chat: Chat) -> None:
    asks(chat, replace(HOLDS, days_before=14))
    await chat.reach("2026-09-17")
    await festival(chat.leader)
    while "国庆" not in await chat.leader.hears():
        pass
    key = chat.leader.heard["message_id"]
    await chat.leader.presses("同意")
    assert "\n还等您审定：中秋节提醒（9月24日（周四） 09:00）。" in await chat.leader.sees(key, "已同意")
    assert chat.leader.buttons() == ["修改", "不发", "其余1条也同意"]
    await chat.leader.presses("其余1条也同意")
    assert await chat.leader.sees(key, "都已同意") == (
        "都已同意，照您看过的样子发：中秋节提醒（9月24日（周四） 09:00）。"
        "想法变了，发出之前还可以在各条下面点“修改”或“不发”。"
    )
    assert len(await told(chat)) == 3
