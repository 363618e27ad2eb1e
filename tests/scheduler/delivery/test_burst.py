"""What one person sends in one moment is answered in order, within the limits of production.

No tick runs: whatever leaves after a wait has left because the dispatcher woke of itself, but for the
last test, which drains.
"""

import asyncio

import pytest

from models.delivery import rate_limits
from scheduler.delivery.limits import SINGLE_PROCESS
from tests.network import FIRST_PERSON, Post

ONE_SECOND = SINGLE_PROCESS.chat_seconds or 0.0
PATIENCE_S = 20.0
REPORTS = [f"已记录{number}" for number in range(6)]


async def wait_heard(post: Post, address: int, count: int) -> list[str]:
    """The texts that a chat has got, once there are so many."""
    version = 0
    async with asyncio.timeout(PATIENCE_S):
        while len(texts := [text for chat, text in post.heard() if chat == address]) < count:
            version = await post.telegram.wait_change(version, 1.0)
    return texts


async def test_six_answers_to_one_person_leave_in_order_and_five_of_them_without_a_wait(post: Post) -> None:
    [chat] = post.people(1)
    ids = [post.put(chat, text, kind="answer") for text in REPORTS]
    dispatcher = post.dispatcher(SINGLE_PROCESS)
    begun = post.telegram.clock()
    await dispatcher.send_now(ids)
    assert await wait_heard(post, FIRST_PERSON, 6) == REPORTS
    at = [send.at - begun for send in post.telegram.accepted.sends]
    await dispatcher.stop()
    # A row whose chat has to wait is put back until a machine second; these were not.
    assert [post.row(row).next_at for row in ids[: SINGLE_PROCESS.burst]] == [0.0] * SINGLE_PROCESS.burst
    assert at[5] - at[0] >= ONE_SECOND
    assert at[5] < 6.0


async def test_answers_that_come_one_by_one_are_as_quick(post: Post) -> None:
    [chat] = post.people(1)
    dispatcher = post.dispatcher(SINGLE_PROCESS)
    ids = []
    for text in REPORTS:
        ids.append(post.put(chat, text, kind="answer"))
        await dispatcher.send_now(ids[-1:])
    assert await wait_heard(post, FIRST_PERSON, 6) == REPORTS
    await dispatcher.stop()
    assert [post.row(row).next_at for row in ids[: SINGLE_PROCESS.burst]] == [0.0] * SINGLE_PROCESS.burst


async def test_the_budget_of_a_burst_is_paid_back_a_second_for_each_message(post: Post) -> None:
    [chat] = post.people(1)
    dispatcher = post.dispatcher(SINGLE_PROCESS)
    with post.database.begin() as session:
        before = post.database.now(session)
    await dispatcher.send_now([post.put(chat, text, kind="answer") for text in REPORTS[:5]])
    await wait_heard(post, FIRST_PERSON, 5)
    await dispatcher.stop()
    with post.database.begin() as session:
        budget = rate_limits.load_budgets(session, [chat])[chat]
        assert budget.slot_at >= before + 5 * ONE_SECOND


@pytest.mark.parametrize("longer_first", [True, False])
async def test_one_chat_that_waits_long_keeps_no_other_waiting(post: Post, longer_first: bool) -> None:
    quick, slow = post.people(2)
    with post.database.begin() as session:
        now = post.database.now(session)
        rate_limits.record_refusal(session, slow, until=now + 3600.0, now=now)
        rate_limits.store_budgets(session, {quick: (now + 1.0 + SINGLE_PROCESS.head_start, None)})
    dispatcher = post.dispatcher(SINGLE_PROCESS)
    for chat in (slow, quick) if longer_first else (quick, slow):
        await dispatcher.send_now([post.put(chat, f"for {chat}", kind="answer")])
        await dispatcher.answered(PATIENCE_S)  # it is put back: nothing has left
    assert await wait_heard(post, FIRST_PERSON, 1) == [f"for {quick}"]
    await dispatcher.stop()
    assert len(post.heard()) == 1


async def test_two_chats_that_wait_for_moments_of_their_own_are_both_served(post: Post) -> None:
    one, other = post.people(2)
    with post.database.begin() as session:
        now = post.database.now(session)
        for chat, seconds in ((one, 0.5), (other, 1.0)):
            rate_limits.store_budgets(session, {chat: (now + seconds + SINGLE_PROCESS.head_start, None)})
    dispatcher = post.dispatcher(SINGLE_PROCESS)
    await dispatcher.send_now([post.put(chat, f"for {chat}", kind="answer") for chat in (one, other)])
    await wait_heard(post, FIRST_PERSON, 1)
    assert await wait_heard(post, FIRST_PERSON + 1, 1) == [f"for {other}"]
    await dispatcher.stop()


async def test_after_a_refusal_for_haste_nothing_leaves_for_the_chat_before_its_moment(post: Post) -> None:
    [chat] = post.people(1)
    post.telegram.faults.add("sendMessage", chat=FIRST_PERSON, retry_after=2, times=1)
    with post.database.begin() as session:
        before = post.database.now(session)
    dispatcher = post.dispatcher(SINGLE_PROCESS)
    begun = post.telegram.clock()
    ids = [post.put(chat, text, kind="answer") for text in REPORTS]
    await dispatcher.drain(patience=PATIENCE_S)
    assert [text for _, text in post.heard()] == REPORTS
    assert post.telegram.accepted.sends[0].at - begun >= 2.0
    assert post.row(ids[0]).next_at >= before + 2.0
    assert post.telegram.accepted.codes[429] == 1, "nothing was tried before its moment"
