"""How long a register of 5,000 rows takes to come in: `python -m benchmarks.importing [DATABASE_URL]`.

Each line is one run of the real command, from its start to its end. Without an address it works on a
SQLite file of its own.
"""

import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from openpyxl import Workbook

BRANCHES, PEOPLE = 68, 5000


def rows() -> tuple[list[list[str]], list[list[str]]]:
    """A committee with its branches, and their people: a secretary each, the others members."""
    school = [["名称", "类型", "上级", "别名", "督导组"], ["学校党委", "党委", "", "", ""]]
    school += [[f"第{n}支部", "支部", "学校党委", "", ""] for n in range(1, BRANCHES + 1)]
    staff = [["姓名", "角色", "组织"]]
    for n in range(PEOPLE):
        staff.append([f"示例{n}", "书记" if n < BRANCHES else "党员", f"第{n % BRANCHES + 1}支部"])
    return school, staff


def files(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The same register as a workbook and as two CSV files; what to call them."""
    school, staff = rows()
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


def timed(database: str, *words: str) -> tuple[float, str]:
    """Seconds of one run, and its last line."""
    begun = perf_counter()
    command = [sys.executable, "-m", "bot.main", "import", *words]
    environment = {**os.environ, "QINGLI_DATABASE__URL": database}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return perf_counter() - begun, run.stdout.splitlines()[-1]


def main() -> None:
    """Print one line a measurement."""
    given = sys.argv[1] if len(sys.argv) > 1 else None
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for kind, paths in files(folder):
            database = given or f"sqlite:///{folder / f'{kind}.db'}"
            for label, options in (
                ("looked at", []),
                ("written", ["--yes"]),
                ("again, nothing to do", ["--yes"]),
            ):
                seconds, said = timed(database, *paths, *options)
                print(f"{PEOPLE} rows, {kind}, {label}: {seconds:.1f} s ({said})")


if __name__ == "__main__":
    main()
