"""What may have arrived, and what a crash left: repeated with a label or left, and no row buries others."""

from dataclasses import replace
from datetime import timedelta

from models.delivery import claims, deliveries, incidents, restore_gap, transitions
from models.tables.deliveries import Delivery
from scheduler.delivery.outcomes import REPEAT_LABEL
from tests.network import FIRST_PERSON, NOW, QUICK, Post


async def uncertain(post: Post, **fault: object) -> dict[str, Delivery]:
    """Three rows of different policies whose first try ends in the fault, then time for a second one."""
    chats = post.people(3)
    ids = {
        policy: post.put(chat, policy, policy=policy)
        for chat, policy in zip(chats, ("resend", "skip", "ask"), strict=True)
    }
    post.telegram.faults.add("sendMessage", times=3, **fault)
    await post.dispatcher().drain()
    return {policy: post.row(row) for policy, row in ids.items()}


async def test_an_answer_that_never_came_leaves_it_to_the_policy(post: Post) -> None:
    rows = await uncertain(post, drop="after")
    assert {policy: row.status for policy, row in rows.items()} == {
        "resend": "sent", "skip": "uncertain", "ask": "uncertain",
    }  # fmt: skip
    heard = sorted(text for _, text in post.heard())
    assert heard == sorted(["resend", "skip", "ask", REPEAT_LABEL + "resend"])
    with post.database.begin() as session:
        [open_one] = deliveries.list_uncertain(session)
        assert open_one.policy == "ask"
        assert deliveries.decide_uncertain(session, open_one.id, resend=True)
        assert deliveries.count_by_status(session)["doubtful"] == 3
    await post.dispatcher().drain()
    assert post.heard()[-1][1] == REPEAT_LABEL + "ask"


async def test_a_server_error_is_no_certain_refusal(post: Post) -> None:
    rows = await uncertain(post, status=502)
    assert {policy: row.status for policy, row in rows.items()} == {
        "resend": "sent", "skip": "uncertain", "ask": "uncertain",
    }  # fmt: skip


async def test_a_slow_server_is_waited_for_and_then_doubted(post: Post) -> None:
    rows = await uncertain(post, stall=60.0)
    assert rows["resend"].doubts == 1
    assert [text for _, text in post.heard()].count("skip") == 1


async def test_an_edit_is_repeated_without_a_label(post: Post) -> None:
    [chat] = post.people(1)
    first = post.put(chat, "text")
    await post.dispatcher().drain()
    edit = post.put(chat, "new text", edits=post.row(first).message_key, policy="skip")
    post.telegram.faults.add("editMessageText", drop="after", times=1)
    await post.dispatcher().drain()
    assert post.row(edit).status == "sent"
    assert post.telegram.history(FIRST_PERSON)[-1]["text"] == "new text"


async def test_a_request_whose_time_is_over_is_not_written(post: Post) -> None:
    [chat] = post.people(1)
    row = post.put(chat, "late")
    assert await post.dispatcher(replace(QUICK, lease=10.0, timeout=15.0)).run_once() == 1
    assert post.heard() == []
    assert (post.row(row).status, post.row(row).doubts) == ("pending", 0)
    await post.dispatcher().drain()
    assert post.heard() == [(FIRST_PERSON, "late")]


def crash(post: Post, *, intended: bool) -> None:
    """A process claims what is due alone or together, perhaps begins to send, and is no more."""
    with post.database.begin() as session:
        rows = claims.claim(session, me="dead", due=NOW, now=1e12, until=-1.0, many=10)
        if not rows:
            found = claims.claim_alone(session, me="dead", due=NOW, now=1e12, until=-1.0)
            rows = [found] if found else []
        assert rows
        if intended:
            transitions.commit_intent(session, [row.id for row in rows], me="dead", until=-1.0)
    with post.database.begin() as session:
        transitions.recover_deliveries(session, now=0.0)


async def test_rows_a_crash_left_are_sent_and_labelled_only_when_they_may_have_left(post: Post) -> None:
    one, other = post.people(2)
    post.put(other, "sending")
    crash(post, intended=True)
    leased = post.put(one, "leased")
    crash(post, intended=False)
    await post.dispatcher().drain()
    assert sorted(text for _, text in post.heard()) == sorted(["leased", REPEAT_LABEL + "sending"])
    assert not post.row(leased).alone


async def test_many_crashes_after_the_claim_bury_no_row(post: Post) -> None:
    [chat] = post.people(1)
    post.put(chat, "innocent")
    for _ in range(20):
        crash(post, intended=False)
    await post.dispatcher().drain()
    assert [text for _, text in post.heard()] == ["innocent"]


async def test_a_row_that_kills_the_process_dies_alone(post: Post) -> None:
    chats = post.people(3)
    ids = [post.put(chat, f"for {chat}", minutes=chat) for chat in chats]
    poison = ids[1]
    crash(post, intended=True)
    for _ in range(transitions.MOST_CRASHES):
        with post.database.begin() as session:
            claims.claim_alone(session, me="dead", due=NOW, now=1e12, until=-1.0)
            session.get_one(Delivery, poison).alone = True
            session.flush()
            for row in ids:
                found = session.get_one(Delivery, row, populate_existing=True)
                found.status, found.lease_by, found.lease_until = (
                    ("sending", "dead", -1.0) if row == poison else ("pending", None, None)
                )
        with post.database.begin() as session:
            transitions.recover_deliveries(session, now=0.0)
    await post.dispatcher().drain()
    assert {row: post.row(row).status for row in ids} == {
        row: "dead" if row == poison else "sent" for row in ids
    }
    with post.database.read() as session:
        [incident] = incidents.list_unreported(session)
        assert (incident.kind, incident.detail) == ("fatal", {"deliveries": [poison]})


async def test_what_was_due_between_a_backup_and_its_restoring_may_have_been_sent(post: Post) -> None:
    [chat] = post.people(1)
    hour = timedelta(hours=1)
    with post.database.begin() as session:
        restore_gap.record_restore(session.connection(), made_at=NOW - hour, at=NOW + hour)
    doubtful = post.put(chat, "doubtful")
    before = post.put(chat, "before", minutes=90)
    await post.dispatcher().drain()
    assert sorted(text for _, text in post.heard()) == ["before", REPEAT_LABEL + "doubtful"]
    assert (post.row(doubtful).doubts, post.row(before).doubts) == (1, 0)
    with post.database.read() as session:
        assert deliveries.count_by_status(session)["doubtful"] == 1
