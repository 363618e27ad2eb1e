"""`qingli move`: moves or waives a due date for many organizations at once."""

from datetime import date, datetime

import click
from sqlalchemy.orm import Session

from bot.cli.common import AS_OF, get_civil_now, open_database, settings_command
from bot.cli.lookup import get_organization_id, get_requirement
from bot.settings.load import Settings
from bot.settings.to_rules import build_rulebook
from models.records import changes, overrides
from models.rules.calendar.periods import Period, PeriodError, parse_period
from models.rules.output.zh_text import format_period, join_names
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.rulebook import Rulebook
from models.rules.requirements.types import Requirement
from models.rules.types import Occurrence

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("move")
@click.argument("requirement", metavar="要求")
@click.argument("period", metavar="期")
@click.option("--to", "to", type=DAY, help="改到哪天为止。")
@click.option("--waive", is_flag=True, help="免办。")
@click.option("--reason", required=True, help="依据，一般是通知的文号。")
@click.option("--branch", "branches", multiple=True, help="只改这个组织和它下面的；可写多次。默认全部。")
@click.option("--yes", is_flag=True, help="写入；不加只显示会改哪些。")
@AS_OF
@settings_command
def move_due_dates(
    settings: Settings,
    *,
    requirement: str,
    period: str,
    to: datetime | None,
    waive: bool,
    reason: str,
    branches: tuple[str, ...],
    yes: bool,
    as_of: str | None,
) -> None:
    """一次给许多组织改期限或免办。例：qingli move 组织生活会 2026 --to 2027-04-30 --reason 〔2026〕15号"""
    # Exactly one of the two.
    if (to is None) is not waive:
        raise click.UsageError("请写 --to 日期，或写 --waive，只能一个")
    now = get_civil_now(settings, as_of)
    rules = build_rulebook(settings)
    rule, span = get_requirement(rules, requirement), _parse_period(period)
    with open_database(settings) as database, database.begin() as session:
        rows = _list_occurrences(session, rules, rule, span, branches)
        names = {each.id: each.name for each in overrides.list_facts(session, rules.workdays)}
        if yes:
            _store_changes(session, rows, to.date() if to else None, reason, now)
    if not rows:
        raise click.UsageError(f"{format_period(span.key)}没有组织要办“{rule.name}”，没有改")
    due = "、".join(dict.fromkeys(row.due_on.isoformat() for row in rows))
    after = "免办" if waive else f"改到 {to:%Y-%m-%d}"
    click.echo(f"{rule.name}（{format_period(span.key)}），原定 {due}，{after}，依据：{reason}")
    click.echo(f"{len(rows)} 个组织：{join_names([names[row.organization_id] for row in rows], 10)}")
    click.echo("已写入" if yes else "还没有写入；核对以后加 --yes 再运行一次")


def _parse_period(text: str) -> Period:
    try:
        return parse_period(text)
    except PeriodError as error:
        raise click.UsageError(str(error)) from error


def _list_occurrences(
    session: Session, rules: Rulebook, rule: Requirement, span: Period, branches: tuple[str, ...]
) -> list[Occurrence]:
    """Return the occurrences of a requirement and period below these organizations, or of all."""
    ledger = overrides.load_ledger(session)
    chosen = {get_organization_id(session, name) for name in branches}
    facts = [
        each
        for each in overrides.list_facts(session, rules.workdays)
        if not chosen or chosen & {each.id, *ledger.list_superiors(each.id)}
    ]
    query = DueQuery(facts, span.first, span.last, ledger, rules.list_chosen([rule.key]), by_period=True)
    found = rules.list_due(query, changes.list_changes(session, {each.id for each in facts}))
    return [row for row in found if row.period == span.key]


def _store_changes(
    session: Session, rows: list[Occurrence], to: date | None, reason: str, now: datetime
) -> None:
    for row in rows:
        subject = (row.requirement, row.organization_id, row.period)
        if to is None:
            changes.waive_occurrence(session, subject, by=None, at=now, reason=reason)
        else:
            changes.move_occurrence(session, subject, to, by=None, at=now, reason=reason)
