"""Times the readers: `python benchmarks/reading.py [FILE.jsonl ...]` (lines with "text" or "input").

Without files the texts below are read. Every figure is the best of five rounds in one process, warm;
`re.search` over the same texts is printed beside them as the bare loop.
"""

import json
import re
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from handlers.reading.dates import find_dates
from handlers.reading.message import read_message
from handlers.reading.names import Names

NOW = datetime.fromisoformat("2026-11-21T10:00:00+08:00")
NAMES = Names.build(branches=[f"第{number}支部" for number in range(68)])
TEXTS = [
    "昨天主题党日，应到25实到23，学习《条例》",
    "11.18 支部大会 应到25 实到22 线上2 请假1 五楼",
    "三季度组织生活会已开，12人参加",
    "收到",
    "哪些支部11月主题党日还没报",
    "补报10月：\n10.9支委会 5人\n10.16主题党日 22/24\n10.30党课 24人 书记讲",
    "11月18日下午，城关小学党支部在党员活动室召开11月份主题党日活动，全体党员参加，活动由支部副书记主持。",
    "推迟到28号",
]
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


def texts_of(files: list[str]) -> list[str]:
    """The texts of JSON lines files, or the ones above."""
    rows = [json.loads(line) for file in files for line in Path(file).read_text("utf-8").splitlines()]
    return [row.get("text") or row["input"] for row in rows] or TEXTS


def microseconds(read: Callable[[str], object], texts: list[str]) -> float:
    """Mean µs a text, the best of five rounds."""
    rounds = []
    for _ in range(5):
        begun = time.process_time()
        for text in texts:
            read(text)
        rounds.append((time.process_time() - begun) / len(texts) * 1e6)
    return min(rounds)


def main() -> None:
    """Print one line a reader."""
    texts = texts_of(sys.argv[1:])
    bare = re.compile(r"\d+月\d+日|昨天|今天|\d+人")
    readers: list[tuple[str, Callable[[str], object]]] = [
        ("one re.search (the bare loop)", bare.search),
        ("find_dates", lambda text: find_dates(text, now=NOW)),
        ("read_message", lambda text: read_message(text, now=NOW, names=NAMES)),
    ]
    for name, read in readers:
        microseconds(read, texts)
        print(f"{name}: {microseconds(read, texts):.1f} µs a text ({len(texts)} texts)")
    long = [("；".join(texts) * 200)[:3000]]
    for name, read in readers[1:]:
        print(f"{name}: {microseconds(read, long) / 1000:.2f} ms for 3,000 characters")
        growth = [
            microseconds(read, [(seed * 12_000)[:12_000]])
            / max(microseconds(read, [(seed * 3_000)[:3_000]]), 1)
            for seed in SEEDS
        ]
        print(f"{name}: 4 times the length: {statistics.median(growth):.1f} times, at most {max(growth):.1f}")


if __name__ == "__main__":
    main()
