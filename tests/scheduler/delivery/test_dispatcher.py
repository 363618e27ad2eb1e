"""Deliveries reach their chats over HTTP, whatever the network answers."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import event
from sqlalchemy.orm import Session

from models.delivery import deliveries, rate_limits
from models.delivery.claims import LeasedDelivery
from models.tables.deliveries import Delivery
from models.tables.people import Chat
from scheduler.delivery.limits import Limits
from tests.network import FIRST_PERSON, NOW, QUICK, Post


async def test_what_is_due_is_sent_once(post: Post) -> None:
    chats = post.people(30)
    ids = [post.put(chat, f"早安{chat}") for chat in chats]
    assert await post.dispatcher().drain() == 30
    assert len(post.heard()) == len(set(post.heard())) == 30
    row = post.row(ids[0])
    assert (row.status, row.lease_by, row.error) == ("sent", None, None)
    assert row.message_key is not None
    assert await post.dispatcher().drain() == 0


async def test_nothing_is_sent_before_it_is_due(post: Post) -> None:
    [chat] = post.people(1)
    post.put(chat, "later", minutes=-1)
    await post.dispatcher().drain()
    assert post.heard() == []
    post.now = NOW + timedelta(minutes=1)
    await post.dispatcher().drain()
    assert len(post.heard()) == 1


async def test_two_processes_send_nothing_twice(post: Post) -> None:
    for chat in post.people(60):
        post.put(chat, f"for {chat}")
    await asyncio.gather(post.dispatcher().drain(), post.dispatcher().drain())
    assert len(post.heard()) == len(set(post.heard())) == 60


async def test_an_answer_goes_before_the_waves_of_its_chat(post: Post) -> None:
    [chat] = post.people(1)
    post.put(chat, "wave", minutes=5)
    answer = post.put(chat, "answer", kind="answer")
    dispatcher = post.dispatcher()
    await dispatcher.send_now([answer])
    await dispatcher.answered(10.0)
    assert [text for _, text in post.heard()] == ["answer"]
    await dispatcher.drain()
    assert [text for _, text in post.heard()] == ["answer", "wave"]


async def test_an_answer_leaves_after_three_transactions_and_is_marked_in_a_fourth(post: Post) -> None:
    [chat] = post.people(1)
    answer = post.put(chat, "answer", kind="answer")
    dispatcher = post.dispatcher()
    await dispatcher.drain(0.0)
    other = post.put(chat, "other", kind="answer")
    commits: list[int] = []
    event.listen(post.database.engine, "commit", lambda _connection: commits.append(len(post.heard())))
    await dispatcher.send_now([other])
    await dispatcher.answered(10.0)
    assert commits.count(1) <= 3, "the claim, the intent, and perhaps a look after dead processes"
    assert post.row(other).status == "sent"
    assert post.row(answer).status == "sent"


async def test_after_an_outage_the_newest_goes_first_and_each_chat_keeps_its_order(post: Post) -> None:
    old, new = post.people(2)
    post.put(old, "old", minutes=180)
    post.put(new, "newer", minutes=60)
    post.put(new, "newest", minutes=1)
    await post.dispatcher(replace(QUICK, in_flight=1)).drain()
    heard = [text for _, text in post.heard()]
    assert heard[0] == "newer"
    assert heard.index("newer") < heard.index("newest")


async def test_what_is_too_late_is_dropped_and_counted(post: Post) -> None:
    [chat] = post.people(1)
    late = post.put(chat, "late", minutes=60, expires_at=NOW - timedelta(minutes=1))
    await post.dispatcher().drain()
    assert post.heard() == []
    assert post.row(late).status == "expired"
    with post.database.read() as session:
        assert deliveries.count_by_status(session)["expired"] == 1


async def test_what_no_longer_matters_is_withdrawn_and_answers_are_not_asked_about(post: Post) -> None:
    one, other, third = post.people(3)
    done = post.put(one, "done")
    post.put(other, "open")
    post.put(third, "answer", kind="answer")
    asked: list[str] = []

    def still_matters(_session: Session, rows: Sequence[LeasedDelivery]) -> dict[int, str]:
        asked.extend(row.key for row in rows)
        return {row.id: "已办" for row in rows if row.key == "done"}

    await post.dispatcher(still_matters=still_matters).drain()
    assert sorted(text for _, text in post.heard()) == ["answer", "open"]
    assert sorted(asked) == ["done", "open"]
    row = post.row(done)
    assert (row.status, row.error) == ("withdrawn", "已办")


async def test_withdrawing_takes_back_what_is_pending_under_a_prefix(post: Post) -> None:
    chats = post.people(3)
    for chat, key in zip(chats, ["due:5:a", "due:5:b", "due:51:a"], strict=True):
        post.put(chat, key)
    with post.database.begin() as session:
        assert deliveries.withdraw(session, "due:5:") == 2
    await post.dispatcher().drain()
    assert [text for _, text in post.heard()] == ["due:51:a"]


async def test_a_refusal_for_haste_holds_only_its_own_chat(post: Post) -> None:
    slow, quick = post.people(2)
    held = post.put(slow, "held", minutes=5)
    post.put(quick, "through")
    post.telegram.faults.add("sendMessage", chat=FIRST_PERSON, retry_after=3600, times=1)
    await post.dispatcher().drain(patience=0.5)
    assert [text for _, text in post.heard()] == ["through"]
    row = post.row(held)
    assert (row.status, row.lease_by) == ("pending", None)
    with post.database.begin() as session:
        wait = row.next_at - post.database.now(session)
    assert 3500 < wait <= 3600
    later = post.put(slow, "later, and held too")
    await post.dispatcher(Limits()).drain(patience=0.5)
    assert [text for _, text in post.heard()] == ["through"]
    assert post.row(later).status == "pending"


def test_two_chats_refused_within_a_second_mean_the_bot(post: Post) -> None:
    chats = post.people(4)
    with post.database.begin() as session:
        refused = [
            rate_limits.record_refusal(session, chat, until=at + 5.0, now=at)
            for chat, at in zip(chats, (10.0, 11.5, 12.4, 14.0), strict=True)
        ]
        assert refused == [False, False, True, False]
        assert rate_limits.get_bot_blocked_until(session) == 12.4 + 5.0


async def test_while_the_bot_has_to_wait_nothing_leaves(post: Post) -> None:
    [chat] = post.people(1)
    row = post.put(chat, "later")
    with post.database.begin() as session:
        rate_limits.block_bot(session, until=post.database.now(session) + 3600)
    await post.dispatcher().drain(patience=0.1)
    assert post.heard() == []
    with post.database.begin() as session:
        rate_limits.block_bot(session, until=0.0)
    await post.dispatcher().drain()
    assert post.row(row).status == "sent"


async def test_a_chat_that_has_blocked_the_bot_is_suspended_and_comes_back(post: Post) -> None:
    gone, here = post.people(2)
    first = post.put(gone, "first", minutes=5)
    second = post.put(gone, "second")
    post.put(here, "unharmed")
    post.telegram.block(FIRST_PERSON)
    await post.dispatcher().drain()
    assert [text for _, text in post.heard()] == ["unharmed"]
    assert {post.row(row).status for row in (first, second)} == {"dead"}
    with post.database.begin() as session:
        chat = session.get_one(Chat, gone)
        assert "blocked" in (chat.suspended_why or "")
        deliveries.resume_chat(session, gone)
    post.telegram.unblock(FIRST_PERSON)
    post.put(gone, "welcome back")
    await post.dispatcher().drain()
    assert post.heard()[-1] == (FIRST_PERSON, "welcome back")


async def test_a_suspended_chat_gets_nothing(post: Post) -> None:
    [chat] = post.people(1)
    with post.database.begin() as session:
        deliveries.suspend_chat(session, chat, why="退出", at=NOW)
    row = post.put(chat, "hello")
    await post.dispatcher().drain()
    assert post.heard() == []
    assert (post.row(row).status, post.row(row).error) == ("dead", "退出")


async def test_a_chat_that_does_not_exist_and_a_deleted_account_are_suspended(post: Post) -> None:
    _, gone = post.people(2)
    [nowhere] = post.chats([("999999", "private")])
    post.telegram.deactivate(FIRST_PERSON + 1)
    rows = [post.put(chat, f"for {chat}") for chat in (gone, nowhere)]
    await post.dispatcher().drain()
    assert [post.row(row).status for row in rows] == ["dead", "dead"]
    with post.database.read() as session:
        assert [session.get_one(Chat, chat).suspended_at for chat in (gone, nowhere)] == [NOW, NOW]


async def test_a_refused_message_dies_alone(post: Post) -> None:
    [chat] = post.people(1)
    broken = post.put(chat, "<b>broken", minutes=5)
    post.put(chat, "whole")
    await post.dispatcher().drain()
    assert [text for _, text in post.heard()] == ["whole"]
    row = post.row(broken)
    assert row.status == "dead"
    assert "parse" in (row.error or "")


async def test_a_group_that_became_a_supergroup_is_followed(post: Post) -> None:
    post.telegram.add_user(1, "某人")
    post.telegram.add_group(-55, "支部", [1])
    [group] = post.chats([("-55", "group")])
    moved_to = post.telegram.migrate_group(-55)
    post.put(group, "to the group")
    await post.dispatcher().drain()
    assert post.heard() == [(moved_to, "to the group")]
    with post.database.read() as session:
        chat = session.get_one(Chat, group)
        assert (chat.address, chat.kind) == (str(moved_to), "supergroup")


async def test_an_unchanged_edit_counts_as_sent(post: Post) -> None:
    [chat] = post.people(1)
    first = post.put(chat, "text")
    await post.dispatcher().drain()
    key = post.row(first).message_key
    edits = [post.put(chat, f"edit {number}", edits=key) for number in (1, 2)]
    with post.database.begin() as session:
        for row in edits:
            session.get_one(Delivery, row).text = "new text"
    await post.dispatcher().drain()
    assert [(post.row(row).status, post.row(row).message_key) for row in edits] == [("sent", key)] * 2
    assert post.telegram.history(FIRST_PERSON)[-1]["text"] == "new text"


async def test_buttons_and_replies_arrive(post: Post) -> None:
    [chat] = post.people(1)
    asked = post.telegram.say(FIRST_PERSON, FIRST_PERSON, "开了，23人")
    post.put(
        chat,
        "已记录",
        kind="answer",
        reply_to=str(asked),
        buttons=[[["改一下", "edit:1"], ["撤回", "undo:1"]]],
    )
    await post.dispatcher().drain()
    message = post.telegram.history(FIRST_PERSON)[-1]
    assert message["reply_to_message"]["message_id"] == asked
    assert [button["callback_data"] for button in message["reply_markup"]["inline_keyboard"][0]] == [
        "edit:1",
        "undo:1",
    ]
    with post.database.read() as session:
        found = deliveries.find_by_message(session, chat, str(message["message_id"]))
    assert found is not None
    assert found.key == "已记录"


async def test_stopping_finishes_what_is_in_flight_and_gives_back_the_rest(post: Post) -> None:
    ids = [post.put(chat, f"for {chat}") for chat in post.people(6)]
    post.telegram.latency = 0.3
    dispatcher = post.dispatcher(replace(QUICK, in_flight=2))
    draining = asyncio.create_task(dispatcher.drain())
    await post.telegram.wait_change(post.telegram.version)
    await dispatcher.stop()
    await draining
    states = sorted([post.row(row).status for row in ids])
    assert states == ["pending"] * 4 + ["sent"] * 2
    assert len(post.heard()) == 2


async def test_sending_is_paced_so_that_no_message_is_refused(post: Post) -> None:
    chats = post.people(45)
    for chat in chats:
        post.put(chat, f"for {chat}")
    post.put(chats[0], "and one more")
    post.telegram.limits.enforced = True
    # Far enough below 30 a second for a machine that stalls; two that did not share it would be above.
    calm = Limits(per_second=20)
    await asyncio.gather(post.dispatcher(calm).drain(), post.dispatcher(calm).drain())
    assert len(post.heard()) == 46
    assert post.telegram.accepted.codes[429] == 0
