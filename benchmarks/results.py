"""Writes measurements into RESULTS.md: each has a section of its own, which its next run replaces."""

import os
import platform
import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path

FILE = Path(__file__).with_name("RESULTS.md")
HEAD = """# Results

`make bench` measures everything again and rewrites this file; each section names the command that measures it
alone. A figure that depends on the machine stands beside the bare library or the bare statement in the same
run: the ratio is what counts. {machine}
"""


def machine() -> str:
    """What it was measured on: cores, Python, SQLite, and how busy it was when a section was last written."""
    versions = f"CPython {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    cores, load = len(os.sched_getaffinity(0)), os.getloadavg()[1]
    return (
        f"Measured on {cores} cores ({platform.machine()}) with {versions};\n"
        f"its load was {load:.0f} when a section was last written, and one above {cores} makes figures worse."
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(command: str, title: str, *parts: str) -> None:
    """Put the section of a command in, or in the place of its last one, and print it."""
    section = f"## {title}\n\n`python -m benchmarks.{command}`\n\n" + "\n\n".join(parts) + "\n"
    print(section)
    known = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    sections = re.findall(r"^## .*?(?=^## |\Z)", known, re.M | re.S)
    ours = [number for number, text in enumerate(sections) if re.search(rf"benchmarks[./]{command}\b", text)]
    if ours:
        sections[ours[0]] = section
    else:
        sections.append(section)
    text = "\n".join([HEAD.format(machine=machine()), *(each.rstrip() + "\n" for each in sections)])
    FILE.write_text(text, encoding="utf-8")


def goal(good: bool, words: str) -> str:
    """A goal as a cell: its words, and whether it was met."""
    return f"{words} {'✓' if good else '✗'}"
