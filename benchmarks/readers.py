"""Our row in the table of date readers in docs/reading.md, on the cases beside this file.

`recognizers_zh.jsonl` is a half of the Chinese specs of Microsoft's Recognizers (MIT, licence beside it).
"""

import json
import statistics
import time
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from benchmarks import results
from handlers.reading.dates.find import find_dates

CASES = Path(__file__).with_name("date_cases")
SHANGHAI = timezone(timedelta(hours=8))
SPAN = ("explicit-range", "rel-period", "calendar-period", "rel-window")
POINT = (
    "rel-day", "rel-day+part", "weekday", "rel-month-day", "month-day", "day-only", "full-date", "date+time",
    "date+daypart", "holiday", "holiday-lunar", "lunar",
)  # fmt: skip
"""The categories of dates and of ranges; the others hold times, durations and texts without a date."""

Case = dict[str, Any]
Spans = list[tuple[str, str]]


def cases(name: str) -> list[Case]:
    """The cases of one file: `input`, `ref` (now), `cat`, `neg`, and `gold` with the days that are fair."""
    return [json.loads(line) for line in (CASES / name).read_text("utf-8").splitlines()]


def read(case: Case) -> Spans:
    """What we find, as first and last days in ISO."""
    now = datetime.fromisoformat(case["ref"])
    spans = find_dates(case["input"], now=now if now.tzinfo else now.replace(tzinfo=SHANGHAI)).spans
    return [(span.first.isoformat(), span.last.isoformat()) for span in spans]


def is_right(case: Case) -> bool:
    """Whether every expected span was found and nothing else; nothing at all where there is no date."""
    left = read(case)
    for expected in () if case["neg"] else case["gold"]:
        found = next((span for span in left if _fits(span, expected)), None)
        if found is None:
            return False
        left.remove(found)
    return not left


def _fits(span: tuple[str, str], expected: dict[str, Any]) -> bool:
    ends = (expected.get("fixed") or expected["starts"], expected.get("fixed") or expected["ends"])
    return all(fair is None or day in fair for day, fair in zip(span, ends, strict=True))


def share(chosen: Iterable[Case]) -> str:
    """`124/125`."""
    results = [is_right(case) for case in chosen]
    return f"{sum(results)}/{len(results)}"


def mean_microseconds(texts: list[Case], rounds: int = 5) -> float:
    """The mean time of a text, warm: the best of some rounds."""
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        for case in texts:
            read(case)
        times.append((time.process_time() - begun) / len(texts) * 1e6)
    return min(times)


def main() -> None:
    """The row."""
    spec, phrases, messages = (cases(f"{name}.jsonl") for name in ("recognizers_zh", "phrases", "messages"))
    dated = [case for case in spec if case["cat"] in (*POINT, *SPAN)]
    everything = [*spec, *phrases, *messages]
    length = statistics.mean(len(case["input"]) for case in everything)
    mean = f"{mean_microseconds(everything):.0f} µs"
    head = ["spec dates + ranges", "phrases", "messages", "mean time"]
    results.write(
        "readers",
        "Dates found",
        results.table(head, [[share(dated), share(phrases), share(messages), mean]]),
        f"The mean text has {length:.0f} characters. docs/reading.md has the rows of other readers.",
    )


if __name__ == "__main__":
    main()
