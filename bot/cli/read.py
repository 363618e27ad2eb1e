"""`qingli dates`, `qingli read` and `qingli ask`: JSON Lines readers."""

import sys

import click

from bot.cli import jsonl

CONFIG_UNUSED = click.option(
    "--config",
    type=click.Path(dir_okay=False),
    expose_value=False,
    help="可以给，但这个命令不需要设置。",
)


@click.command("dates")
@CONFIG_UNUSED
def read_dates() -> None:
    """读日期：每行 {"text", "now"} → {"spans": [[起, 止], …]}。"""
    jsonl.answer_date_lines(sys.stdin, sys.stdout)


@click.command("read")
@CONFIG_UNUSED
def read_reports() -> None:
    """读报告：每行 {"text", "now", …} → {"intent", "records", "ask", "assumed"}。"""
    jsonl.answer_report_lines(sys.stdin, sys.stdout)


@click.command("ask")
@CONFIG_UNUSED
def read_questions() -> None:
    """读提问：每行 {"text", "now", …} → {"from", "to", "requirements", …}。"""
    jsonl.answer_question_lines(sys.stdin, sys.stdout)
