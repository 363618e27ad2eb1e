"""`qingli dates`, `qingli read` and `qingli ask`: readers of JSON lines, one answer a line."""

import sys

import click

from bot import reading_lines


@click.command("dates")
def dates() -> None:
    """Dates in texts: {"text", "now"} → {"spans": [[first, last], …]}, a line each."""
    reading_lines.date_lines(sys.stdin, sys.stdout)


@click.command("read")
def read() -> None:
    """Reports: {"text", "now", …} → {"intent", "records", "ask", "assumed"}, a line each."""
    reading_lines.read_lines(sys.stdin, sys.stdout)


@click.command("ask")
def ask() -> None:
    """Questions: {"text", "now", …} → {"from", "to", "requirements", …}, a line each."""
    reading_lines.ask_lines(sys.stdin, sys.stdout)
