"""Reads the file of organizations: rows to entries, and wrong cells."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from models.rules.people.roles import KIND_NAMES, OrganizationKind
from models.rules.roster.cells import KINDS, YES_NO, clean_text, get_identity, parse_day, split_values
from models.rules.roster.sheets import Table
from models.rules.roster.tree_checks import check_tree
from models.rules.roster.types import OrganizationEntry, Problem

LONGEST_NAME = 60
LONGEST_CONTACT = 120


def read_organizations(
    table: Table, stored: Iterable[OrganizationEntry], today: date
) -> tuple[tuple[OrganizationEntry, ...], list[Problem]]:
    """The entries of the file, with the ids of those that are stored, and the wrong cells.

    What a cell or a missing column leaves open stays as it is stored; an organization without a
    first day starts `today`.
    """
    entries = list(stored)
    reader = _Reader(
        table, today, {get_identity(name): name for entry in entries for name in entry.oversights}
    )
    matched = _match_rows(table, entries)
    rows = {
        number: reader.read_entry(_Row(number, cells, matched.get(number))) for number, cells in table.rows
    }
    rows, wrong = check_tree(table, rows)
    return tuple(rows.values()), [*table.problems, *reader.problems, *wrong]


def _match_rows(table: Table, stored: list[OrganizationEntry]) -> dict[int, OrganizationEntry]:
    """Which stored organization each row means: by its name, else by a name it had before.

    A row that gives an old name as an alias, or has become the name that was an alias, is a renaming,
    unless the file has a row of the old name too.
    """
    known = _StoredNames(stored)
    taken = {get_identity(cells.get("名称", "")) for _, cells in table.rows}
    found: dict[int, OrganizationEntry] = {}
    for number, cells in table.rows:
        own = get_identity(cells.get("名称", ""))
        for entry in known.list_meant(own, split_values(cells.get("别名", ""))):
            name = get_identity(entry.name)
            if name and (name == own or name not in taken):
                # A stored organization is meant by one row only.
                taken.add(name)
                found[number] = entry
                break
    return found


class _StoredNames:
    """The stored organizations by the identity of their names and of their aliases."""

    def __init__(self, stored: Iterable[OrganizationEntry]) -> None:
        self._by_name: dict[str, OrganizationEntry] = {}
        self._by_alias: dict[str, OrganizationEntry] = {}
        for entry in stored:
            self._by_name[get_identity(entry.name)] = entry
            for alias in () if entry.ended else entry.aliases:
                self._by_alias[get_identity(alias)] = entry

    def list_meant(self, own: str, aliases: Iterable[str]) -> Iterator[OrganizationEntry]:
        """The organizations that a row can mean, by its own name, its aliases, then as an old alias."""
        names = (own, *map(get_identity, aliases))
        candidates = (*(self._by_name.get(name) for name in names), self._by_alias.get(own))
        return (entry for entry in candidates if entry is not None)


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: Mapping[str, str]
    stored: OrganizationEntry | None

    def get_text(self, column: str) -> str:
        return clean_text(self.cells.get(column, ""))


@dataclass(slots=True)
class _Reader:
    table: Table
    today: date
    oversights: dict[str, str]
    problems: list[Problem] = field(default_factory=list)

    def read_entry(self, row: _Row) -> OrganizationEntry:
        name = self.read_name(row)
        return OrganizationEntry(
            name=name,
            kind=self.read_kind(row),
            parent=row.get_text("上级") or None,
            aliases=tuple(
                alias
                for alias in split_values(row.cells.get("别名", ""))
                if get_identity(alias) != get_identity(name)
            ),
            oversights=tuple(
                self.oversights.setdefault(get_identity(name), name)
                for name in split_values(row.cells.get("督导组", ""))
            ),
            has_committee=self.read_committee(row),
            starts_on=self.read_starts_on(row),
            position=row.number,
            id=row.stored.id if row.stored else None,
            contact=self.read_contact(row),
        )

    def read_name(self, row: _Row) -> str:
        name = row.get_text("名称")
        if not name:
            self.add_problem(row, "名称", "没有名称；请填写，或删去这一行")
        elif len(name) > LONGEST_NAME:
            self.add_problem(row, "名称", f"名称超过 {LONGEST_NAME} 个字；请写短一些")
        return name

    def read_kind(self, row: _Row) -> OrganizationKind:
        text = row.get_text("类型")
        if text not in KINDS and "类型" in row.cells:
            what = f"不认识类型“{text}”" if text else "没有类型"
            self.add_problem(row, "类型", f"{what}；请写 {'、'.join(KIND_NAMES.values())} 之一")
        return KINDS.get(text, OrganizationKind.BRANCH)

    def read_committee(self, row: _Row) -> bool:
        text = row.get_text("支委会")
        if not text:
            return row.stored.has_committee if row.stored else True
        if text not in YES_NO:
            self.add_problem(row, "支委会", f"看不懂“{text}”；请写 有 或 无")
        return YES_NO.get(text, True)

    def read_starts_on(self, row: _Row) -> date:
        text = row.get_text("启用日期")
        if not text:
            return row.stored.starts_on if row.stored else self.today
        found = parse_day(text)
        if found is None:
            self.add_problem(row, "启用日期", f"“{text}”不是日期；请写成 2026-09-01 这样")
        return found or self.today

    def read_contact(self, row: _Row) -> str | None:
        text = " ".join(row.cells.get("联系人", "").split())
        if "联系人" not in row.cells:
            return row.stored.contact if row.stored else None
        if len(text) > LONGEST_CONTACT:
            self.add_problem(row, "联系人", f"超过 {LONGEST_CONTACT} 个字；写姓名和电话就够了")
        return text or None

    def add_problem(self, row: _Row, column: str, text: str) -> None:
        self.problems.append(self.table.create_problem(row.number, column, text))
