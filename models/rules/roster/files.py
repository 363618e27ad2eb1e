"""Reads the files of a register: workbooks and CSV, each part known by its columns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from models.rules.roster.cells import clean_text
from models.rules.roster.import_plan import plan_import
from models.rules.roster.sheets import Sheet, create_file_problem, find_kind, read_csv
from models.rules.roster.types import ImportPlan, Problem, Roster

NEITHER = "没有找到名册；组织表要有“名称”一列，人员表要有“姓名”一列，可用 qingli template 生成模板"
LONGEST_NAME = 40


def read_file(name: str, data: bytes) -> list[Sheet]:
    """The sheets of a workbook, or the one of a CSV file, whatever the name ends with."""
    shown = clean_text(name.replace("\\", "/").rpartition("/")[2])[:LONGEST_NAME] or "文件"
    # By the content: files come with wrong endings, and chats rename them.
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        from models.rules.roster.xlsx import read_workbook  # noqa: PLC0415 - openpyxl is slow to import

        return read_workbook(shown, data)
    return [read_csv(shown, data)]


def select_kind(sheets: Iterable[Sheet], kind: str) -> list[Sheet]:
    """Of a file that is said to be of one kind the sheet of that kind; a single sheet as it is."""
    given = list(sheets)
    return given if len(given) == 1 else [sheet for sheet in given if find_kind(sheet) == kind]


@dataclass(frozen=True, slots=True)
class Files:
    """The two parts of a register as they were handed in; `problems` are files that are neither."""

    organizations: Sheet | None = None
    people: Sheet | None = None
    problems: tuple[Problem, ...] = ()


def find_parts(sheets: Iterable[Sheet]) -> Files:
    """Find the two parts among sheets, by their columns, else by the sheets' names."""
    given = list(sheets)
    problems = [problem for sheet in given for problem in sheet.problems]
    found: dict[str, Sheet] = {}
    for kind, sheet in _list_parts(given):
        if kind in found:
            problems.append(create_file_problem(sheet.name, f"和“{found[kind].name}”是同一种表；请合成一张"))
        found.setdefault(kind, sheet)
    if given and not found and not problems:
        problems.append(create_file_problem(given[0].name, NEITHER))
    return Files(found.get("organizations"), found.get("people"), tuple(problems))


def _list_parts(sheets: Iterable[Sheet]) -> list[tuple[str, Sheet]]:
    """The readable sheets with their kinds, without empty ones unless all are empty."""
    parts = [(kind, sheet) for sheet in sheets if not sheet.problems and (kind := find_kind(sheet))]
    return [(kind, sheet) for kind, sheet in parts if not _is_empty(sheet)] or parts


def _is_empty(sheet: Sheet) -> bool:
    """Whether a sheet has nothing under its titles: its part of the register stays as it is."""
    rows = [cells for cells in sheet.rows if any(map(clean_text, cells))]
    return len(rows) <= 1


def plan_from(stored: Roster, files: Files, *, today: date) -> ImportPlan:
    """Plan the import of files whose parts are known; problems of files prevent it."""
    plan = plan_import(stored, files.organizations, files.people, today=today)
    if not files.problems:
        return plan
    # With a part that could not be read nothing may be written: what is missing would count as gone.
    return ImportPlan(wrong=(*files.problems, *plan.wrong), notes=plan.notes)
