"""Drafts of reports: entries with the fields that are still open. PURE."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from handlers.reading.text.fixed_terms import list_slips, replace_slips
from handlers.reading.types import Event
from models.rules.requirements.entries import Entry, apply_correction, has_contradiction

ATTENDANCE = ("present", "expected", "absent")
_COPIED = ("held_on", "held_until", "period", *ATTENDANCE, "observers", "online", "quantity")
_TEXTS = ("topic", "place", "host")


class Piece(NamedTuple):
    """One entry of a draft.

    `ask` names the fields to ask for, `assumed` those that were inferred; `doubts` maps a field to the
    kind of doubt and its words. `branch` is the organization as written. `again` says what a second report
    of one day is: "correct" or "another". `slips` are corrected terms as (written, right).
    """

    entry: Entry
    ask: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    doubts: Mapping[str, str] = MappingProxyType({})
    branch: str | None = None
    again: str | None = None
    slips: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The JSON value that `Report.draft` stores."""
        return {
            "entry": self.entry.to_json(),
            "ask": list(self.ask),
            "assumed": list(self.assumed),
            "doubts": dict(self.doubts),
            "branch": self.branch,
            "again": self.again,
            "slips": [list(pair) for pair in self.slips],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Piece":
        """The inverse of `to_json`."""
        return cls(
            Entry.from_json(data["entry"]),
            tuple(data["ask"]),
            tuple(data["assumed"]),
            dict(data["doubts"]),
            data["branch"],
            data["again"],
            tuple((written, right) for written, right in data["slips"]),
        )


@dataclass(frozen=True, slots=True)
class Option:
    """One answer offered as a button: its label and the fields of the entry that it sets."""

    label: str
    sets: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """A question about one piece: the piece's index, the field, and the answers offered."""

    piece: int
    field: str
    options: tuple[Option, ...] = ()

    def to_json(self, number: int) -> dict[str, Any]:
        """The JSON value of `Report.question`; `number` invalidates buttons of earlier questions."""
        options = [[option.label, dict(option.sets)] for option in self.options]
        return {"number": number, "piece": self.piece, "field": self.field, "options": options}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Question":
        """The inverse of `to_json`."""
        options = tuple(Option(label, sets) for label, sets in data["options"])
        return cls(data["piece"], data["field"], options)


def build_piece(event: Event, text: str = "") -> Piece:
    """The piece of one activity that was read; the caller fills in requirement and organization."""
    known = {name: getattr(event, name) for name in (*_COPIED, *_TEXTS)}
    if event.topic is not None:
        known["topic"] = replace_slips(event.topic)
    return Piece(
        Entry(requirement=event.requirement, **known),
        ask=event.ask,
        assumed=event.assumed,
        doubts=_get_doubts(event),
        branch=event.branch,
        slips=list_slips(text),
    )


def merge_event(piece: Piece, event: Event) -> Piece:
    """The piece with the values that a later message states, and with that message's doubts."""
    stated = _get_stated_values(event)
    if not stated:
        return piece
    # With one figure changed the others follow (absent = expected - present); two or more replace them.
    numbers = {name: value for name, value in stated.items() if name in ATTENDANCE}
    entry = piece.entry._replace(**stated) if len(numbers) > 1 else apply_correction(piece.entry, stated)
    ask = tuple(name for name in piece.ask if name not in stated and not _is_answered_by(name, stated))
    assumed = tuple(name for name in piece.assumed if name not in stated)
    return piece._replace(
        entry=entry,
        ask=(*ask, *(name for name in event.ask if name in stated)),
        assumed=assumed,
        doubts={**piece.doubts, **_get_doubts(event)},
    )


def _get_stated_values(event: Event) -> dict[str, Any]:
    """The fields that a message states itself, without those that were inferred."""
    return {
        name: value
        for name in (*_COPIED, *_TEXTS)
        if (value := getattr(event, name)) is not None and name not in event.assumed
    }


def _get_doubts(event: Event) -> dict[str, str]:
    """`{"held_on": "vague_date:上周"}`: the kind of doubt and the words it is about."""
    return {doubt.field: f"{doubt.kind}:{doubt.text}" for doubt in event.doubts}


def choose_option(piece: Piece, asked: str, sets: Mapping[str, Any]) -> Piece:
    """The piece with the fields of the chosen answer set and its question closed."""
    if asked == "again":
        return piece._replace(again=sets["again"])
    values: dict[str, Any] = {
        name: date.fromisoformat(v) if name.startswith("held_") else v for name, v in sets.items()
    }
    names = {asked, *ATTENDANCE} if asked in ATTENDANCE else {asked}
    ask = tuple(name for name in piece.ask if name not in names)
    return piece._replace(entry=piece.entry._replace(**values), ask=ask)


def find_open_field(piece: Piece, today: date) -> str | None:
    """The first field that must be asked for before the piece can be stored, or None."""
    entry = piece.entry
    if entry.requirement is None or "requirement" in piece.ask:
        return "requirement"
    if entry.organization_id is None:
        return "organization_id"
    if entry.held_on is None or entry.held_on > today or "held_on" in piece.ask:
        return "held_on"
    if has_contradiction(entry):
        return "present"
    return next((name for name in piece.ask if name in (*ATTENDANCE, "period", "quantity")), None)


def list_day_options(today: date, suggested: date | None) -> tuple[Option, ...]:
    """Days to choose from: the written one if not in the future, today, and three days before."""
    days = [today - timedelta(days=back) for back in range(4)]
    if suggested is not None and suggested <= today and suggested not in days:
        days.insert(0, suggested)
    names = ("今天", "昨天", "前天")
    labels = {today - timedelta(days=back): name for back, name in enumerate(names)}
    return tuple(Option(_format_day(day, labels), {"held_on": day.isoformat()}) for day in days)


def list_figure_options(entry: Entry) -> tuple[Option, ...]:
    """Two readings of 实到 above 应到: the numbers were swapped, or all were present."""
    present, expected = entry.present or 0, entry.expected or 0
    return (
        Option(
            f"应到{present} 实到{expected}",
            {"expected": present, "present": expected, "absent": present - expected},
        ),
        Option(f"应到{present} 实到{present}", {"expected": present, "present": present, "absent": 0}),
    )


def list_requirement_options(names: Iterable[str], limit: int = 8) -> tuple[Option, ...]:
    """Activities to choose from."""
    return tuple(Option(name, {"requirement": name}) for name in list(dict.fromkeys(names))[:limit])


def list_organization_options(
    organizations: Sequence[tuple[int, str]], limit: int = 12
) -> tuple[Option, ...]:
    """Organizations to choose from."""
    return tuple(Option(name, {"organization_id": key}) for key, name in organizations[:limit])


def _format_day(day: date, names: Mapping[date, str]) -> str:
    return f"{day.month}月{day.day}日 {names[day]}" if day in names else f"{day.month}月{day.day}日"


def _is_answered_by(name: str, stated: Mapping[str, Any]) -> bool:
    # A stated figure closes the question about any of the three: they are asked for together.
    return name in ATTENDANCE and any(other in stated for other in ATTENDANCE)
