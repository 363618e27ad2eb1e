"""`qingli calendar`: festivals and due dates of some years as text, JSON or iCalendar."""

import json
import re
from datetime import date, datetime
from html import unescape
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from bot.cli.common import (
    AS_OF,
    JSON,
    WRONG_SETTINGS,
    fail,
    format_reason,
    open_existing_database,
    parse_moment,
    settings_command,
)
from bot.cli.lookup import get_organization_id
from bot.settings.load import Settings
from bot.settings.to_rules import build_rulebook
from handlers.calendar import texts as calendar_texts
from models.records import agenda
from models.records.agenda import Agenda
from models.rules.calendar.festivals import FIRST_YEAR, LAST_YEAR
from models.rules.output.agenda import create_agenda as agenda_lines, group_by_month
from models.rules.output.feed_events import create_feed_events
from models.rules.output.icalendar import format_calendar
from models.rules.requirements.rulebook import Rulebook


@click.command("calendar")
@click.option("--year", "years", help="哪一年，或几年：2027、1901-2099；默认今年。")
@click.option("--branch", help="只看这个组织（和它下面的），按它自己的学期和放假。")
@JSON
@click.option(
    "--ics",
    "ics_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="写成 iCalendar 文件，可导入手机和电脑的日历。",
)
@AS_OF
@settings_command
def show_calendar(
    settings: Settings,
    *,
    years: str | None,
    branch: str | None,
    as_json: bool,
    ics_file: Path | None,
    as_of: str | None,
) -> None:
    """一年里哪些日子要紧、什么时候提醒、哪天什么到期。"""
    if as_json and ics_file:
        raise click.UsageError("--json 和 --ics 只能用一个")
    now = parse_moment(as_of, settings.calendar.zone) or datetime.now(settings.calendar.zone)
    first, last = _parse_years(years, now.date())
    rules = build_rulebook(settings)
    shown = _get_agenda(settings, rules, first, last, branch)
    if ics_file:
        _write_ics(ics_file, shown, rules, _format_title(branch), now)
    elif as_json:
        click.echo(json.dumps(_agenda_json(shown), ensure_ascii=False, indent=1))
    else:
        _print_calendar(shown, rules, _format_title(branch))


def _get_agenda(settings: Settings, rules: Rulebook, first: date, last: date, branch: str | None) -> Agenda:
    """Return the agenda; without a reachable database it has festivals only."""
    try:
        with open_existing_database(settings) as database:
            if database is not None:
                with database.read() as session:
                    chosen = get_organization_id(session, branch) if branch else None
                    return agenda.load_agenda(session, rules, first, last, organization_id=chosen)
    except (DBAPIError, OSError) as error:
        if branch:
            raise
        click.echo(f"数据库不通（{format_reason(error)}），只列节日", err=True)
    if branch:
        fail(f"没有名册，找不到“{branch}”；请先 qingli import", WRONG_SETTINGS)
    return agenda.list_observances(rules, first, last)


def _write_ics(file: Path, shown: Agenda, rules: Rulebook, title: str, now: datetime) -> None:
    events = create_feed_events(shown.days, shown.due, rules, shown.names, shown.changes)
    # iCalendar (RFC 5545) wants CRLF, which newline translation would change.
    file.write_text(format_calendar(title, events, now), encoding="utf-8", newline="")
    click.echo(f"已写入 {file}：{len(events)} 条")


def _parse_years(years: str | None, today: date) -> tuple[date, date]:
    found = re.fullmatch(r"(\d{4})(?:\s*[-—–~～至]\s*(\d{4}))?年?", (years or str(today.year)).strip())
    if found:
        begin, end = int(found[1]), int(found[2] or found[1])
        if FIRST_YEAR <= begin <= end <= LAST_YEAR:
            return date(begin, 1, 1), date(end, 12, 31)
    raise click.BadParameter(
        f"“{years}”不行，请写一年或从小到大的两年，{FIRST_YEAR} 到 {LAST_YEAR}，例如 2027 或 1901-2099",
        param_hint="--year",
    )


def _agenda_json(shown: Agenda) -> dict[str, Any]:
    return {
        "observances": [
            {
                "key": day.observance.key,
                "name": day.observance.name,
                "date": day.date.isoformat(),
                "remind_on": day.remind_on.isoformat() if day.remind_on else None,
                "status": "provisional" if day.provisional else "official",
            }
            for day in shown.days
        ],
        "occurrences": [
            {
                "branch": shown.names[row.organization_id],
                "requirement": row.requirement,
                "period": row.period,
                "due_on": row.due_on.isoformat(),
            }
            for row in shown.due
            if not row.waived
        ],
    }


def _print_calendar(shown: Agenda, rules: Rulebook, title: str) -> None:
    lines = agenda_lines(shown.days, shown.due, rules, shown.names)
    click.echo(title)
    for first, found in group_by_month(lines):
        click.echo(f"\n{first.year}年{first.month}月")
        for text in calendar_texts.format_month_lines(found, first):
            click.echo(f"  {unescape(text)}")
    for text in calendar_texts.format_footnote(lines):
        click.echo(f"\n{text}")


def _format_title(branch: str | None) -> str:
    return f"{branch} · 清历" if branch else "清历"
