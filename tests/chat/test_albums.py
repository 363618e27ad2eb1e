"""Several pictures sent as one are one message with one answer, whichever of them has the words."""

import struct

import pytest

from bot.channels.telegram import albums
from bot.demo.school import GROUP, SECRETARY
from models.delivery import inbox
from tests.chat.conftest import open_program
from tests.chat.school import Chat, Voice

REPORT = "昨天主题党日，应到25实到23"
KIND_LINE = "收到了，但我只看文字"


def picture(number: int) -> bytes:
    """A PNG of which the local Telegram reads the size, another one for each number."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480) + bytes([number] * 40)


def pictures(count: int) -> list[bytes]:
    """So many different pictures."""
    return [picture(number) for number in range(count)]


async def sends_part(voice: Voice, number: int, caption: str = "") -> None:
    """One picture of the album 77 comes, and is handled before anything else happens."""
    voice.chat.telegram.send_file(
        voice.user_id, voice.chat_id, "p.png", picture(number), caption=caption, as_photo=True, album="77"
    )
    await voice.chat.settled()


async def waited(chat: Chat) -> None:
    """The time for which a caption is waited for is over, and what was to be said by then is sent."""
    chat.civil.set(chat.civil.now() + albums.PATIENCE)
    await chat.settled()


def states(chat: Chat) -> dict[str, int]:
    """How many updates there are in each state."""
    with chat.program.database.read() as session:
        return inbox.count_by_status(session)


@pytest.mark.parametrize("caption_at", [0, 2, 3])
async def test_an_album_with_a_caption_is_one_report_with_one_answer(chat: Chat, caption_at: int) -> None:
    await chat.secretary.sends_album(pictures(4), REPORT, caption_at=caption_at)
    assert "已记录 理科支部 · 主题党日" in await chat.secretary.hears()
    await waited(chat)
    assert await chat.secretary.hears_nothing()
    assert states(chat) == {"done": 4}


@pytest.mark.parametrize("caption_at", [0, 2])
async def test_it_is_so_when_each_picture_is_handled_before_the_next_comes(
    chat: Chat, caption_at: int
) -> None:
    for number in range(3):
        await sends_part(chat.secretary, number, REPORT if number == caption_at else "")
    assert "已记录 理科支部 · 主题党日" in await chat.secretary.hears()
    await waited(chat)
    assert await chat.secretary.hears_nothing()
    assert states(chat) == {"done": 3}


async def test_an_album_without_words_gets_one_kind_line(chat: Chat) -> None:
    await chat.secretary.sends_album(pictures(5))
    await waited(chat)
    assert KIND_LINE in await chat.secretary.hears()
    assert await chat.secretary.hears_nothing()
    await sends_part(chat.secretary, 8)  # another album
    await waited(chat)
    assert KIND_LINE in await chat.secretary.hears()
    await sends_part(chat.secretary, 9)
    await waited(chat)
    assert await chat.secretary.hears_nothing()


async def test_the_kind_line_leaves_of_itself(chat: Chat) -> None:
    await chat.secretary.sends_album(pictures(2))
    assert KIND_LINE in await chat.secretary.hears()


async def test_words_that_come_after_the_kind_line_are_answered(chat: Chat) -> None:
    await sends_part(chat.secretary, 0)
    await waited(chat)
    assert KIND_LINE in await chat.secretary.hears()
    await sends_part(chat.secretary, 1, REPORT)
    assert "已记录" in await chat.secretary.hears()


async def test_an_album_in_reply_to_a_picture_with_words_has_no_words_itself(chat: Chat) -> None:
    with_words = await chat.secretary.sends_album(pictures(2), REPORT)
    assert "已记录" in await chat.secretary.hears()
    await chat.secretary.sends_album(pictures(2), reply_to=with_words[0])
    await waited(chat)
    assert KIND_LINE in await chat.secretary.hears()
    assert await chat.secretary.hears_nothing()


async def test_an_album_in_the_group_is_answered_where_it_speaks_to_the_bot(chat: Chat) -> None:
    chat.telegram.promote(GROUP.chat_id)  # an administrator is sent the pictures without words too
    await chat.group.sends_album(pictures(3))
    await waited(chat)
    assert await chat.group.hears_nothing()
    await chat.group.sends_album(pictures(3), f"@qingli_demo_bot {REPORT}")
    assert "已记录 理科支部" in await chat.group.hears()
    await waited(chat)
    assert await chat.group.hears_nothing()
    assert await chat.secretary.hears_nothing()


async def test_a_stranger_is_told_once_how_to_join(chat: Chat) -> None:
    stranger = chat.stranger()
    await stranger.sends_album(pictures(6))
    await waited(chat)
    assert "加入" in await stranger.hears()
    assert await stranger.hears_nothing()


@pytest.mark.parametrize("words_first", [True, False])
async def test_another_process_goes_on_with_the_album(school: str, words_first: bool) -> None:
    captions = [REPORT, ""] if words_first else ["", REPORT]
    heard = []
    for number, caption in enumerate(captions):
        async with open_program(school) as (program, telegram, clock):
            telegram.people[SECRETARY.user_id].started = True
            await program.start()
            chat = Chat(telegram, program, clock)
            await sends_part(chat.secretary, number, caption)
            if number == 1:
                await waited(chat)
            heard += [m["text"] for m in telegram.history(SECRETARY.chat_id) if m["from"]["is_bot"]]
            await program.stop()
    assert len(heard) == 1
    assert "已记录 理科支部" in heard[0]


async def test_words_that_wait_in_the_inbox_are_waited_for(school: str) -> None:
    async with open_program(school) as (program, telegram, clock):
        telegram.people[SECRETARY.user_id].started = True
        chat = Chat(telegram, program, clock)
        await chat.secretary.sends_album(pictures(3), REPORT, caption_at=2)
        updates = telegram.updates.pending
        with program.database.begin() as session:
            inbox.add_updates(session, telegram.me["id"], updates, at=clock.now())
        telegram.updates.clear()
        await program.start()
        assert "已记录 理科支部" in await chat.secretary.hears()
        with program.database.read() as session:
            assert session.connection().exec_driver_sql("SELECT count(*) FROM deliveries").scalar() == 1
        await program.stop()
