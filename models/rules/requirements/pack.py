"""Packs: the requirements and observances of one source, and several as one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from operator import attrgetter

from models.rules.calendar.observances import Observance
from models.rules.calendar.versions import list_in_force, sort_versions
from models.rules.requirements.types import Requirement


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules and observances of one source; `notes` are for whoever reads it."""

    name: str
    title: str
    valid_from: date
    valid_until: date
    requirements: tuple[Requirement, ...] = ()
    observances: tuple[Observance, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def unchecked(self) -> int:
        """The number of rules and observances not compared with their source yet."""
        rules = sum(not each.checked for each in self.requirements)
        return rules + sum(not each.checked for each in self.observances)

    def list_in_force(self, day: date) -> tuple[Requirement, ...]:
        """The requirements that hold on a day, one version of each."""
        return tuple(list_in_force(self.requirements, day))


def adopt_pack(pack: Pack, since: date) -> Pack:
    """Adopt a pack, such as an old year's plan, as own rules from a day on, without end."""
    requirements = list_in_force(pack.requirements, pack.valid_until)
    observances = list_in_force(pack.observances, pack.valid_until)
    return replace(
        pack,
        valid_from=since,
        valid_until=date.max,
        requirements=tuple(replace(each, valid_from=since, valid_until=date.max) for each in requirements),
        observances=tuple(replace(each, valid_from=since, valid_until=date.max) for each in observances),
        notes=(*pack.notes, f"自{since}起由本单位采用"),
    )


def merge_packs(packs: Sequence[Pack]) -> Pack:
    """Several packs as one, with every rule in all its versions.

    Where two versions hold on the same day the one that began later counts.
    """
    if len(packs) == 1:
        return packs[0]
    every_requirement = chain.from_iterable(map(attrgetter("requirements"), packs))
    every_observance = chain.from_iterable(map(attrgetter("observances"), packs))
    return Pack(
        name="+".join(pack.name for pack in packs),
        title="、".join(pack.title for pack in packs),
        # Each rule keeps its own days; these only say when any rule of the packs holds.
        valid_from=min((pack.valid_from for pack in packs), default=date.min),
        valid_until=max((pack.valid_until for pack in packs), default=date.max),
        requirements=tuple(sort_versions(every_requirement)),
        observances=tuple(sort_versions(every_observance)),
        notes=tuple(chain.from_iterable(map(attrgetter("notes"), packs))),
    )
