"""Imports a roster of 5,000 people with the real command, from its start to its end."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from openpyxl import Workbook

from benchmarks import results
from benchmarks.postgres import run_server

BRANCHES, PEOPLE = 68, 5000


def build_rows() -> tuple[list[list[str]], list[list[str]]]:
    """Build the rows of a committee with its branches and people, one secretary a branch."""
    school = [["名称", "类型", "上级", "别名", "督导组"], ["学校党委", "党委", "", "", ""]]
    school += [[f"第{n}支部", "支部", "学校党委", "", ""] for n in range(1, BRANCHES + 1)]
    staff = [["姓名", "角色", "组织"]]
    for n in range(PEOPLE):
        staff.append([f"示例{n}", "书记" if n < BRANCHES else "党员", f"第{n % BRANCHES + 1}支部"])
    return school, staff


def write_files(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Write the roster as a workbook and as two CSV files; yields each kind with its paths."""
    school, staff = build_rows()
    book = Workbook()
    for title, lines in (("组织", school), ("人员", staff)):
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    del book["Sheet"]
    book.save(folder / "roster.xlsx")
    for name, lines in (("o.csv", school), ("p.csv", staff)):
        (folder / name).write_text("\n".join(",".join(line) for line in lines), "utf-8")
    yield "workbook", [str(folder / "roster.xlsx")]
    yield "CSV", [str(folder / "o.csv"), str(folder / "p.csv")]


STEPS = ("--help",), (), ("--yes",), ("--yes",)


def measure_command(database: str, *words: str) -> float:
    """Return the seconds of one run of the command."""
    begun = perf_counter()
    command = [sys.executable, "-m", "bot.cli.main", "import", *words]
    environment = {**os.environ, "QINGLI_DATABASE__URL": database}
    subprocess.run(command, env=environment, capture_output=True, check=True)
    return perf_counter() - begun


def main() -> None:
    """Measure both kinds of file on SQLite, and the workbook on PostgreSQL."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="qlbench") as place, run_server() as postgres:
        folder = Path(place)
        register = dict(write_files(folder))
        for kind, paths, name, address in (
            ("workbook", register["workbook"], "SQLite", f"sqlite:///{folder}/workbook.db"),
            ("CSV", register["CSV"], "SQLite", f"sqlite:///{folder}/csv.db"),
            ("workbook", register["workbook"], "PostgreSQL", postgres),
        ):
            took = [measure_command(address, *paths, *options) for options in STEPS]
            rows.append([f"{kind}, {name}", *(f"{seconds:.1f} s" for seconds in took)])
    head = [f"{PEOPLE:,} people, {BRANCHES} branches", "only the command's start", "looked at", "written",
            "again, nothing to do"]  # fmt: skip
    results.write_section(
        "importing", "Importing the register", results.format_table(head, rows), "One run each, wall clock."
    )


if __name__ == "__main__":
    main()
