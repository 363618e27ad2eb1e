"""`qingli status` and `qingli records`: the figures of the chat, as lines or JSON."""

import json
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import click
from sqlalchemy import select

from bot.cli.common import AS_OF, JSON, open_database, parse_moment, settings_command
from bot.settings.load import Settings
from bot.settings.to_rules import build_rulebook
from handlers.status import lists, texts as status_texts
from handlers.status.paging import get_page
from handlers.status.texts import Item
from models.records import overrides
from models.records.completions import CURRENT
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.status import State, measure_progress
from models.rules.requirements.types import Requirement
from models.status.blocks import LOOK_BACK, count_states, status_blocks
from models.status.lines import StatusLine, list_lines
from models.tables.people import Member, Organization
from models.tables.records import Completion

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("status")
@click.option("--from", "first", type=DAY, help="从哪天到期的算起；默认本月1日，加上以前逾期的。")
@click.option("--to", "last", type=DAY, help="到哪天到期的为止；默认那个月的月底。")
@AS_OF
@JSON
@settings_command
def show_status(
    settings: Settings, *, first: datetime | None, last: datetime | None, as_of: str | None, as_json: bool
) -> None:
    """各组织缺什么、待办什么、办了什么。"""
    now = parse_moment(as_of, settings.calendar.zone) or datetime.now(settings.calendar.zone)
    begin = first.date() if first else now.date().replace(day=1)
    end = last.date() if last else _get_month_end(begin)
    rules = build_rulebook(settings)
    with open_database(settings) as database, database.read() as session:
        facts = overrides.list_facts(session, rules.workdays)
        query = DueQuery(facts, begin, end, overrides.load_ledger(session), whole_periods=True)
        look_back = timedelta(0) if first else LOOK_BACK
        blocks = status_blocks(session, rules, query, now.date(), look_back=look_back)
        lines, states = list_lines(blocks, facts), count_states(blocks)
    names = {row.id: row.name for row in facts}
    if as_json:
        rows = [_line_json(line, names, rules.by_key[line.occurrence.requirement]) for line in lines]
        data = {
            "as_of": now.isoformat(timespec="seconds"),
            "from": begin.isoformat(),
            "to": end.isoformat(),
            "counts": _count_states(states),
            "occurrences": rows,
        }
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    items = [
        Item(
            names[line.occurrence.organization_id],
            rules.get_name(line.occurrence.requirement),
            line.occurrence,
            line.state,
            line.done,
        )
        for line in lines
    ]
    title = f"{status_texts.format_range(begin, end, now.date())}情况"
    # As many lines as there can be, so that everything is on one page.
    shown, _ = get_page(lists.list_open_items(items, {}, now.date(), last=end), 0, lines=len(items) * 4 + 4)
    text = status_texts.format_overview(status_texts.format_head(title, now.date()), shown, states)
    click.echo(text.replace("<b>", "").replace("</b>", "").replace("<i>", "").replace("</i>", ""))


@click.command("records")
@click.option("--from", "first", type=DAY, help="从哪天办的算起。")
@click.option("--to", "last", type=DAY, help="到哪天办的为止。")
@JSON
@settings_command
def show_records(settings: Settings, *, first: datetime | None, last: datetime | None, as_json: bool) -> None:
    """所有有效记录，按登记的先后。"""
    query = (
        select(Completion, Organization.name, Member.name)
        .join(Organization, Organization.id == Completion.organization_id)
        .outerjoin(Member, Member.id == Completion.reporter_id)
        .where(CURRENT)
        .order_by(Completion.id)
    )
    if first:
        query = query.where(Completion.held_on >= first.date())
    if last:
        query = query.where(Completion.held_on <= last.date())
    with open_database(settings) as database, database.read() as session:
        rows = [
            _record_json(row, organization, reporter, settings)
            for row, organization, reporter in session.execute(query)
        ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        figures = " ".join(
            f"{name} {row[key]}"
            for name, key in (("应到", "expected"), ("实到", "present"), ("缺席", "absent"))
            if row[key] is not None
        )
        click.echo(
            " ".join(
                filter(None, [row["held_on"], row["organization"], row["requirement"], figures, row["topic"]])
            )
        )


def _count_states(states: Counter[State]) -> dict[str, int]:
    return {"total": states.total()} | {state.value: count for state, count in states.items()}


def _line_json(line: StatusLine, names: dict[int, str], rule: Requirement) -> dict[str, Any]:
    row, done = line.occurrence, measure_progress(rule.goal, line.done)
    return {
        "organization": names[row.organization_id],
        "requirement": row.requirement,
        "period": row.period,
        "due_on": row.due_on.isoformat(),
        "state": line.state.value,
        "done": done.have,
        "needed": done.need,
        "provisional": row.provisional,
    }


def _record_json(row: Completion, place: str, by: str | None, settings: Settings) -> dict[str, Any]:
    return {
        "organization": place,
        "requirement": row.requirement,
        "period": row.period,
        "held_on": row.held_on.isoformat(),
        "held_until": row.held_until.isoformat() if row.held_until else None,
        "present": row.present,
        "expected": row.expected,
        "absent": row.absent,
        "observers": row.observers,
        "online": row.online,
        "quantity": row.quantity,
        "topic": row.topic,
        "place": row.place,
        "host": row.host,
        "reporter": by,
        "reported_at": row.known_at.astimezone(settings.calendar.zone).isoformat(timespec="seconds"),
        "revision": row.revision,
    }


def _get_month_end(first: date) -> date:
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
