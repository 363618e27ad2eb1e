"""`qingli import` and `qingli invite`: the register comes in, and people get their joining codes."""

import json
import sys
from dataclasses import asdict
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

import click
from sqlalchemy.ext.asyncio import AsyncSession

from bot.commands import AS_OF, FAILED, JSON, command, moment, opened
from bot.settings import Settings
from models import invitations, members, organizations, roster
from models.rules.roster.cells import identity
from models.rules.roster.summary import summary
from models.rules.roster.values import ImportPlan

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.command("import")
@click.option(
    "--organizations",
    "organizations_file",
    type=FILE,
    help="组织文件（CSV）：名称,类型,上级,别名,督导组[,支委会,启用日期]",
)
@click.option("--people", "people_file", type=FILE, help="人员文件（CSV）：姓名,角色,组织")
@click.option("--yes", is_flag=True, help="写入；不加只显示会有什么变化。")
@AS_OF
@command
async def import_roster(
    settings: Settings,
    *,
    organizations_file: Path | None,
    people_file: Path | None,
    yes: bool,
    as_of: str | None,
) -> None:
    """把名册文件和库里的名册比一比；加 --yes 才写入。"""
    if organizations_file is None and people_file is None:
        raise click.UsageError("请用 --organizations 和 --people 给出文件")
    zone = settings.calendar.zone
    today = (moment(as_of, zone) or datetime.now(zone)).astimezone(zone).date()
    async with opened(settings) as database, database.begin() as session:
        await roster.lock(session)
        stored = await roster.current(session)
        plan = roster.plan_files(organizations_file, people_file, stored, today=today)
        if yes and not plan.wrong:
            await roster.apply(session, plan, today=today)
    click.echo(summary(plan))
    click.echo(_outcome(plan, written=yes))
    if plan.wrong:
        sys.exit(FAILED)


@click.command("invite")
@click.option("--all", "everybody", is_flag=True, help="所有还没加入的人。")
@click.option("--branch", help="只要这个组织和它下面的人。")
@click.option("--joined", "joined_too", is_flag=True, help="也包括已加入的人，例如换了手机。")
@JSON
@command
async def invite(
    settings: Settings, *, everybody: bool, branch: str | None, joined_too: bool, as_json: bool
) -> None:
    """每人一个加入码；还没用过的码再次给出同一个。"""
    if everybody == (branch is not None):
        raise click.UsageError("请写 --all，或用 --branch 写一个组织")
    async with opened(settings) as database, database.begin() as session:
        found = await invitations.invite_all(
            session,
            valid_days=settings.invitations.valid_days,
            members=None if branch is None else await _people_of(session, branch),
            joined_too=joined_too,
        )
    if as_json:
        click.echo(json.dumps([asdict(row) for row in found], ensure_ascii=False, indent=1))
        return
    for row in found:
        click.echo(f"{row.code}  {row.organization}  {row.role}  {row.name}")
    if not found:
        click.echo("没有要邀请的人：名册里的人都已加入，或名册是空的", err=True)


def _outcome(plan: ImportPlan, *, written: bool) -> str:
    if plan.wrong or plan.nothing:
        return "没有写入"
    return "已写入" if written else "还没有写入；核对以后加 --yes 再运行一次"


async def _people_of(session: AsyncSession, name: str) -> list[int]:
    """The people of the organization of that name or alias and what is under it."""
    tree = await organizations.tree(session)
    known = {identity(each): node.id for node in tree for each in (*node.aliases, node.name)}
    found = known.get(identity(name))
    if found is None:
        near = get_close_matches(identity(name), known, 1)
        hint = f"是不是“{near[0]}”？" if near else "请核对名册里的名称"
        raise click.BadParameter(f"没有组织“{name}”；{hint}", param_hint="--branch")
    return list(await members.members_of(session, tree.below(found)))
