"""`qingli holidays`: checks and installs the days off of a year, and lists the years."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import click

from bot.cli.common import AS_OF, FAILED, fail, get_civil_now, open_existing_database, settings_command
from bot.settings.load import Settings
from bot.settings.to_rules import build_rulebook, get_holidays_folder
from models.packs.load import install_holidays, load_workdays
from models.records import overrides
from models.rules.calendar.holidays import HolidayError, list_holiday_warnings
from models.rules.calendar.observances import Observance, ObservanceDay, list_observance_days
from models.rules.calendar.workdays import Workdays
from models.rules.output.zh_text import format_full_day, format_short_day

AHEAD = timedelta(days=800)
FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.group("holidays")
def manage_holidays() -> None:
    """放假和调休安排：装入新一年的、看有哪些年。"""


@manage_holidays.command("add")
@click.argument("file", type=FILE)
@AS_OF
@settings_command
def add_holidays(settings: Settings, *, file: Path, as_of: str | None) -> None:
    """检查一年的放假安排并装入；有错就指出来，什么也不改。

    FILE 的写法：{"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}, …]}，
    放假的每一天（含周末）和每个调休上班日各一条。
    """
    now = get_civil_now(settings, as_of)
    folder = get_holidays_folder(settings)
    # Read first: the comparison below shows which reminders the new year moves.
    before = _load_workdays_before(folder)
    try:
        year = install_holidays(file, folder)
    except HolidayError as error:
        fail(f"没有装入，什么也没有改：\n{error}", FAILED)
    click.echo(f"已装入 {year.year} 年：放假 {len(year.off)} 天，调休上班 {len(year.worked)} 天")
    for warning in list_holiday_warnings(year):
        click.echo(warning)
    for line in _list_moved_reminders(
        build_rulebook(settings).observances, before, load_workdays(folder), now.date()
    ):
        click.echo(line)
    # The audit entry needs a database; the years themselves are files and work without one.
    with open_existing_database(settings) as database:
        if database is not None:
            with database.begin() as session:
                overrides.record_install(session, year.year, at=now)


@manage_holidays.command("list")
@settings_command
def list_holidays(settings: Settings) -> None:
    """已有放假安排的年份，自己装入的注明。"""
    folder = get_holidays_folder(settings)
    for year in sorted(load_workdays(folder).years.values(), key=lambda each: each.year):
        own = f"（{folder / f'{year.year}.json'}）" if (folder / f"{year.year}.json").is_file() else ""
        click.echo(f"{year.year}：放假 {len(year.off)} 天，调休上班 {len(year.worked)} 天{own}")


def _load_workdays_before(folder: Path) -> Workdays:
    """Return the workdays known so far; ignores an invalid file, perhaps the one to be replaced."""
    try:
        return load_workdays(folder)
    except HolidayError:
        return load_workdays()


def _list_moved_reminders(
    observances: Sequence[Observance], before: Workdays, after: Workdays, today: date
) -> list[str]:
    """Return a line for each reminder of members whose day has changed."""

    def days(workdays: Workdays) -> list[ObservanceDay]:
        return list_observance_days(observances, today, today + AHEAD, workdays)

    lines = []
    for old, new in zip(days(before), days(after), strict=True):
        if old.remind_on and new.remind_on and old.remind_on != new.remind_on:
            moved = f"{format_full_day(old.remind_on, today)} → {format_full_day(new.remind_on, today)}"
            lines.append(f"提醒改期：{new.observance.name}（{format_short_day(new.date, today)}） {moved}")
    return lines or ["提醒的日子没有变"]
