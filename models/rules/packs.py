"""A pack as a value: the requirements and observances of one source, and several packs as one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from models.rules.observances import Observance
from models.rules.requirements import Requirement


@dataclass(frozen=True, slots=True)
class Pack:
    """Rules and days of one source. `notes` say what a reader must know, also that it is an example."""

    name: str
    title: str
    valid_from: date
    valid_until: date
    requirements: tuple[Requirement, ...] = ()
    observances: tuple[Observance, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def unchecked(self) -> int:
        """How many rules and days nobody has compared with their source yet."""
        return sum(not each.checked for each in (*self.requirements, *self.observances))

    def in_force(self, day: date) -> tuple[Requirement, ...]:
        """The requirements that hold on a day, one version of each."""
        return tuple(in_force(self.requirements, day))


class Versioned(Protocol):
    """A rule that holds from one day to another, beside other versions under the same key."""

    @property
    def key(self) -> str:
        """The stable id that the versions share."""

    @property
    def valid_from(self) -> date:
        """The first day."""

    @property
    def valid_until(self) -> date:
        """The last day."""


Rule = TypeVar("Rule", bound=Versioned)


def in_force(rules: Iterable[Rule], day: date) -> list[Rule]:
    """The version of each rule that holds on a day: the one that began last, in the order of the keys."""
    found: dict[str, Rule] = {}
    for rule in rules:
        if rule.valid_from <= day <= rule.valid_until:
            other = found.get(rule.key)
            if other is None or other.valid_from <= rule.valid_from:
                found[rule.key] = rule
    return list(found.values())


def merged(packs: Sequence[Pack]) -> Pack:
    """Several packs as one: every rule in all its versions, those that end last at the end of their key.

    Where two versions hold on the same day the one that began later counts, as `in_force` says.
    """
    if len(packs) == 1:
        return packs[0]
    return Pack(
        name="+".join(pack.name for pack in packs),
        title="、".join(pack.title for pack in packs),
        valid_from=min((pack.valid_from for pack in packs), default=date.min),
        valid_until=max((pack.valid_until for pack in packs), default=date.max),
        requirements=tuple(_by_key([rule for pack in packs for rule in pack.requirements])),
        observances=tuple(_by_key([rule for pack in packs for rule in pack.observances])),
        notes=tuple(note for pack in packs for note in pack.notes),
    )


def _by_key(rules: Sequence[Rule]) -> list[Rule]:
    """The versions of a key side by side, at the place where the key appears first."""
    versions: dict[str, list[Rule]] = {}
    for rule in rules:
        versions.setdefault(rule.key, []).append(rule)
    return [
        rule
        for each in versions.values()
        for rule in sorted(each, key=lambda rule: (rule.valid_until, rule.valid_from))
    ]
