"""`qingli dates`, `qingli read` and `qingli ask`: readers of JSON lines, one answer a line."""

import sys

import click

from bot import reading_lines

CONFIG_UNUSED = click.option(
    "--config",
    type=click.Path(dir_okay=False),
    expose_value=False,
    help="可以给，但这个命令不需要设置。",
)


@click.command("dates")
@CONFIG_UNUSED
def dates() -> None:
    """读日期：每行 {"text", "now"} → {"spans": [[起, 止], …]}。"""
    reading_lines.date_lines(sys.stdin, sys.stdout)


@click.command("read")
@CONFIG_UNUSED
def read() -> None:
    """读报告：每行 {"text", "now", …} → {"intent", "records", "ask", "assumed"}。"""
    reading_lines.read_lines(sys.stdin, sys.stdout)


@click.command("ask")
@CONFIG_UNUSED
def ask() -> None:
    """读提问：每行 {"text", "now", …} → {"from", "to", "requirements", …}。"""
    reading_lines.ask_lines(sys.stdin, sys.stdout)
