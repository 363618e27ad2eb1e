"""Writes measurements to RESULTS.md; a run replaces the section of its command."""

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


def format_machine() -> str:
    """Describe the machine: cores, Python, SQLite, and its load at the last write."""
    versions = f"CPython {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    cores, load = len(os.sched_getaffinity(0)), os.getloadavg()[1]
    return (
        f"Measured on {cores} cores ({platform.machine()}) with {versions};\n"
        f"its load was {load:.0f} when a section was last written, and one above {cores} makes figures worse."
    )


def format_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Format a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write_section(command: str, title: str, *parts: str) -> None:
    """Print the section of a command, and insert it or replace its last one."""
    section = f"## {title}\n\n`python -m benchmarks.{command}`\n\n" + "\n\n".join(parts) + "\n"
    print(section)
    known = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    sections = re.findall(r"^## .*?(?=^## |\Z)", known, re.M | re.S)
    ours = [number for number, text in enumerate(sections) if re.search(rf"benchmarks[./]{command}\b", text)]
    if ours:
        sections[ours[0]] = section
    else:
        sections.append(section)
    text = "\n".join([HEAD.format(machine=format_machine()), *(each.rstrip() + "\n" for each in sections)])
    FILE.write_text(text, encoding="utf-8")


def format_goal(good: bool, words: str) -> str:
    """Format a goal as a cell: its words, and whether it was met."""
    return f"{words} {'✓' if good else '✗'}"
