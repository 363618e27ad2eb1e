"""The file of people: rows to persons with their places, and what is wrong with single cells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.rules.people import ROLE_NAMES, Role
from models.rules.roster.cells import ROLES, clean, identity, values
from models.rules.roster.sheets import Table
from models.rules.roster.values import PersonEntry, Place, Problem

LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Known:
    """What a person's cell may name: organizations and oversights by identity → full name."""

    organizations: Mapping[str, str]
    oversights: Mapping[str, str]


def read_people(table: Table, known: Known) -> tuple[tuple[PersonEntry, ...], list[Problem]]:
    """One person a row, in the file's order, and the wrong cells.

    Roles and organizations belong together in pairs when there are as many of one as of the other;
    a single one belongs to all of the others.
    """
    problems = list(table.problems)
    people = []
    for number, cells in table.rows:
        name = clean(cells.get("姓名", ""))
        if not name:
            problems.append(table.at(number, "姓名", "没有姓名；请填写，或删去这一行"))
        elif len(name) > LONGEST_NAME:
            problems.append(table.at(number, "姓名", f"姓名超过 {LONGEST_NAME} 个字；一行只写一个人"))
        places = _places(table, number, cells, known, problems)
        people.append(PersonEntry(name=name, places=places, position=number))
    return tuple(people), problems


def same_place(table: Table, people: Iterable[PersonEntry]) -> list[Problem]:
    """Two people of one name in one organization: right as it may be, somebody should look."""
    first: dict[tuple[str, str], int] = {}
    notes = []
    for person in people:
        for place in dict.fromkeys(place.name for place in person.places):
            before = first.setdefault((identity(person.name), place), person.position)
            if before != person.position:
                text = f"第 {before} 行在“{place}”也有“{person.name}”，按两个人登记；是同一人就合成一行"
                notes.append(table.at(person.position, "姓名", text))
    return notes


def _places(
    table: Table, number: int, cells: Mapping[str, str], known: Known, problems: list[Problem]
) -> tuple[Place, ...]:
    roles = _roles(table, number, cells, problems)
    names = values(cells.get("组织", ""))
    if not names and "组织" in cells:
        problems.append(table.at(number, "组织", "没有组织；请写所在的组织，督导写督导组"))
    if not roles or not names:
        return ()
    if len(roles) > 1 and len(names) > 1 and len(roles) != len(names):
        text = f"{len(roles)} 个角色对不上 {len(names)} 个组织；请写成一样多，按顺序一一对应"
        problems.append(table.at(number, "组织", text))
        return ()
    if len(roles) == len(names):
        pairs = list(zip(roles, names, strict=True))
    else:
        pairs = [(role, name) for role in roles for name in names]
    found = [_place(table, number, pair, known) for pair in pairs]
    problems += [place for place in found if isinstance(place, Problem)]
    return tuple(dict.fromkeys(place for place in found if isinstance(place, Place)))


def _roles(table: Table, number: int, cells: Mapping[str, str], problems: list[Problem]) -> list[Role]:
    # The same role may be written once for each organization, so repetitions count here.
    words = [word for part in cells.get("角色", "").split("、") for word in values(part)]
    fix = f"请写 {'、'.join(ROLE_NAMES.values())} 之一"
    if not words and "角色" in cells:
        problems.append(table.at(number, "角色", f"没有角色；{fix}"))
    unknown = [word for word in words if word not in ROLES]
    problems += [table.at(number, "角色", f"不认识角色“{word}”；{fix}") for word in unknown]
    return [] if unknown else [ROLES[word] for word in words]


def _place(table: Table, number: int, pair: tuple[Role, str], known: Known) -> Place | Problem:
    role, name = pair
    supervising = role is Role.SUPERVISOR
    right, other = known.organizations, known.oversights
    if supervising:
        right, other = other, right
    own = identity(name)
    if own in right:
        return Place(role, right[own])
    if own in other:
        fix = "督导的“组织”要写督导组" if supervising else f"{ROLE_NAMES[role]}的“组织”不能是督导组"
        return table.at(number, "组织", f"“{name}”：{fix}；请改正")
    if supervising:
        return table.at(number, "组织", f"没有督导组“{name}”；请在组织文件的“督导组”一列写上，或改正")
    return table.at(number, "组织", f"没有组织“{name}”；请在组织文件里加上，或改正")
