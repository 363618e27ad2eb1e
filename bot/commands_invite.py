"""`qingli invite`: everybody's joining code, for a branch or for all."""

import json
from dataclasses import asdict
from difflib import get_close_matches

import click
from sqlalchemy.ext.asyncio import AsyncSession

from bot.commands import JSON, command, opened
from bot.settings import Settings
from models import invitations, members, organizations
from models.rules.roster.cells import identity


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
