"""已阅, as a transcript: one button that says thank you, and numbers for leaders without a name."""

from sqlalchemy import select

from handlers.leaders import read_receipts
from models.tables.closings import Receipt
from tests.chat.school import Chat


async def test_a_reminder_is_read_once_and_leaders_see_numbers_only(chat: Chat) -> None:
    chat.program.planner.receipt = read_receipts.build_receipt_rows()
    for person in (chat.member, chat.secretary, chat.leader):
        person.forget()
    chat.set_clock("2026-09-23T20:00:00")
    await chat.reach("2026-09-24")
    text = await chat.member.hears()
    assert text.startswith("廉洁提醒")
    assert chat.member.buttons() == ["已阅"]
    number = chat.member.heard["message_id"]
    await chat.member.presses("已阅")
    await chat.until(lambda: [m for m in chat.member._all() if "谢谢" in str(m.get("reply_markup"))])
    assert await chat.member.sees(number, "廉洁提醒") == text
    assert chat.member.buttons() == ["已阅，谢谢"]
    assert "已经用过" in str(await chat.member.presses("已阅，谢谢"))
    with chat.program.database.read() as session:
        assert len(list(session.scalars(select(Receipt)))) == 1
    await chat.leader.hears()
    await chat.leader.says("已阅")
    assert await chat.leader.hears() == (
        "已阅（只有人数，不点名；没点不等于没看）\n9月24日 09:00：发出 3，已阅 1"
    )


async def test_without_the_setting_a_reminder_has_no_button(chat: Chat) -> None:
    assert chat.program.settings.reminders.receipts is False
    chat.set_clock("2026-09-23T20:00:00")
    chat.member.forget()
    await chat.reach("2026-09-24")
    await chat.member.hears()
    assert chat.member.buttons() == []
    chat.member.forges("read")
    assert await chat.member.hears_nothing()
