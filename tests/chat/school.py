"""People of a school who write to the real program over HTTP, so that a test reads as a transcript."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from bot.app.application import Program
from bot.app.clock import CivilClock
from bot.demo.chats.users import LocalTelegram
from bot.demo.school import GROUP, LEADER, MEMBER, SECRETARY, DemoClock
from models.register import invitations

PATIENCE_S = 30.0  # for a machine that is busy besides


class Voice:
    """One person in one chat: says, presses, edits, and hears what the bot answers.

    `signature` is the last line of what was heard last, which names the sender and a contact.
    """

    def __init__(self, chat: "Chat", user_id: int, chat_id: int) -> None:
        self.chat, self.user_id, self.chat_id = chat, user_id, chat_id
        self.heard: dict[str, Any] = {}
        self.signature = ""
        self._seen = 0

    async def says(self, text: str, *, reply_to: int | None = None) -> int:
        """Write a message; gives its number."""
        return self.chat.telegram.say(self.user_id, self.chat_id, text, reply_to=reply_to)

    async def sends(self, name: str, content: bytes, caption: str = "") -> int:
        """Send a file; gives the message's number."""
        return self.chat.telegram.send_file(self.user_id, self.chat_id, name, content, caption=caption)

    async def sends_album(
        self, contents: list[bytes], caption: str = "", *, caption_at: int = 0, reply_to: int | None = None
    ) -> list[int]:
        """Send pictures as one, one of them with the caption; gives the messages' numbers."""
        return self.chat.telegram.send_album(
            self.user_id, self.chat_id, contents, caption=caption, caption_at=caption_at, reply_to=reply_to
        )

    async def replies(self, text: str) -> int:
        """Reply to the message heard last."""
        return await self.says(text, reply_to=self.heard["message_id"])

    async def edits(self, message_id: int, text: str) -> None:
        """Give an own message other words."""
        self.chat.telegram.edit(self.user_id, self.chat_id, message_id, text)

    async def presses(self, label: str) -> str:
        """Press a button of the message heard last; gives what the toast says."""
        rows = self.heard["reply_markup"]["inline_keyboard"]
        data = next(button["callback_data"] for row in rows for button in row if button["text"] == label)
        return await self.chat.telegram.press(self.user_id, self.chat_id, self.heard["message_id"], data)

    def forges(self, data: str, message_id: int = 1) -> None:
        """Send the data of a button that this person was never shown, as no client would."""
        self.chat.telegram.updates.put(
            "callback_query",
            {
                "id": f"{self.user_id}{time.monotonic_ns()}",
                "from": {"id": self.user_id, "is_bot": False, "first_name": "x"},
                "message": {"message_id": message_id, "date": 1, "chat": self._place()},
                "chat_instance": "1",
                "data": data,
            },
        )

    def _place(self) -> dict[str, Any]:
        return {"id": self.chat_id, "type": "private" if self.chat_id > 0 else "group", "title": "x"}

    async def hears(self) -> str:
        """The next message of the bot in this chat."""
        unheard = await self.chat.until(self._unheard)
        self.heard = unheard[0]
        self._seen = self.heard["message_id"]
        return self._unsigned()

    def file(self) -> tuple[str, bytes]:
        """The name (a photo has none) and the content of the file heard last."""
        given = self.heard.get("document") or self.heard["photo"][-1]
        kept = self.chat.telegram.files.by_id(given["file_id"])
        assert kept is not None
        return given.get("file_name", ""), kept.content

    async def hears_nothing(self) -> bool:
        """Whether the bot has nothing more to say here once all is handled and sent."""
        await self.chat.settled()
        return not self._unheard()

    async def sees(self, message_id: int, words: str) -> str:
        """A message of the bot as it reads once it holds these words."""

        def found() -> list[dict[str, Any]]:
            return [m for m in self._all() if m["message_id"] == message_id and words in m.get("text", "")]

        self.heard = (await self.chat.until(found))[0]
        return self._unsigned()

    def _unsigned(self) -> str:
        """The text heard last; every message names its sender and a contact in its last line."""
        whole = str(self.heard.get("text") or self.heard.get("caption", ""))
        text, _, self.signature = whole.rpartition("\n—— ")
        assert re.fullmatch(r"\S+ · \S.+", self.signature), f"not signed: {whole}"
        return text

    def buttons(self) -> list[str]:
        """What the buttons under the message heard last say."""
        rows = self.heard.get("reply_markup", {}).get("inline_keyboard", [])
        return [button["text"] for row in rows for button in row]

    def forget(self) -> None:
        """Take all that was said so far as heard."""
        self._seen = max((m["message_id"] for m in self._all()), default=0)

    def _all(self) -> list[dict[str, Any]]:
        return [m for m in self.chat.telegram.history(self.chat_id) if m["from"]["is_bot"]]

    def _unheard(self) -> list[dict[str, Any]]:
        return [m for m in self._all() if m["message_id"] > self._seen]


class Chat:
    """The school: three people, the group, the clock, and the program behind them."""

    def __init__(self, telegram: LocalTelegram, program: Program, clock: CivilClock) -> None:
        self.telegram, self.program = telegram, program
        self.clock = DemoClock(clock, program)
        self.civil = clock
        self.member = Voice(self, MEMBER.user_id, MEMBER.chat_id)
        self.secretary = Voice(self, SECRETARY.user_id, SECRETARY.chat_id)
        self.leader = Voice(self, LEADER.user_id, LEADER.chat_id)
        self.group = Voice(self, SECRETARY.user_id, GROUP.chat_id)

    async def joins(self, name: str, user_id: int) -> Voice:
        """Somebody else of the register, who joins with a code."""
        with self.program.database.begin() as session:
            codes = {row.name: row.code for row in invitations.invite_all(session)}
        voice = self.stranger(user_id)
        await voice.says(f"/start {codes[name]}")
        assert "您已加入" in await voice.hears()
        return voice

    def stranger(self, user_id: int = 9001) -> Voice:
        """Somebody who is in no register."""
        self.telegram.add_user(user_id, "路人")
        return Voice(self, user_id, user_id)

    def set_clock(self, moment: str) -> None:
        """The civil clock goes on from here; nothing that lies between is sent."""
        self.civil.set(datetime.fromisoformat(f"{moment}+08:00"))

    async def reach(self, day: str) -> None:
        """Move the clock to 09:00 of a day, sending what falls due on the way."""
        await self.clock.to_day(date.fromisoformat(day))

    @contextmanager
    def nothing_sent(self) -> Iterator[None]:
        """The dispatcher claims nothing meanwhile, as while its process is down."""
        self.program.dispatcher._stopping = True
        yield
        self.program.dispatcher._stopping = False

    async def until(self, found: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
        """What `found` gives as soon as it gives anything."""
        async with asyncio.timeout(PATIENCE_S):
            version = 0
            while not (result := found()):
                version = await self.telegram.wait_change(version, 1.0)
        return result

    async def settled(self) -> None:
        """Everything that was said is handled, and everything that is due is sent."""
        async with asyncio.timeout(PATIENCE_S):
            # until the program's own poll has confirmed what it stored
            while len(self.telegram.updates):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await self.program.intake.handle_pending()
        await self.program.dispatcher.drain()
