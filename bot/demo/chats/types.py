"""People, chats and messages of the local Telegram, in the JSON shapes of the Bot API."""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["private", "group", "supergroup"]


@dataclass(slots=True)
class Person:
    """A person with a Telegram account."""

    id: int
    name: str
    username: str = ""
    last_name: str = ""
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    def user(self) -> Json:
        """Return the User object."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.name}
        if self.last_name:
            user["last_name"] = self.last_name
        if self.username:
            user["username"] = self.username
        return {**user, "language_code": "zh-hans"}


@dataclass(slots=True)
class StoredMessage:
    """A stored message: its Message object and what the page needs beside it.

    `civil` is the moment on the civil clock in ISO form, `version` the state's counter at the last change.
    """

    body: Json
    civil: str
    version: int


@dataclass(slots=True)
class Chat:
    """A chat with its messages by id.

    `members` maps people to their status, `bot_status` is the bot's.
    """

    id: int
    kind: Kind
    title: str = ""
    person: Person | None = None
    members: dict[int, str] = field(default_factory=dict)
    bot_status: str = "member"
    migrated_to: int = 0
    keyboard: Json | None = None
    messages: dict[int, StoredMessage] = field(default_factory=dict)
    last_id: int = 0
    _object: Json = field(default_factory=dict)

    def chat(self) -> Json:
        """Return the Chat object."""
        if self._object:
            return self._object
        if self.person is not None:
            user = self.person.user()
            names: Json = {key: user[key] for key in ("first_name", "last_name", "username") if key in user}
            self._object = {"id": self.id, **names, "type": "private"}
        else:
            self._object = {"id": self.id, "title": self.title, "type": self.kind}
            if self.kind == "group":
                self._object["all_members_are_administrators"] = False
        return self._object

    @property
    def group(self) -> bool:
        """Whether it is a group of any kind."""
        return self.kind != "private"

    def next_id(self) -> int:
        """Return the id of the next message, which increases within the chat."""
        self.last_id += 1
        return self.last_id
