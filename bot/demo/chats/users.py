"""The actions of people in the local Telegram: write, edit, reply, press, send files."""

import asyncio
import itertools
from collections.abc import Sequence
from typing import Any

from bot.demo.chats.files import StoredFile, attachment_json, find_picture_size
from bot.demo.chats.memberships import Memberships
from bot.demo.chats.state import CallbackQuery, Toast
from bot.demo.chats.types import Chat, Json, Person
from bot.demo.messages.entities import detect_entities
from bot.demo.messages.html import clean_text, trim_text

LONGEST_TEXT = 4096
MOST_IN_ALBUM = 10


class NotPossibleError(ValueError):
    """Telegram's clients do not allow this action."""


class LocalTelegram(Memberships):
    """The local Telegram: its state, and every action of a person on it.

    Actions queue the updates that Telegram would send and return the id of the new message. They raise
    KeyError for unknown people, chats and messages, NotPossibleError for what a client would not allow.
    """

    _query_ids = itertools.count(1)

    def say(self, user_id: int, chat_id: int, text: str, *, reply_to: int | None = None) -> int:
        """Send a text; /start opens the private chat with the bot, also after a block."""
        person, chat = self._speaker(user_id, chat_id)
        text, _ = trim_text(clean_text(text), [])
        if not 0 < len(text) <= LONGEST_TEXT:
            raise NotPossibleError(f"a message has 1 to {LONGEST_TEXT} characters, not {len(text)}")
        if not chat.group:
            self._open_private(person, text)
        return self._incoming(person, chat, _text_json("text", text), reply_to)

    def edit(self, user_id: int, chat_id: int, message_id: int, text: str) -> None:
        """Edit a message of one's own."""
        _, chat = self._speaker(user_id, chat_id)
        body = chat.messages[message_id].body
        if body["from"]["id"] != user_id:
            raise NotPossibleError("only one's own messages can be edited")
        part = "text" if "text" in body else "caption"
        kept = {
            key: value for key, value in body.items() if key not in (part, "entities", "caption_entities")
        }
        edited = self.replace(
            chat, message_id, {**kept, **_text_json(part, trim_text(clean_text(text), [])[0])}
        )
        if self._bot_sees(chat, edited):
            self.updates.put("edited_message", edited)

    def delete(self, user_id: int, chat_id: int, message_id: int) -> None:
        """Delete a message; Telegram sends the bot no update."""
        _, chat = self._speaker(user_id, chat_id)
        self.remove(chat, message_id)

    def send_file(
        self,
        user_id: int,
        chat_id: int,
        name: str,
        content: bytes,
        *,
        caption: str = "",
        as_photo: bool = False,
        reply_to: int | None = None,
        album: str | None = None,
    ) -> int:
        """A person sends a document or, when the content is a PNG or JPEG, a photo; maybe one of an album."""
        person, chat = self._speaker(user_id, chat_id)
        stored = self.files.add(name, content, photo=as_photo)
        if as_photo and stored.size is None:
            raise NotPossibleError(f"{name} is no PNG or JPEG")
        if not chat.group:
            self._open_private(person, "")
        body = attachment_json(stored, photo=as_photo)
        if caption:
            body |= _text_json("caption", caption)
        if album is not None:
            body["media_group_id"] = album
        return self._incoming(person, chat, body, reply_to)

    def send_album(
        self,
        user_id: int,
        chat_id: int,
        contents: Sequence[bytes],
        *,
        caption: str = "",
        caption_at: int = 0,
        reply_to: int | None = None,
    ) -> list[int]:
        """A person sends 2 to 10 photos as one; clients put the caption on the first. Gives their numbers."""
        if not 2 <= len(contents) <= MOST_IN_ALBUM:
            raise NotPossibleError(f"an album has 2 to {MOST_IN_ALBUM} photos, not {len(contents)}")
        if any(find_picture_size(content) is None for content in contents):
            raise NotPossibleError("an album of photos has PNG and JPEG files only")
        _, chat = self._speaker(user_id, chat_id)
        album = self.create_album(chat)
        return [
            self.send_file(
                user_id,
                chat_id,
                f"{number}.png",
                content,
                caption=caption if number == caption_at else "",
                as_photo=True,
                reply_to=reply_to,
                album=album,
            )
            for number, content in enumerate(contents)
        ]

    async def press(
        self, user_id: int, chat_id: int, message_id: int, data: str, *, wait: float = 10.0
    ) -> Toast | None:
        """Press the button with this data; returns what the bot answers within `wait` seconds."""
        query_id = self.press_only(user_id, chat_id, message_id, data)
        answer: asyncio.Future[Toast] = asyncio.get_running_loop().create_future()
        self.queries[query_id].answer = answer
        try:
            async with asyncio.timeout(wait):
                return await answer
        except TimeoutError:
            return None

    def press_only(self, user_id: int, chat_id: int, message_id: int, data: str) -> str:
        """Press a button without awaiting the answer; returns the id of the callback query."""
        person, chat = self._speaker(user_id, chat_id)
        body = chat.messages[message_id].body
        rows = body.get("reply_markup", {}).get("inline_keyboard", [])
        if not any(button.get("callback_data") == data for row in rows for button in row):
            raise NotPossibleError(f"message {message_id} has no button {data!r}")
        # Unique across bots, since the bot's id is part of it.
        query_id = str(self.me["id"] * 1_000_000 + next(self._query_ids))
        self.queries[query_id] = CallbackQuery(self.clock())
        query: Json = {
            "id": query_id,
            "from": person.user(),
            "message": body,
            # Opaque in Telegram too; the same chat always has the same value.
            "chat_instance": str(abs(chat_id) * 7_919),
            "data": data,
        }
        self.updates.put("callback_query", query)
        return query_id

    def download(self, file_id: str) -> StoredFile:
        """Return a file for the page. Raises KeyError where there is none."""
        stored = self.files.by_id(file_id)
        if stored is None:
            raise KeyError(file_id)
        return stored

    def push(self, update: Json) -> None:
        """Queue a raw update: repeated, out of order, of an unknown kind or malformed."""
        self.updates.put_raw(update)

    def _speaker(self, user_id: int, chat_id: int) -> tuple[Person, Chat]:
        person, chat = self.people[user_id], self.chats[chat_id]
        if person.deactivated:
            raise NotPossibleError("the account is deleted")
        if chat.migrated_to:
            raise NotPossibleError(f"the group is now {chat.migrated_to}")
        if chat.group and user_id not in chat.members:
            raise NotPossibleError(f"{user_id} is not in the group {chat_id}")
        if not chat.group and chat_id != user_id:
            raise NotPossibleError(f"{chat_id} is somebody else's private chat")
        return person, chat

    def _open_private(self, person: Person, text: str) -> None:
        if person.blocked:
            if not text.startswith("/start"):
                raise NotPossibleError("the bot is blocked; /start takes it back")
            self.unblock(person.id)
        person.started = True

    def _incoming(self, person: Person, chat: Chat, content: Json, reply_to: int | None) -> int:
        if reply_to is not None:
            content = {"reply_to_message": copy_for_reply(chat.messages[reply_to].body), **content}
        body = self.post(chat, person.user(), content)
        if self._bot_sees(chat, body):
            self.updates.put("message", body)
        message_id: int = body["message_id"]
        return message_id

    def _bot_sees(self, chat: Chat, body: Json) -> bool:
        """Whether the bot receives a message: in privacy mode commands, mentions and replies only."""
        if not chat.group:
            return True
        if chat.bot_status not in ("member", "administrator"):
            return False
        if not self.privacy or chat.bot_status == "administrator":
            return True
        if body.get("reply_to_message", {}).get("from", {}).get("id") == self.me["id"]:
            return True
        return any(self._addressed(text) for text in _list_addresses(body))

    def _addressed(self, text: str) -> bool:
        name = self.bot_username.lower()
        command, at, bot = text.lower().partition("@")
        return bot == name if at else command.startswith("/")


def copy_for_reply(body: Json) -> Json:
    """Return a message as it appears in a reply, without the message it replied to."""
    return {key: value for key, value in body.items() if key != "reply_to_message"}


def _text_json(part: str, text: str) -> dict[str, Any]:
    found = detect_entities(text, [])
    key = "entities" if part == "text" else "caption_entities"
    return {part: text, key: found} if found else {part: text}


def _list_addresses(body: Json) -> list[str]:
    text = body.get("text") or body.get("caption", "")
    units = text.encode("utf-16-le", "surrogatepass")
    return [
        units[e["offset"] * 2 : (e["offset"] + e["length"]) * 2].decode("utf-16-le")
        for e in body.get("entities") or body.get("caption_entities", [])
        if e["type"] in ("bot_command", "mention")
    ]
