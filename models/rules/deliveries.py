"""Deliveries: their kinds, what is needed to create one, and what a reply means."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from models.rules.requirements.entries import Entry

OccurrenceKey = tuple[str, int, str]
"""Of whom, what and for when: (requirement, organization id, period)."""


class DeliveryKind(StrEnum):
    """Why a message is sent."""

    ANSWER = "answer"
    """To somebody known, in reply to what they said: it leaves before everything else."""
    PATIENT = "patient"
    """An answer to a stranger: it waits behind those to known people."""
    REMINDER = "reminder"
    """Of what is due, overdue, open, or of a festival."""
    APPROVAL = "approval"
    """A text put before a leader who decides whether it is sent."""
    NOTICE = "notice"
    """What an admin, or everybody after a long silence, has to know of the program."""
    BROADCAST = "broadcast"
    """What a leader tells others."""


class UncertainPolicy(StrEnum):
    """What happens to a message of which nobody can know whether it arrived."""

    USUAL = "usual"
    """Sent again to one person, skipped in a group."""
    RESEND = "resend"
    SKIP = "skip"
    ASK = "ask"
    """An admin decides."""


TextVersion = tuple[str, str, str]
"""A text of an observance: (observance, occasion, version), see `people.approval`."""


@dataclass(frozen=True, slots=True)
class ReplyContext:
    """What a message is about, so that a reply or a button needs no further words.

    `occurrences` are due, `observances` the number of festivals named beside them, `texts` those it holds.
    `report_id` is the report it answers; with `corrects` the reply corrects that report. With `reschedules`
    the reply is the new day of the occurrence. `confirmation_id` is the question that waits for a reason or
    a day, `inquiry_id` the question that was answered, `broadcast_id` the announcement. `review_mark` is the
    text put before the leaders of `review_organization`; `reword_mark` the text that the reply replaces.
    """

    occurrences: tuple[OccurrenceKey, ...] = ()
    observances: int = 0
    texts: tuple[TextVersion, ...] = ()
    report_id: int | None = None
    corrects: bool = False
    reschedules: bool = False
    confirmation_id: int | None = None
    inquiry_id: int | None = None
    broadcast_id: int | None = None
    review_mark: str | None = None
    review_organization: int | None = None
    reword_mark: str | None = None

    @property
    def requirement(self) -> str | None:
        """The requirement, where only one is spoken of."""
        names = {requirement for requirement, _, _ in self.occurrences}
        return names.pop() if len(names) == 1 else None

    def find_matching(self, entry: Entry) -> list[OccurrenceKey]:
        """The occurrences that agree with what is known of an entry."""
        return [
            key
            for key in self.occurrences
            if entry.requirement in (None, key[0]) and entry.organization_id in (None, key[1])
        ]

    def to_json(self) -> dict[str, Any]:
        """As it is stored: only what is said, under the names of `_STORED`."""
        said = {name: getattr(self, each) for each, name in _STORED.items()}
        return {name: value for name, value in said.items() if value not in ((), 0, None, False)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ReplyContext":
        """Back from `to_json`. Names that are not known are left out: a newer version may have more."""
        found = {each: stored[name] for each, name in _STORED.items() if name in stored}
        for listed in ("occurrences", "texts"):
            found[listed] = tuple(tuple(row) for row in found.get(listed, ()))
        return cls(**found)


# The names in the database are older than those of the fields.
_OLDER_NAMES = {
    "report_id": "report",
    "corrects": "fix",
    "reschedules": "reschedule",
    "confirmation_id": "alter",
    "inquiry_id": "inquiry",
    "broadcast_id": "broadcast",
    "review_mark": "review",
    "review_organization": "approve",
    "reword_mark": "reword",
}
_STORED = {each.name: _OLDER_NAMES.get(each.name, each.name) for each in fields(ReplyContext)}
NOTHING_SAID = ReplyContext()


class NewDelivery(NamedTuple):
    """One message to be put in.

    `key` is the "once": a second delivery of that key is none. `chat_id` is `chats.id`; `text` is our small
    markup; `buttons` are rows of `[label, data]`; `reply_to` and `edits` are keys of messages. `due_at` and
    `expires_at` follow the civil clock. `file_id` names a file that goes with the text.
    """

    key: str
    chat_id: int
    kind: DeliveryKind
    text: str
    due_at: datetime
    buttons: list[Any] | None = None
    about: ReplyContext | None = None
    reply_to: str | None = None
    edits: str | None = None
    expires_at: datetime | None = None
    policy: UncertainPolicy = UncertainPolicy.USUAL
    file_id: int | None = None
