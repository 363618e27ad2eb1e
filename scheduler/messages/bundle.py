"""Bundles the reminders of one person and moment into one message. PURE."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from models.rules.calendar.observances import ObservanceDay
from models.rules.deliveries import DeliveryKind, ReplyContext, TextVersion
from models.rules.people.approval import get_text_version
from models.rules.people.roles import Person, Role
from models.rules.types import Occurrence
from scheduler.messages import texts as message_texts
from scheduler.messages.texts import MessageContext
from scheduler.types import (
    Digest,
    OpenQuestion,
    Overdue,
    PlannedReminder,
    Subject,
    TextToApprove,
    list_occurrences,
)

REPLYING = (Role.SECRETARY, Role.CLERK)
APPROVE, AGREE, CHANGE, STOP = "approve", "yes", "change", "no"
CHOICES = (("同意", AGREE), ("修改", CHANGE), ("不发", STOP))
URGE_OF = "urge-of"
URGE_ALL = ("催办", f"{URGE_OF}:0:0")


@dataclass(frozen=True, slots=True)
class PlannedMessage:
    """One message: when, to whom, what it says, and the reminders it comes from."""

    slot: datetime
    member_id: int
    chat_id: int
    text: str
    reminders: tuple[PlannedReminder, ...]

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """Its subjects, each once."""
        return list_subjects(self.reminders)

    @property
    def about(self) -> ReplyContext:
        """What a reply to it can mean."""
        named = [list_occurrences(each) for each in self.subjects]
        rows = dict.fromkeys(
            (row.requirement, row.organization_id, row.period) for several in named for row in several
        )
        asked = self.to_approve
        return ReplyContext(
            occurrences=tuple(rows),
            observances=named.count(()),
            texts=self.texts,
            review_mark=asked.mark if asked is not None else None,
            review_organization=asked.organization_id if asked is not None else None,
        )

    @property
    def texts(self) -> tuple[TextVersion, ...]:
        """The texts of days that it holds: observance, occasion and version; see `people.approval`."""
        days = [each for each in self.subjects if isinstance(each, ObservanceDay)]
        return tuple(
            (day.observance.key, day.occasion, get_text_version(day.observance.theme, text))
            for day in days
            if (text := day.observance.get_text(day.date.year))
        )

    @property
    def kind(self) -> DeliveryKind:
        """What kind of delivery it is."""
        return DeliveryKind.REMINDER if self.to_approve is None else DeliveryKind.APPROVAL

    @property
    def buttons(self) -> list[list[list[str]]] | None:
        """Its buttons, in rows of label and data."""
        if self.to_approve is not None:
            return [list_approval_buttons(self.to_approve.mark)]
        leads = any(
            isinstance(each.subject, Digest) and each.audience is Role.LEADER for each in self.reminders
        )
        return [[list(URGE_ALL)]] if leads else None

    @property
    def to_approve(self) -> TextToApprove | None:
        """The text that it puts before a leader."""
        first = self.reminders[0].subject
        return first if isinstance(first, TextToApprove) else None


def list_approval_buttons(mark: str) -> list[list[str]]:
    """The buttons under a text to approve: label and data."""
    return [[label, f"{APPROVE}:{mark}:{choice}"] for label, choice in CHOICES]


def list_subjects(reminders: Iterable[PlannedReminder]) -> tuple[Subject, ...]:
    """The subjects of reminders without open questions, each once, in their order."""
    found: list[Subject] = []
    for reminder in reminders:
        if not isinstance(reminder.subject, OpenQuestion) and reminder.subject not in found:
            found.append(reminder.subject)
    return tuple(found)


def split_parts(reminders: Iterable[PlannedReminder], many: int) -> Iterator[list[PlannedReminder]]:
    """Split the reminders into parts of about `many`; a chat's stay together."""
    found: dict[int, list[PlannedReminder]] = {}
    for reminder in reminders:
        found.setdefault(reminder.chat_id, []).append(reminder)
    part: list[PlannedReminder] = []
    for each in found.values():
        part += each
        if len(part) >= many:
            yield part
            part = []
    if part:
        yield part


def bundle_reminders(
    reminders: Iterable[PlannedReminder], *, by_slot: bool = False
) -> list[tuple[PlannedReminder, ...]]:
    """Bundle the reminders of each chat, with `by_slot` only those of one moment.

    A text to approve has buttons of its own and is a message of its own.
    """
    found: dict[tuple[object, ...], list[PlannedReminder]] = {}
    for reminder in reminders:
        if not isinstance(reminder.subject, OpenQuestion):
            alone = reminder.key if isinstance(reminder.subject, TextToApprove) else None
            found.setdefault((reminder.chat_id, by_slot and reminder.slot, alone), []).append(reminder)
    return [tuple(each) for each in found.values()]


def create_messages(
    bundle: Sequence[PlannedReminder], people: Mapping[int, Person], context: MessageContext
) -> list[PlannedMessage]:
    """The bundle as one message, or as several where one would be too long for the network."""
    whole = create_message(bundle, people, context)
    if len(whole.text) <= context.voice.capabilities.longest_text or len(bundle) == 1:
        return [whole]
    # By halves: how long a message gets is known only when it is written.
    half = len(bundle) // 2
    return [
        message
        for part in (bundle[:half], bundle[half:])
        for message in create_messages(part, people, context)
    ]


def create_message(
    bundle: Sequence[PlannedReminder], people: Mapping[int, Person], context: MessageContext
) -> PlannedMessage:
    """The message of a bundle as it reads when it leaves at `context.now`."""
    first = bundle[0]
    slot = min(reminder.slot for reminder in bundle)
    own = replace(context, voice=context.voice.create_for_reader(people[first.member_id], context.tree))
    if isinstance(first.subject, TextToApprove):
        text = message_texts.format_approval(first.subject, own)
    else:
        answerable = any(
            each.audience in REPLYING and isinstance(each.subject, Occurrence | Overdue) for each in bundle
        )
        text = message_texts.format_message(list_subjects(bundle), own, slot=slot, answerable=answerable)
    return PlannedMessage(slot, first.member_id, first.chat_id, text, tuple(bundle))
