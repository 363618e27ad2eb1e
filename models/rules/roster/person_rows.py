"""Reads the file of people: rows to persons with their places, and wrong cells."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

from models.rules.people.roles import ROLE_NAMES, Role
from models.rules.roster.cells import ROLES, clean_text, get_identity, split_values
from models.rules.roster.sheets import Table
from models.rules.roster.types import PersonEntry, Place, Problem

LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Known:
    """What a person's cell may name: organizations and oversights by identity → full name."""

    organizations: Mapping[str, str]
    oversights: Mapping[str, str]


def read_people(table: Table, known: Known) -> tuple[tuple[PersonEntry, ...], list[Problem]]:
    """Read one person a row, in the file's order, and the wrong cells.

    Roles and organizations belong together in pairs when there are as many of one as of the other;
    a single one belongs to all of the others. Rows whose names are merged are one person.
    """
    reader = _Reader(table, known, list(table.problems))
    people: list[PersonEntry] = []
    for number, cells in table.rows:
        row = _Row(number, cells)
        places, addresses = reader.read_places(row), reader.read_addresses(row)
        # A name merged over several rows: one person with several places.
        if number in table.continued and people:
            last = people[-1]
            both = tuple(dict.fromkeys((*last.places, *places)))
            people[-1] = replace(last, places=both, addresses=last.addresses | addresses)
        else:
            name = reader.read_name(row)
            people.append(PersonEntry(name=name, places=places, position=number, addresses=addresses))
    return tuple(people), reader.problems


class _Row(NamedTuple):
    """One row of the file: its number and its cells by column."""

    number: int
    cells: Mapping[str, str]

    def get_text(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(slots=True)
class _Reader:
    """Reads rows cell by cell; what is wrong goes to one list, so that all is reported at once."""

    table: Table
    known: Known
    problems: list[Problem]

    def read_name(self, row: _Row) -> str:
        name = clean_text(row.get_text("姓名"))
        if not name:
            self._add_problem(row, "姓名", "没有姓名；请填写，或删去这一行")
        elif len(name) > LONGEST_NAME:
            self._add_problem(row, "姓名", f"姓名超过 {LONGEST_NAME} 个字；一行只写一个人")
        return name

    def read_addresses(self, row: _Row) -> frozenset[str]:
        """The number of a Telegram account, which is that of its private chat too."""
        text = clean_text(row.get_text("聊天号"))
        if not text:
            return frozenset()
        if not re.fullmatch(r"[1-9]\d{3,15}", text, re.ASCII):
            fix = "请写 Telegram 的数字号（不是用户名、手机号），或留空"
            self._add_problem(row, "聊天号", f"“{text}”不是聊天号；{fix}")
            return frozenset()
        return frozenset((text,))

    def read_places(self, row: _Row) -> tuple[Place, ...]:
        roles = self._read_roles(row)
        names = split_values(row.get_text("组织"))
        if not names and "组织" in row.cells:
            self._add_problem(row, "组织", "没有组织；请写所在的组织，督导写督导组")
        if not roles or not names:
            return ()
        found = [self._read_place(row, role, name) for role, name in self._pair_roles(row, roles, names)]
        return tuple(dict.fromkeys(place for place in found if place is not None))

    def _pair_roles(
        self, row: _Row, roles: Sequence[Role], names: Sequence[str]
    ) -> Iterable[tuple[Role, str]]:
        """Each role with its organization: as many of both one by one, one of either with all."""
        if len(roles) == len(names):
            return zip(roles, names, strict=True)
        if len(roles) == 1 or len(names) == 1:
            return product(roles, names)
        text = f"{len(roles)} 个角色对不上 {len(names)} 个组织；请写成一样多，按顺序一一对应"
        self._add_problem(row, "组织", text)
        return ()

    def _read_roles(self, row: _Row) -> list[Role]:
        # The same role may be written once for each organization, so repetitions count here.
        words = [word for part in row.get_text("角色").split("、") for word in split_values(part)]
        fix = f"请写 {'、'.join(ROLE_NAMES.values())} 之一"
        if not words and "角色" in row.cells:
            self._add_problem(row, "角色", f"没有角色；{fix}")
        unknown = [word for word in words if word not in ROLES]
        for word in unknown:
            self._add_problem(row, "角色", f"不认识角色“{word}”；{fix}")
        return [] if unknown else [ROLES[word] for word in words]

    def _read_place(self, row: _Row, role: Role, name: str) -> Place | None:
        """Read a place: the name of an organization, for 督导 that of an oversight."""
        supervising = role is Role.SUPERVISOR
        right, other = self.known.organizations, self.known.oversights
        if supervising:
            right, other = other, right
        own = get_identity(name)
        if own in right:
            return Place(role, right[own])
        if own in other:
            fix = "督导的“组织”要写督导组" if supervising else f"{ROLE_NAMES[role]}的“组织”不能是督导组"
            self._add_problem(row, "组织", f"“{name}”：{fix}；请改正")
        elif supervising:
            self._add_problem(row, "组织", f"没有督导组“{name}”；请在组织文件的“督导组”一列写上，或改正")
        else:
            self._add_problem(row, "组织", f"没有组织“{name}”；请在组织文件里加上，或改正")
        return None

    def _add_problem(self, row: _Row, column: str, text: str) -> None:
        self.problems.append(self.table.create_problem(row.number, column, text))


def list_same_places(
    table: Table, people: Iterable[PersonEntry], stored: Mapping[int, PersonEntry]
) -> list[Problem]:
    """List two people of one name in one organization, for somebody to confirm.

    Nobody is asked again about two who are `stored` (by id) in that organization already.
    """
    first: dict[tuple[str, str], PersonEntry] = {}
    questions = []
    for person in people:
        for place in dict.fromkeys(place.name for place in person.places):
            before = first.setdefault((get_identity(person.name), place), person)
            if before is person or all(_has_place(stored, each, place) for each in (before, person)):
                continue
            text = f"第 {before.position} 行在“{place}”也有“{person.name}”，是两个人吗？"
            text += "是就这样导入，按两个人登记；是同一人请合成一行"
            questions.append(table.create_problem(person.position, "姓名", text))
    return questions


def _has_place(stored: Mapping[int, PersonEntry], person: PersonEntry, place: str) -> bool:
    known = stored.get(person.id or 0)
    return known is not None and place in {held.name for held in known.places}


def list_same_addresses(
    table: Table, people: Iterable[PersonEntry], stored: Iterable[PersonEntry]
) -> list[Problem]:
    """List chats given to two people, or to another person than their owner."""
    rows = list(people)
    staying = {person.id for person in rows}
    holders = {address: person for person in stored if person.id in staying for address in person.addresses}
    first: dict[str, int] = {}
    problems = []
    for person in rows:
        for address in person.addresses:
            before = first.setdefault(address, person.position)
            holder = holders.get(address)
            if before != person.position:
                text = f"聊天号和第 {before} 行相同；一个聊天号只能是一个人的"
                problems.append(table.create_problem(person.position, "聊天号", text))
            elif holder is not None and holder.id != person.id:
                text = f"这个聊天号现在是“{holder.name}”的；请核对"
                problems.append(table.create_problem(person.position, "聊天号", text))
    return problems
