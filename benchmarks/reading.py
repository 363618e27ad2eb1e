"""Time of the readers for a text, and its growth with the length, beside one `re.search`."""

import json
import re
import statistics
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from benchmarks import results
from handlers.reading.dates.find import find_dates
from handlers.reading.reports.read import read_message
from handlers.reading.text.name_index import NameIndex

NOW = datetime.fromisoformat("2026-11-21T10:00:00+08:00")
NAMES = NameIndex.create(branches=[f"第{number}支部" for number in range(68)])
HERE = Path(__file__).parent
DATES = sorted((HERE / "date_cases").glob("*.jsonl"))
REPORTS = [HERE.parent / "tests" / "reading" / "data" / "messages.jsonl"]
SEEDS = [
    "11月15日召开支委会，到会23人。",
    "11月15日至",
    "昨天（",
    "每周一、",
    "上",
    "1",
    "一",
    " ",
    "《",
    "1月和",
]


def load_texts(files: list[Path]) -> list[str]:
    """Load the texts of JSON Lines files, whose lines have a "text" or an "input"."""
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    return [row.get("text") or row["input"] for row in rows]


def measure_microseconds(read: Callable[[str], object], texts: list[str]) -> float:
    """Return the mean CPU time of a text in µs, the best of five rounds."""
    rounds = []
    for _ in range(5):
        begun = time.process_time()
        for text in texts:
            read(text)
        rounds.append((time.process_time() - begun) / len(texts) * 1e6)
    return min(rounds)


def measure_growth(read: Callable[[str], object]) -> list[float]:
    """Return the time ratio of 12,000 to 3,000 characters for each repeated seed."""
    return [
        measure_microseconds(read, [(seed * 12_000)[:12_000]])
        / max(measure_microseconds(read, [(seed * 3_000)[:3_000]]), 1)
        for seed in SEEDS
    ]


def build_row(
    name: str, kind: str, read: Callable[[str], object], texts: list[str], bare: float
) -> list[str]:
    """Measure one reader on one kind of text."""
    mean = measure_microseconds(read, texts)
    long = measure_microseconds(read, ["；".join(texts)[:3000]]) / 1000
    grown = measure_growth(read)
    times = f"{statistics.median(grown):.1f} ×, at most {max(grown):.1f} ×"
    return [name, f"{len(texts)} {kind}", f"{mean:.0f} µs", f"{mean / bare:.0f} ×", f"{long:.1f} ms", times]


def main() -> None:
    """Measure both readers and the bare search."""
    dates, reports = load_texts(DATES), load_texts(REPORTS)
    search = re.compile(r"\d+月\d+日|昨天|今天|\d+人").search
    bare = measure_microseconds(search, reports)

    def find(text: str) -> object:
        return find_dates(text, now=NOW)

    def read(text: str) -> object:
        return read_message(text, now=NOW, names=NAMES)

    rows = [
        ["one `re.search`", f"{len(reports)} reports", f"{bare:.1f} µs", "1 ×", "", ""],
        build_row("`find_dates`", "date texts", find, dates, bare),
        build_row("`find_dates`", "reports", find, reports, bare),
        build_row("`read_message`", "reports", read, reports, bare),
    ]
    head = [
        "reader",
        "texts",
        "mean a text",
        "beside the first",
        "3,000 characters of them",
        "4 × the length",
    ]
    results.write_section(
        "reading",
        "Reading",
        results.format_table(head, rows),
        f"CPU time, the best of five rounds, warm. The length grows from 3,000 to 12,000 characters of "
        f"{len(SEEDS)} awkward beginnings, repeated: the median and the worst of them.",
    )


if __name__ == "__main__":
    main()
