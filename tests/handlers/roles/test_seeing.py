"""Status, records, history, calendars and previews: who sees what, by the table."""

import pytest

from handlers.core.messages import IncomingMessage
from tests.handlers.roles.school import NOW, School, texts
from tests.handlers.roles.table import (
    BUREAU,
    HISTORY,
    OF_OVERSIGHT,
    PLACES,
    PREVIEWS,
    SEES,
    above,
    allowed,
    below,
    named,
    told,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_status_and_records_are_seen_where_the_table_says(school: School) -> None:
    sees = allowed(SEES, school.role, school.place, supervisor=OF_OVERSIGHT)
    for place in PLACES:
        for question in (f"{place}9月情况", f"/status {place} 9月记录", f"/status {place} 9月"):
            text = texts(await school.says(question))
            assert told(text) <= sees
            assert named(text) <= above(sees) | {place}, question
            if place in sees:
                assert "您看不到" not in text, question
            elif place != BUREAU and not sees & below(place):
                assert text.startswith(f"您看不到{place}的情况。"), question


async def test_what_is_asked_without_a_name_stays_inside(school: School) -> None:
    sees = allowed(SEES, school.role, school.place, supervisor=OF_OVERSIGHT)
    for question in (
        "状态",
        "9月情况",
        "/status",
        "日历",
        "/calendar",
        "帮助",
        "/help",
        "已阅",
        "9月记录",
        "逾期",
        "缺什么",
    ):
        text = texts(await school.says(question))
        assert named(text) <= above(sees), question
        assert told(text) <= sees


async def test_a_status_of_another_shows_only_what_one_sees_oneself(school: School) -> None:
    sees = allowed(SEES, school.role, school.place, supervisor=OF_OVERSIGHT)
    async with school.undone():
        sender = school.address("甲局的书记")
        asked = IncomingMessage(sender=sender, chat=sender, text="9月情况", at=NOW, message_key="5")
        shown = await school.answers(asked)
        data = [button.data for answer in shown for row in answer.buttons for button in row]
        assert data
        for each in data:
            answers = await school.hears(pressed=each)
            assert told(texts(answers)) <= sees, each
            assert named(texts(answers)) <= above(sees), each


async def test_what_will_be_said_is_seen_where_the_table_says(school: School) -> None:
    previews = allowed(PREVIEWS, school.role, school.place)
    for answers in (
        await school.says("预览"),
        await school.says(pressed="preview:7:0"),
        await school.says(pressed="preview:7:1"),
    ):
        assert named(texts(answers)) <= above(previews)
    assert bool(named(texts(await school.says("/preview 14"))) & previews) == bool(previews)


async def test_the_calendar_shows_what_the_table_says(school: School) -> None:
    sees = allowed(SEES, school.role, school.place, supervisor=OF_OVERSIGHT)
    for answers in (
        await school.says("日历"),
        *[await school.says(f"日历 {place}") for place in PLACES],
        await school.says(pressed="calendar:2026-10"),
    ):
        assert named(texts(answers)) <= above(sees)


async def test_the_history_is_read_where_the_table_says(school: School) -> None:
    reads = allowed(HISTORY, school.role, school.place)
    for place in PLACES:
        text = texts(await school.says(f"/history {place}"))
        assert ("登记" in text) == (place in reads), place
        answers = await school.says(pressed=f"history:{school.ids[place]}:999")
        assert bool(answers) == (place in reads), place
    everything = texts(await school.says("变更记录"))
    lines = [line for line in everything.split("\n") if "登记" in line]
    assert {place for place in PLACES if any(f" {place} " in line for line in lines)} <= reads
