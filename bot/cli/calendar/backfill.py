"""`qingli backfill`: imports past records from a table."""

import sys
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from bot.cli.common import AS_OF, FAILED, get_civil_now, open_database, settings_command
from bot.settings.load import Settings
from bot.settings.to_rules import build_rulebook
from models.records import completions, overrides
from models.register import organizations
from models.rules.requirements.backfill import Backfill, index_by_name, read_backfill
from models.rules.requirements.entries import Entry
from models.rules.requirements.overrides import Ledger
from models.rules.requirements.period_assignment import find_counted_period, needs_open_periods
from models.rules.requirements.rulebook import Rulebook
from models.rules.requirements.status import PeriodHints
from models.rules.roster.files import read_file
from models.rules.roster.types import Problem
from models.rules.types import OrganizationFacts
from models.status.lines import list_open_periods

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.command("backfill")
@click.argument("file", type=FILE, metavar="RECORDS.csv|.xlsx")
@click.option("--yes", is_flag=True, help="写入；不加只检查。")
@AS_OF
@settings_command
def backfill_records(settings: Settings, *, file: Path, yes: bool, as_of: str | None) -> None:
    """补录过去的活动。列：组织,事项,日期；可有 应到,实到,缺席,列席,数量,主题,地点,主持,专题,所属期。

    已经有的同一条不会重复；有一行不对就什么也不写。
    """
    now = get_civil_now(settings, as_of)
    rules = build_rulebook(settings)
    with open_database(settings) as database, database.begin() as session:
        tree = organizations.load_tree(session, ended=True)
        ids_by_name = {name: node.id for node in tree for name in (*node.aliases, node.name)}
        read = _read_records(file, ids_by_name, rules, now)
        new, known, problems = _sort_entries(session, rules, read, file.name)
        if yes and not problems:
            completions.add_past(session, new, at=now)
    for problem in problems:
        click.echo(str(problem))
    click.echo(f"可补录 {len(new)} 条，已有 {known} 条，有误 {len(problems)} 处")
    if problems:
        click.echo("没有写入")
        sys.exit(FAILED)
    click.echo(_format_outcome(new, confirmed=yes))


def _format_outcome(new: list[Entry], *, confirmed: bool) -> str:
    if not new:
        return "没有写入"
    return "已写入" if confirmed else "还没有写入；核对以后加 --yes 再运行一次"


def _read_records(file: Path, ids_by_name: dict[str, int], rules: Rulebook, now: datetime) -> Backfill:
    """Read the first sheet of the file."""
    sheets = read_file(file.name, file.read_bytes())
    # Only the first sheet holds records.
    found = [
        read_backfill(sheet, ids_by_name, index_by_name(rules.requirements), now.date())
        for sheet in sheets[:1]
    ]
    return found[0] if found else Backfill((), (Problem(file.name, 0, "", "", "文件里没有表"),))


def _sort_entries(
    session: Session, rules: Rulebook, read: Backfill, file: str
) -> tuple[list[Entry], int, list[Problem]]:
    """Return the new entries with their periods, the number of known ones, and the problems."""
    facts = {each.id: each for each in overrides.list_facts(session, rules.workdays)}
    ledger = overrides.load_ledger(session)
    new: list[Entry] = []
    known, problems = 0, list(read.problems)
    for row, entry in read.entries:
        timed = _set_period(session, rules, ledger, facts, entry)
        same_day = [completions.to_entry(each) for each in completions.list_on_day(session, entry)]
        # Two equal rows of one file are duplicates of each other too.
        same_day += [each for each in new if _get_subject(each) == _get_subject(entry)]
        if any(each.get_figures() == timed.get_figures() and each.part == timed.part for each in same_day):
            known += 1
        # Entries for the parts of a goal may share a day; a second entry for the whole is a correction.
        elif same_day and timed.part is None:
            text = "这一天已有一条记录，数字不同；要更正请在聊天里报"
            problems.append(Problem(file, row, "日期", "", text))
        else:
            new.append(timed)
    return new, known, problems


def _get_subject(entry: Entry) -> tuple[object, ...]:
    return entry.organization_id, entry.requirement, entry.held_on


def _set_period(
    session: Session,
    rules: Rulebook,
    ledger: Ledger,
    facts: dict[int, OrganizationFacts],
    entry: Entry,
) -> Entry:
    """Set the period an entry counts for: the stated one, else as for a report of that day."""
    if entry.requirement is None or entry.organization_id is None or entry.held_on is None:
        raise ValueError("a row without requirement, organization or day was to be refused")
    rule, organization = rules.by_key[entry.requirement], facts[entry.organization_id]
    open_keys = None
    if needs_open_periods(rule, entry.held_on):
        open_keys = list_open_periods(session, rules, ledger, organization, rule.key, entry.held_on)
    hints = PeriodHints(stated=entry.period, open_periods=open_keys, semesters=organization.semesters)
    key, _ = find_counted_period(rule, entry.held_on, organization.id, hints)
    return entry._replace(period=key)
