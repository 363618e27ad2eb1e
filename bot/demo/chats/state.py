"""The state of the local Telegram: people, chats, messages, files and updates."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.demo.chats.files import StoredFiles
from bot.demo.chats.types import Chat, Json, Person, StoredMessage
from bot.demo.chats.update_queue import UpdateQueue
from bot.demo.messages.html import format_html
from bot.demo.messages.limits import Limits


@dataclass(frozen=True, slots=True)
class Toast:
    """The notification that answerCallbackQuery shows to the person who pressed a button."""

    text: str = ""
    show_alert: bool = False
    url: str = ""


@dataclass(slots=True)
class CallbackQuery:
    """A callback query that awaits its answer; `asked_at` is on the monotonic clock."""

    asked_at: float
    answer: asyncio.Future[Toast] | None = None


@dataclass(slots=True)
class Profile:
    """The bot's texts by language, its commands by scope and language, and its webhook."""

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    webhook: Json = field(default_factory=dict)
    closed: bool = False


class TelegramState:
    """The whole state. `token` is "NUMBER:SECRET"; the number is the bot's user id.

    `civil` gives the moment shown on the page; dates in the API come from `wall`, real unix time; waiting
    and limits use the monotonic `clock`.
    """

    def __init__(
        self,
        token: str,
        *,
        bot_name: str = "清历",
        bot_username: str = "qingli_demo_bot",
        civil: Callable[[], datetime] | None = None,
        wall: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.token = token
        self.bot_username = bot_username
        self.me: Json = {
            "id": int(token.split(":")[0]),
            "is_bot": True,
            "first_name": bot_name,
            "username": bot_username,
        }
        self.civil = civil or (lambda: datetime.now(UTC).astimezone())
        self.wall, self.clock = wall, clock
        self.privacy = True
        self.query_lifetime = 60.0
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, CallbackQuery] = {}
        self.files = StoredFiles()
        self.updates = UpdateQueue()
        self.limits = Limits(clock)
        self.profile = Profile()
        self.version = 0
        self._changed: set[asyncio.Future[None]] = set()

    def post(self, chat: Chat, sender: Json, content: Json) -> Json:
        """Store a new message in a chat and return its Message object."""
        body: Json = {
            "message_id": chat.next_id(),
            "from": sender,
            "chat": chat.chat(),
            "date": int(self.wall()),
            **content,
        }
        chat.messages[body["message_id"]] = StoredMessage(body, self.civil().isoformat(), self.touch())
        return body

    def post_from_bot(self, chat: Chat, content: Json) -> Json:
        """Store a new message of the bot."""
        return self.post(chat, self.me, content)

    def create_album(self, chat: Chat) -> str:
        """A new media_group_id."""
        return str(chat.last_id + self.version * 100_000)

    def replace(self, chat: Chat, message_id: int, body: Json) -> Json:
        """Replace a Message object by its edited version, with an edit_date."""
        body = {**body, "edit_date": int(self.wall())}
        kept = chat.messages[message_id]
        kept.body, kept.version = body, self.touch()
        return body

    def remove(self, chat: Chat, message_id: int) -> None:
        """Delete a message."""
        del chat.messages[message_id]
        self.touch()

    def touch(self) -> int:
        """Count a change, wake those waiting for one, and return the new version."""
        self.version += 1
        if self._changed:
            self._wake()
        return self.version

    def release(self) -> None:
        """End every wait and held poll, because the server stops."""
        self.updates.release_poll()
        self.touch()

    def _wake(self) -> None:
        for waiter in self._changed:
            if not waiter.done():
                waiter.set_result(None)
        self._changed.clear()

    async def wait_change(self, after: int, seconds: float = 25.0) -> int:
        """Return the version once it is above `after`, or the current one after `seconds`."""
        while self.version <= after:
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._changed.add(waiter)
            try:
                async with asyncio.timeout(seconds):
                    await waiter
            except TimeoutError:
                break
            finally:
                self._changed.discard(waiter)
        return self.version

    def history(self, chat_id: int) -> list[Json]:
        """Return the messages of a chat, oldest first, with `civil`, `version` and safe `html`."""
        return [_message_json(kept) for kept in self.chats[chat_id].messages.values()]

    def message(self, chat_id: int, message_id: int) -> Json:
        """Return one Message object. Raises KeyError where there is none."""
        return self.chats[chat_id].messages[message_id].body


def _message_json(kept: StoredMessage) -> dict[str, Any]:
    body = kept.body
    text = body.get("text") or body.get("caption", "")
    entities = body.get("entities") or body.get("caption_entities", [])
    return {**body, "civil": kept.civil, "version": kept.version, "html": format_html(text, entities)}
