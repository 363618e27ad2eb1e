"""Several versions of one rule, and which of them holds on a day."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar


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


def list_in_force(rules: Iterable[Rule], day: date) -> list[Rule]:
    """The version of each rule that holds on a day, in the order of the keys.

    Of several the one that began last counts.

    Of two that began on the same day the later one in the list counts.
    """
    found: dict[str, Rule] = {}
    for rule in rules:
        if rule.valid_from <= day <= rule.valid_until:
            other = found.get(rule.key)
            # The later of two in the list wins a tie.
            if other is None or other.valid_from <= rule.valid_from:
                found[rule.key] = rule
    return list(found.values())


def sort_versions(rules: Iterable[Rule]) -> list[Rule]:
    """Sort rules so that the versions of a key stand together, the last to end at their end."""
    versions: dict[str, list[Rule]] = {}
    for rule in rules:
        versions.setdefault(rule.key, []).append(rule)
    return [
        rule
        for each in versions.values()
        for rule in sorted(each, key=lambda rule: (rule.valid_until, rule.valid_from))
    ]
