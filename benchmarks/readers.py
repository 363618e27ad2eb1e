"""The program's row in the table of date readers in docs/reading.md.

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


def load_cases(name: str) -> list[Case]:
    """Load a file of cases.

    A case has `input`, `ref` (now), `cat`, `neg`, and `gold` with the acceptable days.
    """
    return [json.loads(line) for line in (CASES / name).read_text("utf-8").splitlines()]


def read_case(case: Case) -> Spans:
    """Return the spans found, as first and last days in ISO form."""
    now = datetime.fromisoformat(case["ref"])
    spans = find_dates(case["input"], now=now if now.tzinfo else now.replace(tzinfo=SHANGHAI)).spans
    return [(span.first.isoformat(), span.last.isoformat()) for span in spans]


def is_right(case: Case) -> bool:
    """Whether exactly the expected spans were found; none where `neg` is set."""
    left = read_case(case)
    for expected in () if case["neg"] else case["gold"]:
        found = next((span for span in left if _is_fair(span, expected)), None)
        if found is None:
            return False
        left.remove(found)
    return not left


def _is_fair(span: tuple[str, str], expected: dict[str, Any]) -> bool:
    ends = (expected.get("fixed") or expected["starts"], expected.get("fixed") or expected["ends"])
    return all(fair is None or day in fair for day, fair in zip(span, ends, strict=True))


def format_share(chosen: Iterable[Case]) -> str:
    """Format the share of right cases, such as `124/125`."""
    results = [is_right(case) for case in chosen]
    return f"{sum(results)}/{len(results)}"


def measure_microseconds(texts: list[Case], rounds: int = 5) -> float:
    """Return the mean time of a text when warm: the best of some rounds."""
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        for case in texts:
            read_case(case)
        times.append((time.process_time() - begun) / len(texts) * 1e6)
    return min(times)


def main() -> None:
    """Measure the row."""
    spec, phrases, messages = (
        load_cases(f"{name}.jsonl") for name in ("recognizers_zh", "phrases", "messages")
    )
    dated = [case for case in spec if case["cat"] in (*POINT, *SPAN)]
    everything = [*spec, *phrases, *messages]
    length = statistics.mean(len(case["input"]) for case in everything)
    mean = f"{measure_microseconds(everything):.0f} µs"
    head = ["spec dates + ranges", "phrases", "messages", "mean time"]
    results.write_section(
        "readers",
        "Dates found",
        results.format_table(
            head, [[format_share(dated), format_share(phrases), format_share(messages), mean]]
        ),
        f"The mean text has {length:.0f} characters. docs/reading.md has the rows of other readers.",
    )


if __name__ == "__main__":
    main()
