"""The register as values: organizations, people, problems of a file, and changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from models.rules.people.roles import OrganizationKind, Role


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that somebody has to look at: where it stands and what to do.

    `row` counts from 1 as a spreadsheet does; 0 means the file as a whole. `address` is the cell's.
    """

    file: str
    row: int
    column: str
    address: str
    text: str

    def __str__(self) -> str:
        row = f" 第 {self.row} 行" if self.row else ""
        column = f"“{self.column}”" if self.column else ""
        address = f"（{self.address}）" if self.address else ""
        return f"{self.file}{row}{column}{address}：{self.text}"


@dataclass(frozen=True, slots=True)
class Place:
    """A role in an organization, or (督导) in an oversight, by the name of it."""

    role: Role
    name: str

    @property
    def oversight(self) -> bool:
        """Whether the name is a 督导组's."""
        return self.role is Role.SUPERVISOR


@dataclass(frozen=True, slots=True)
class OrganizationEntry:
    """One organization of the register. `id` is empty for one that is not stored yet."""

    name: str
    kind: OrganizationKind
    parent: str | None
    aliases: tuple[str, ...]
    oversights: tuple[str, ...]
    has_committee: bool
    starts_on: date
    position: int
    id: int | None = None
    ended: bool = False
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """One person of the register with all places; no place: somebody who left.

    `former` are the places that were held once, by which a person who comes back is known again;
    `addresses` the chats that are, or by the file shall be, this person's.
    """

    name: str
    places: tuple[Place, ...]
    position: int
    id: int | None = None
    former: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Roster:
    """What is stored: ended organizations and people who left included."""

    organizations: tuple[OrganizationEntry, ...] = ()
    people: tuple[PersonEntry, ...] = ()

    @property
    def oversights(self) -> tuple[str, ...]:
        """The 督导组 that look after an organization, in order of their first one."""
        present = (entry for entry in self.organizations if not entry.ended)
        return tuple(dict.fromkeys(name for entry in present for name in entry.oversights))


Entry = TypeVar("Entry", OrganizationEntry, PersonEntry)


@dataclass(frozen=True, slots=True)
class Change(Generic[Entry]):
    """One entry before and after: no `before` is new, no `after` is gone."""

    before: Entry | None
    after: Entry | None


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would change. It may be applied only when nothing is wrong.

    `organizations` and `people` hold new, changed and gone entries. The two orders give the new
    positions by id; `reordered` says that they are more than a shift by others that came or went.
    `oversights` are all 督导组 afterwards, in order.
    """

    organizations: tuple[Change[OrganizationEntry], ...] = ()
    people: tuple[Change[PersonEntry], ...] = ()
    organization_order: Mapping[int, int] = field(default_factory=dict)
    people_order: Mapping[int, int] = field(default_factory=dict)
    reordered: bool = False
    oversights: tuple[str, ...] = ()
    wrong: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether the register already is as the files say."""
        return not (self.organizations or self.people or self.reordered)
