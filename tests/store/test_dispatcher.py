"""Deliveries reach their chats over HTTP, whatever the network answers."""

from tests.store.conftest import Post


async def test_what_is_due_is_sent_once(post: Post) -> None:
    chats = await post.people(30)
    ids = [await post.put(chat, f"早安{chat}") for chat in chats]
    assert await post.dispatcher().drain() == 30
    assert len(post.heard()) == len(set(post.heard())) == 30
    row = await post.row(ids[0])
    assert (row.status, row.lease_by, row.error) == ("sent", None, None)
    assert row.message_key is not None
    assert await post.dispatcher().drain() == 0


async def test_an_answer_goes_before_the_waves_of_its_chat(post: Post) -> None:
    [chat] = await post.people(1)
    await post.put(chat, "wave", minutes=5)
    answer = await post.put(chat, "answer", kind="answer")
    dispatcher = post.dispatcher()
    await dispatcher.send_now([answer])
    assert [text for _, text in post.heard()] == ["answer"]
    await dispatcher.drain()
    assert [text for _, text in post.heard()] == ["answer", "wave"]
