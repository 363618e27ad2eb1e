"""The file of people: rows to persons with their places, and what is wrong with single cells."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from models.rules.people.roles import ROLE_NAMES, Role
from models.rules.roster.cells import ROLES, clean, identity, values
from models.rules.roster.sheets import Table
from models.rules.roster.types import PersonEntry, Place, Problem

LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Known:
    """What a person's cell may name: organizations and oversights by identity → full name."""

    organizations: Mapping[str, str]
    oversights: Mapping[str, str]


def read_people(table: Table, known: Known) -> tuple[tuple[PersonEntry, ...], list[Problem]]:
    """One person a row, in the file's order, and the wrong cells.

    Roles and organizations belong together in pairs when there are as many of one as of the other;
    a single one belongs to all of the others. Rows whose names are merged are one person.
    """
    problems = list(table.problems)
    people: list[PersonEntry] = []
    for number, cells in table.rows:
        places = _places(table, number, cells, known, problems)
        addresses = _addresses(table, number, cells, problems)
        if number in table.continued and people:
            last = people[-1]
            both = tuple(dict.fromkeys((*last.places, *places)))
            people[-1] = replace(last, places=both, addresses=last.addresses | addresses)
            continue
        name = clean(cells.get("姓名", ""))
        if not name:
            problems.append(table.at(number, "姓名", "没有姓名；请填写，或删去这一行"))
        elif len(name) > LONGEST_NAME:
            problems.append(table.at(number, "姓名", f"姓名超过 {LONGEST_NAME} 个字；一行只写一个人"))
        people.append(PersonEntry(name=name, places=places, position=number, addresses=addresses))
    return tuple(people), problems


def same_place(
    table: Table, people: Iterable[PersonEntry], stored: Mapping[int, PersonEntry]
) -> list[Problem]:
    """Two people of one name in one organization: somebody has to say that they are two.

    Nobody is asked again about two who are `stored` (by id) in that organization already.
    """
    first: dict[tuple[str, str], PersonEntry] = {}
    questions = []
    for person in people:
        for place in dict.fromkeys(place.name for place in person.places):
            before = first.setdefault((identity(person.name), place), person)
            if before is person or all(_holds(stored, each, place) for each in (before, person)):
                continue
            text = f"第 {before.position} 行在“{place}”也有“{person.name}”，是两个人吗？"
            text += "是就这样导入，按两个人登记；是同一人请合成一行"
            questions.append(table.at(person.position, "姓名", text))
    return questions


def _holds(stored: Mapping[int, PersonEntry], person: PersonEntry, place: str) -> bool:
    known = stored.get(person.id or 0)
    return known is not None and place in {held.name for held in known.places}


def same_address(table: Table, people: Iterable[PersonEntry], stored: Iterable[PersonEntry]) -> list[Problem]:
    """A chat that is given to two people, or to another one than whom it belongs to."""
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
                problems.append(table.at(person.position, "聊天号", text))
            elif holder is not None and holder.id != person.id:
                text = f"这个聊天号现在是“{holder.name}”的；请核对"
                problems.append(table.at(person.position, "聊天号", text))
    return problems


def _addresses(
    table: Table, number: int, cells: Mapping[str, str], problems: list[Problem]
) -> frozenset[str]:
    """The number of a Telegram account, which is that of its private chat too."""
    text = clean(cells.get("聊天号", ""))
    if not text:
        return frozenset()
    if not re.fullmatch(r"[1-9]\d{3,15}", text, re.ASCII):
        fix = "请写 Telegram 的数字号（不是用户名、手机号），或留空"
        problems.append(table.at(number, "聊天号", f"“{text}”不是聊天号；{fix}"))
        return frozenset()
    return frozenset((text,))


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
