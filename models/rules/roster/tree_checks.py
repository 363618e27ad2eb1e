"""Checks that the rows make a tree: unique names, known superiors, no loops, ranks."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from models.rules.people.roles import KIND_NAMES, OrganizationKind
from models.rules.roster.cells import get_identity
from models.rules.roster.sheets import Table
from models.rules.roster.types import OrganizationEntry, Problem

_RANK = {kind: rank for rank, kind in enumerate(OrganizationKind)}
Rows = Mapping[int, OrganizationEntry]


def check_tree(table: Table, rows: Rows) -> tuple[dict[int, OrganizationEntry], list[Problem]]:
    """The rows with superiors by their full names, and what keeps them from being a tree."""
    problems = [*_check_names(table, rows), *_check_aliases(table, rows)]
    known = index_names(rows.values())
    resolved: dict[int, OrganizationEntry] = {}
    for number, entry in rows.items():
        parent = known.get(get_identity(entry.parent)) if entry.parent else None
        if entry.parent and not parent:
            text = f"没有名称为“{entry.parent}”的组织；请改正，或给它加一行"
            problems.append(table.create_problem(number, "上级", text))
        resolved[number] = replace(entry, parent=parent)
    looping = list(_check_loops(table, resolved))
    return resolved, [*problems, *looping, *([] if looping else _check_ranks(table, resolved, rows))]


def index_names(entries: Iterable[OrganizationEntry]) -> dict[str, str]:
    """Every name and alias, by its identity, to the organization's name; names win over aliases."""
    found = [entry for entry in entries if entry.name and not entry.ended]
    index = {get_identity(alias): entry.name for entry in found for alias in entry.aliases}
    return index | {get_identity(entry.name): entry.name for entry in found}


def _check_names(table: Table, rows: Rows) -> Iterable[Problem]:
    first: dict[str, int] = {}
    for number, entry in rows.items():
        before = first.setdefault(get_identity(entry.name), number)
        if entry.name and before != number:
            text = f"“{entry.name}”与第 {before} 行重名；请改名，或删去一行"
            yield table.create_problem(number, "名称", text)


def _check_aliases(table: Table, rows: Rows) -> Iterable[Problem]:
    names = {get_identity(entry.name): number for number, entry in rows.items()}
    first: dict[str, tuple[str, int]] = {}
    for number, entry in rows.items():
        for alias in entry.aliases:
            if other := names.get(get_identity(alias)):
                yield table.create_problem(
                    number, "别名", f"别名“{alias}”是第 {other} 行的名称；请换一个别名"
                )
                continue
            name, before = first.setdefault(get_identity(alias), (entry.name, number))
            if before != number:
                text = f"别名“{alias}”已给了第 {before} 行“{name}”；一个别名只能指一个组织"
                yield table.create_problem(number, "别名", text)


def _check_loops(table: Table, rows: Rows) -> Iterable[Problem]:
    above = {entry.name: entry.parent for entry in rows.values()}
    told: set[str] = set()
    for number, entry in rows.items():
        chain = [entry.name]
        # Ends at the top or where the chain bites itself.
        while (parent := above.get(chain[-1])) is not None and parent not in chain:
            chain.append(parent)
        if parent == entry.name and entry.name not in told:
            told.update(chain)
            circle = " → ".join([*chain, entry.name])
            text = "上级不能是自己" if len(chain) == 1 else f"上级绕成了一圈：{circle}"
            yield table.create_problem(number, "上级", f"{text}；请改正其中一个上级")


def _check_ranks(table: Table, rows: Rows, written: Rows) -> Iterable[Problem]:
    kinds = {entry.name: entry.kind for entry in rows.values()}
    for number, entry in rows.items():
        if entry.parent is None:
            if entry.kind is OrganizationKind.GROUP and written[number].parent is None:
                yield table.create_problem(number, "上级", "小组要有上级；请写它所在的支部")
            continue
        above = kinds[entry.parent]
        if entry.kind is OrganizationKind.GROUP:
            fits = above is OrganizationKind.BRANCH
        else:
            # A committee may stand under another one: 局党委 above 学校党委.
            same = above is entry.kind is OrganizationKind.COMMITTEE
            fits = same or _RANK[above] < _RANK[entry.kind]
        if not fits:
            text = f"{KIND_NAMES[entry.kind]}不能放在{KIND_NAMES[above]}“{entry.parent}”下面；请改类型或上级"
            yield table.create_problem(number, "上级", text)
