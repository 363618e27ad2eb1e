"""Routes: what each room of conversations answers, and the table of all rooms."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from handlers.core.callback_data import NoButtonError, parse_number
from handlers.core.context import Answers, Request
from handlers.reading.types import Intent, Reading
from models.rules.deliveries import ReplyContext
from models.rules.people.permissions import Action

Deliver = Callable[[Request, Answers], Answers]
SLASH = re.compile(r"/([a-z_]+)(?:@\w+)?(?:\s+(.*))?", re.DOTALL | re.IGNORECASE)
FULL_STOP = "。.！!"


def deliver_in_private(request: Request, answers: Answers) -> Answers:
    """In a group, send the answers to the speaker's private chat."""
    return request.aside(answers)


def deliver_in_branch_group(request: Request, answers: Answers) -> Answers:
    """Answer in the branch's own group; in any other group, in the speaker's private chat."""
    return request.here(answers)


def deliver_where_asked(_request: Request, answers: Answers) -> Answers:
    """Answer in the chat of the message."""
    return answers


class Rest(StrEnum):
    """What may follow the plain words of a command."""

    NOTHING = "nothing"
    NAME = "name"
    """A space and one word: 日历 理科支部."""
    JOINED = "joined"
    """One word, with a space or without: 封账11月."""


class Command(NamedTuple):
    """A command: `/name`, its plain `words`, or a `phrase` (group 1 is what follows).

    `menu` is its line in the network's menu. Where `fits` returns False, the words are not this command.
    """

    name: str
    answer: Callable[[Request, str], Answers]
    deliver: Deliver = deliver_in_private
    words: tuple[str, ...] = ()
    rest: Rest = Rest.NOTHING
    phrase: re.Pattern[str] | None = None
    menu: str = ""
    fits: Callable[[Request, str], bool] | None = None


class Callback(NamedTuple):
    """Buttons of one kind: the parsers of their arguments, and the conversation of a press."""

    kind: str
    answer: Callable[..., Answers]
    arguments: tuple[Callable[[str], Any], ...] = ()
    deliver: Deliver = deliver_where_asked


class Act(NamedTuple):
    """The conversation for free text of these intents; it gets the reply's context."""

    intents: tuple[Intent, ...]
    answer: Callable[[Request, Reading, ReplyContext], Answers]
    deliver: Deliver = deliver_in_branch_group


class Offer(NamedTuple):
    """What the bot offers to one person: their rights, and the features that are enabled."""

    may: Collection[Action]
    several: bool = False
    page: bool = False
    feed: bool = False
    approval: bool = False


class HelpLine(NamedTuple):
    """One line of help; lines are sorted by `place` and shown where `offered` is true."""

    place: int
    text: str
    offered: Callable[[Offer], bool] = lambda _offer: True


@dataclass(frozen=True)
class Routes:
    """The routes of one room. `history` names its audited actions in Chinese."""

    commands: tuple[Command, ...] = ()
    callbacks: tuple[Callback, ...] = ()
    acts: tuple[Act, ...] = ()
    help_lines: tuple[HelpLine, ...] = ()
    history: Mapping[str, str] = field(default_factory=dict)


K = TypeVar("K")
V = TypeVar("V")


class TwiceDeclaredError(ValueError):
    """Two routes declare the same command, word, kind of button, intent or audited action."""


class RouteTable:
    """The routes of all rooms. Raises TwiceDeclaredError for a key that two of them declare."""

    def __init__(self, rooms: Iterable[Routes] = ()) -> None:
        rooms = list(rooms)
        commands = [command for room in rooms for command in room.commands]
        self.commands = _index_by_key((command.name, command) for command in commands)
        self._words = _index_by_key((word, command) for command in commands for word in command.words)
        self.callbacks = _index_by_key((each.kind, each) for room in rooms for each in room.callbacks)
        self.acts = _index_by_key(
            (intent, act) for room in rooms for act in room.acts for intent in act.intents
        )
        self.help_lines = sorted(
            (line for room in rooms for line in room.help_lines), key=lambda each: each[0]
        )
        self.history = _index_by_key(pair for room in rooms for pair in room.history.items())

    @property
    def menu(self) -> list[tuple[str, str]]:
        """The commands of the network's menu with their lines."""
        return [(name, command.menu) for name, command in self.commands.items() if command.menu]

    def find_command(self, text: str) -> tuple[Command | None, str]:
        """The command of a text and what follows it; (None, "") for any other text.

        A slash and an unknown name give None and the name.
        """
        said = text.strip()
        if (plain := self._words.get(said.rstrip(FULL_STOP))) is not None:
            return plain, ""
        for word, command in self._words.items():
            if (rest := _find_rest(said, word, command.rest)) is not None:
                return command, rest
        for command in self.commands.values():
            if command.phrase is not None and (found := command.phrase.fullmatch(said)) is not None:
                return command, found[1] if found.re.groups else ""
        if (slash := SLASH.fullmatch(said)) is None:
            return None, ""
        command_found = self.commands.get(slash[1].lower())
        return (command_found, (slash[2] or "").strip()) if command_found else (None, slash[1].lower())

    def press(self, request: Request, data: str) -> Answers:
        """Answer a pressed button; data can be forged, and unknown data gets no answer."""
        kind, *given = data.split(":")
        callback = self.callbacks.get(kind)
        if callback is None or len(given) != len(callback.arguments):
            return []
        try:
            values = [parse(part) for parse, part in zip(callback.arguments, given, strict=True)]
            return callback.deliver(request, callback.answer(request, *values))
        except NoButtonError:
            return []

    def list_help(self, offer: Offer) -> list[str]:
        """The lines of help for one person."""
        return [line.text for line in self.help_lines if line.offered(offer)]


def _find_rest(said: str, word: str, rest: Rest) -> str | None:
    """What follows a plain word in the form that its command takes; None for any other form."""
    if rest is Rest.NOTHING or not said.startswith(word):
        return None
    pattern = r"\s+(\S{1,20})" if rest is Rest.NAME else r"\s*([^\s，。,.!！?？]{1,20})"
    found = re.fullmatch(pattern, said[len(word) :])
    return None if found is None else found[1]


def _index_by_key(pairs: Iterable[tuple[K, V]]) -> dict[K, V]:
    found: dict[K, V] = {}
    for key, value in pairs:
        if key in found:
            raise TwiceDeclaredError(key)
        found[key] = value
    return found


DIGITS = parse_number
"""A number in the data of a button."""
WORD = str
"""Any text in the data of a button; its conversation checks the value."""
