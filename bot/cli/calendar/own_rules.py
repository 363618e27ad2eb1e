"""`qingli set`: an organization's own rules, semesters, days off and key events."""

from datetime import datetime

import click

from bot.cli.common import AS_OF, FAILED, fail, get_civil_now, open_database, settings_command
from bot.cli.lookup import get_organization_id, get_requirement
from bot.settings.load import Settings
from bot.settings.to_rules import build_rulebook
from models.records import overrides
from models.register import organizations
from models.rules.calendar.due_parser import DueError
from models.rules.calendar.periods import PeriodError, PeriodKind, parse_kind
from models.rules.requirements.frequency_parser import parse_every
from models.rules.requirements.overrides import OwnDay, OwnSemester
from models.rules.types import KeyEvent

DAY = click.DateTime(formats=["%Y-%m-%d"])
BRANCH = click.option("--branch", help="哪个组织（它下面的也算）；不写就是全部。")
REASON = click.option("--reason", help="依据，例如通知的文号。")


@click.group("set")
def set_own() -> None:
    """各组织自己的安排：要求、学期、放假上班、节点事件。"""


@set_own.command("rule")
@click.argument("requirement", metavar="要求")
@click.option("--due", help="期限，例如：第一个周五、每月20日、次年3月31日。")
@click.option("--every", help="多久一次，例如：每月、每学期。")
@click.option("--exempt", is_flag=True, help="不用办。")
@click.option("--from", "first", type=DAY, required=True, help="从哪天起的期开始算，以前的不变。")
@click.option("--until", "last", type=DAY, help="到哪天为止；不写就一直算。")
@BRANCH
@REASON
@AS_OF
@settings_command
def set_rule(
    settings: Settings,
    *,
    requirement: str,
    due: str | None,
    every: str | None,
    exempt: bool,
    first: datetime,
    last: datetime | None,
    branch: str | None,
    reason: str | None,
    as_of: str | None,
) -> None:
    """从某天起，某个组织（或全部）的某项要求按自己的期限办，或不用办。"""
    if not (due or every or exempt):
        raise click.UsageError("请写 --due、--every 或 --exempt")
    rule = get_requirement(build_rulebook(settings), requirement)
    with open_database(settings) as database, database.begin() as session:
        organization_id = get_organization_id(session, branch) if branch else None
        try:
            overrides.set_requirement(
                session, rule.key, organization_id, due=due, period=_parse_kind(every), exempt=exempt,
                valid_from=first.date(), valid_until=last.date() if last else None,
                reason=reason, at=get_civil_now(settings, as_of),
            )  # fmt: skip
        except (DueError, ValueError) as error:
            fail(str(error), FAILED)
    click.echo(f"已设置：{branch or '全部组织'} {rule.name}，{first:%Y-%m-%d} 起的期开始算")


@set_own.command("semester")
@click.argument("semester", metavar="学期")
@click.argument("first", type=DAY, metavar="第一天")
@click.argument("last", type=DAY, metavar="最后一天")
@BRANCH
@AS_OF
@settings_command
def set_semester(
    settings: Settings,
    *,
    semester: str,
    first: datetime,
    last: datetime,
    branch: str | None,
    as_of: str | None,
) -> None:
    """一个学期的日子。2026-S1 是2026年秋季学期，2026-S2 是接下来的春季学期；前后的假期算放假。"""
    try:
        known = parse_kind(semester) is PeriodKind.SEMESTER
    except PeriodError:
        known = False
    if not known:
        raise click.UsageError(f"“{semester}”不是学期，请写成 2026-S1（秋季）或 2026-S2（春季）")
    with open_database(settings) as database:
        try:
            with database.begin() as session:
                organization_id = get_organization_id(session, branch) if branch else None
                own = OwnSemester(organization_id, semester, first.date(), last.date())
                overrides.set_semester(session, own, at=get_civil_now(settings, as_of))
        except ValueError as error:
            fail(f"没有设置：{error}", FAILED)
    click.echo(f"已设置：{branch or '全部组织'} {semester} 为 {first:%Y-%m-%d} 至 {last:%Y-%m-%d}")


@set_own.command("day")
@click.argument("works", type=click.Choice(["off", "work"]), metavar="off|work")
@click.argument("days", nargs=-1, required=True, type=DAY, metavar="日期...")
@BRANCH
@REASON
@AS_OF
@settings_command
def set_day(
    settings: Settings,
    *,
    works: str,
    days: tuple[datetime, ...],
    branch: str | None,
    reason: str | None,
    as_of: str | None,
) -> None:
    """某几天放假（off）或上班（work），和全国安排不同的时候用。"""
    with open_database(settings) as database, database.begin() as session:
        organization_id = get_organization_id(session, branch) if branch else None
        own = [OwnDay(organization_id, day.date(), works == "work") for day in days]
        overrides.set_days(session, own, reason=reason, at=get_civil_now(settings, as_of))
    shown = "、".join(f"{day:%Y-%m-%d}" for day in days)
    click.echo(f"已设置：{branch or '全部组织'} {shown} {'上班' if works == 'work' else '放假'}")


@set_own.command("event")
@click.argument("kind", metavar="事件")
@click.argument("day", type=DAY, metavar="日期")
@click.option("--branch", required=True, help="哪个组织。")
@click.option("--about", help="说明，例如谁任什么职务。")
@AS_OF
@settings_command
def set_event(
    settings: Settings, *, kind: str, day: datetime, branch: str, about: str | None, as_of: str | None
) -> None:
    """记一个节点事件，例如：qingli set event 换届 2024-06-15 --branch 理科支部；提醒和期限跟着它走。"""
    with open_database(settings) as database, database.begin() as session:
        organization_id = get_organization_id(session, branch)
        event = KeyEvent(kind, day.date(), organization_id, about=about)
        row = overrides.add_event(session, event, at=get_civil_now(settings, as_of))
    known = {rule.event for rule in build_rulebook(settings).requirements}
    known |= {each.when.name for each in build_rulebook(settings).observances}
    click.echo(f"已记下 {row.id} 号：{branch} {kind} {day:%Y-%m-%d}")
    if kind not in known:
        click.echo(f"注意：现在的规则包里没有跟着“{kind}”走的事项")


@set_own.command("events")
@click.option("--withdraw", type=int, help="撤回这一号。")
@AS_OF
@settings_command
def list_events(settings: Settings, *, withdraw: int | None, as_of: str | None) -> None:
    """列出节点事件；--withdraw 撤回记错的一个。"""
    with open_database(settings) as database, database.begin() as session:
        if withdraw is not None and not overrides.withdraw_event(
            session, withdraw, at=get_civil_now(settings, as_of)
        ):
            fail(f"没有 {withdraw} 号事件", FAILED)
        names = organizations.list_names(session)
        for event in overrides.list_events(session):
            about = f"（{event.about}）" if event.about else ""
            click.echo(f"{event.id} 号：{names[event.organization_id]} {event.kind} {event.on}{about}")


def _parse_kind(every: str | None) -> PeriodKind | None:
    return parse_every(every)[0] if every else None
