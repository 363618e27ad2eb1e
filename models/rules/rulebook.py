"""The rules in force as one value: requirements, observances and workdays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from models.rules.observances import Observance
from models.rules.requirements import Requirement
from models.rules.workdays import Workdays


@dataclass(frozen=True)
class Rulebook:
    """Requirements by key, in the pack's order, the observances and the workdays."""

    requirements: Sequence[Requirement]
    observances: Sequence[Observance]
    workdays: Workdays
    by_key: dict[str, Requirement] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {rule.key: rule for rule in self.requirements})

    def name(self, key: str) -> str:
        """What people call the requirement; a key that is no rule (a free record) is its own name."""
        return self.by_key[key].name if key in self.by_key else key

    def chosen(self, keys: Iterable[str]) -> tuple[Requirement, ...]:
        """The rules of these keys, in the pack's order."""
        wanted = set(keys)
        return tuple(rule for rule in self.requirements if rule.key in wanted)
