"""A person who has fallen behind sends six reports in one moment, with the limits of production."""

from bot.demo.school import SECRETARY
from scheduler.delivery.limits import SINGLE_PROCESS
from tests.chat.conftest import open_program
from tests.chat.school import Chat

ACTIVITIES = ("主题党日", "支部党员大会", "支部委员会", "党课", "党小组会", "组织生活会")
LONGEST_S = 6.0


async def test_six_reports_in_one_moment_are_answered_in_order_within_six_seconds(school: str) -> None:
    async with open_program(school, SINGLE_PROCESS) as (program, telegram, clock):
        telegram.people[SECRETARY.user_id].started = True
        await program.start()
        chat = Chat(telegram, program, clock)
        begun = telegram.clock()
        for activity in ACTIVITIES:
            await chat.secretary.says(f"昨天{activity}，应到25实到23")
        texts = [await chat.secretary.hears() for _ in ACTIVITIES]
        took = telegram.clock() - begun
        await program.stop()
    assert [activity in text for activity, text in zip(ACTIVITIES, texts, strict=True)] == [True] * 6, texts
    assert took < LONGEST_S
