"""Past records from a table (补录): rows to entries, and everything that is wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import TypeVar

from models.rules.calendar.periods import PeriodError, parse_period
from models.rules.requirements.entries import Entry
from models.rules.requirements.period_assignment import find_part
from models.rules.requirements.types import GoalKind, Requirement
from models.rules.roster.cells import clean_text, parse_day
from models.rules.roster.sheets import Sheet, Table, read_table
from models.rules.roster.types import Problem

COLUMNS = ("组织", "事项", "日期")
FIGURES = {"应到": "expected", "实到": "present", "缺席": "absent", "列席": "observers"}
TEXTS = {"主题": "topic", "地点": "place", "主持": "host"}
EXTRAS = (*FIGURES, "数量", *TEXTS, "专题", "所属期")
MOST = 100_000

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Backfill:
    """The entries of a file with their row numbers, and its mistakes.

    An entry has a period only where the file states one.
    """

    entries: tuple[tuple[int, Entry], ...]
    problems: tuple[Problem, ...]


def read_backfill(
    sheet: Sheet, organizations: Mapping[str, int], rules: Mapping[str, Requirement], today: date
) -> Backfill:
    """Read the records of a sheet; names and aliases of organizations and rules are known."""
    read = read_table(sheet, COLUMNS, EXTRAS)
    problems = list(read.problems)
    entries = []
    for number, cells in read.rows:
        row = _Row(read, number, cells, problems)
        before = len(problems)
        entry = row.read_entry(organizations, rules, today)
        if len(problems) == before:
            entries.append((number, entry))
    return Backfill(tuple(entries), tuple(problems))


class _Row:
    """One row of the file on its way to an entry; its mistakes go to the common list."""

    def __init__(self, read: Table, number: int, cells: Mapping[str, str], problems: list[Problem]) -> None:
        self._read, self._number, self._problems = read, number, problems
        self._cells = {column: clean_text(text) for column, text in cells.items()}

    def read_entry(
        self, organizations: Mapping[str, int], rules: Mapping[str, Requirement], today: date
    ) -> Entry:
        rule = self._read_name("事项", rules)
        figures = {name: self._read_count(column) for column, name in FIGURES.items()}
        present, expected, absent = (figures[name] for name in ("present", "expected", "absent"))
        if present is not None and expected is not None:
            if present > expected:
                self._add_problem("实到", f"实到 {present} 多于应到 {expected}")
            # The third figure follows; one that is written is kept as it is.
            elif absent is None:
                figures["absent"] = expected - present
        texts = {name: self._cells.get(column) or None for column, name in TEXTS.items()}
        entry = Entry(
            requirement=rule.key if rule else None,
            organization_id=self._read_name("组织", organizations),
            held_on=self._read_day(today),
            period=self._read_period(),
            quantity=self._read_quantity(),
            part=self._read_part(rule),
        )
        return entry._replace(**texts, **figures)  # type: ignore[arg-type]

    def _read_name(self, column: str, known: Mapping[str, Found]) -> Found | None:
        text = self._cells.get(column, "")
        if text in known:
            return known[text]
        near = get_close_matches(text, known, n=1, cutoff=0.5)
        hint = f"；是不是“{near[0]}”？" if near else ""
        self._add_problem(column, f"没有“{text}”{hint}" if text else "没有填")
        return None

    def _read_day(self, today: date) -> date | None:
        text = self._cells.get("日期", "")
        found = parse_day(text)
        if found is None:
            self._add_problem("日期", f"“{text}”不是日期，请写成 2026-09-05")
        elif found > today:
            self._add_problem("日期", f"{found} 还没到")
        return found

    def _read_count(self, column: str) -> int | None:
        text = self._cells.get(column, "").removesuffix("人")
        if not text:
            return None
        if not text.isdecimal() or int(text) > MOST:
            self._add_problem(column, f"“{text}”应为人数，写数字")
            return None
        return int(text)

    def _read_quantity(self) -> float | None:
        text = self._cells.get("数量", "").rstrip("节学课时次名")
        try:
            return float(text) if text else None
        except ValueError:
            self._add_problem("数量", f"“{text}”应为数字")
            return None

    def _read_period(self) -> str | None:
        text = self._cells.get("所属期", "")
        try:
            return parse_period(text).key if text else None
        except PeriodError as error:
            self._add_problem("所属期", str(error))
            return None

    def _read_part(self, rule: Requirement | None) -> str | None:
        if rule is None or rule.goal.kind is not GoalKind.PARTS:
            return None
        found = find_part(rule.goal, (self._cells.get("专题", ""), self._cells.get("主题", "")))
        if found is None:
            self._add_problem("专题", f"请写明是哪个专题：{'、'.join(rule.goal.parts)}")
        return found

    def _add_problem(self, column: str, text: str) -> None:
        self._problems.append(self._read.create_problem(self._number, column, text))


def index_by_name(rules: Sequence[Requirement]) -> dict[str, Requirement]:
    """Requirements by all their names."""
    by_alias = {alias: rule for rule in rules for alias in rule.aliases}
    return by_alias | {name: rule for rule in rules for name in (rule.key, rule.name)}
