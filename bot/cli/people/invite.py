"""`qingli invite`: joining codes of a branch or of all, as lines or as a printable sheet."""

import asyncio
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from difflib import get_close_matches
from pathlib import Path

import click
from sqlalchemy.orm import Session
from telegram import Bot
from telegram.error import TelegramError

from bot.channels.telegram.transport import AiohttpRequest
from bot.cli.common import FAILED, JSON, fail, open_database, settings_command
from bot.cli.people.invitation_sheet import format_sheet
from bot.settings.load import Settings
from models.register import invitations, members, organizations
from models.register.invitations import IssuedInvitation
from models.rules.roster.cells import get_identity

SHOWN = ("name", "role", "organization", "code")


@click.command("invite")
@click.option("--all", "everybody", is_flag=True, help="所有还没加入的人。")
@click.option("--branch", help="只要这个组织和它下面的人。")
@click.option("--joined", "joined_too", is_flag=True, help="也包括已加入的人，例如换了手机。")
@click.option(
    "--sheet",
    "sheet_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="写成可打印的网页（.html）：每个支部一页，每人一张带二维码的条子。",
)
@JSON
@settings_command
def invite_people(
    settings: Settings,
    *,
    everybody: bool,
    branch: str | None,
    joined_too: bool,
    sheet_file: Path | None,
    as_json: bool,
) -> None:
    """每人一个加入码；还没用过的码再次给出同一个。"""
    _check_options(everybody, branch, sheet_file)
    with open_database(settings) as database, database.begin() as session:
        found = invitations.invite_all(
            session,
            valid_days=settings.invitations.valid_days,
            members=None if branch is None else _list_people(session, branch),
            joined_too=joined_too,
        )
    if sheet_file is not None:
        _write_sheet(settings, sheet_file, found)
    if as_json:
        rows = [{key: value for key, value in asdict(row).items() if key in SHOWN} for row in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in found if sheet_file is None else ():
        click.echo(f"{row.code}  {row.organization}  {row.role}  {row.name}")
    if not found:
        click.echo("没有要邀请的人：名册里的人都已加入，或名册是空的", err=True)


def _check_options(everybody: bool, branch: str | None, sheet_file: Path | None) -> None:
    """Raise UsageError unless either all or one branch is asked for, and the sheet is HTML."""
    if everybody == (branch is not None):
        raise click.UsageError("请写 --all，或用 --branch 写一个组织")
    if sheet_file is not None and sheet_file.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError("--sheet 的文件名请以 .html 结尾；用浏览器打开后打印")


def _write_sheet(settings: Settings, file: Path, found: Sequence[IssuedInvitation]) -> None:
    """Write the sheet, readable by its owner only, because a code lets its holder join."""
    zone = settings.calendar.zone
    until = min((row.expires_at for row in found if row.expires_at), default=None)
    until = until or datetime.now(zone) + timedelta(days=settings.invitations.valid_days)
    bot = asyncio.run(_find_bot_name(settings))
    if not bot:
        click.echo("不知道机器人的名字，没有画二维码；请设 telegram.username 或 telegram.token", err=True)
    day = until.astimezone(zone).date()
    _write_private_file(
        file, format_sheet(found, bot=bot, sender=settings.organization.sender or "", until=day)
    )
    click.echo(f"已写好 {file}，{len(found)} 人；用浏览器打开后打印", err=True)


def _write_private_file(file: Path, text: str) -> None:
    """Write a file that only its owner can read."""
    try:
        # Created with mode 600, since a later chmod would leave a moment in which others can open it.
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as target:
            # An existing file keeps its mode in `open`, so it is set as well.
            os.fchmod(descriptor, 0o600)
            target.write(text)
    except OSError as error:
        fail(f"{file} 写不了：{error.strerror}", FAILED)


async def _find_bot_name(settings: Settings) -> str:
    """Return the bot's name from the settings or from Telegram; empty where neither has it."""
    own = settings.telegram
    if own.username or own.token is None:
        return own.username or ""
    requests = AiohttpRequest(), AiohttpRequest()
    bot = Bot(
        own.token.get_secret_value(),
        base_url=f"{own.base_url}/bot",
        request=requests[0],
        get_updates_request=requests[1],
    )
    try:
        async with bot:
            return bot.username
    except TelegramError:
        return ""
    finally:
        for request in requests:
            await request.shutdown()


def _list_people(session: Session, name: str) -> list[int]:
    """Return the people of the organization with this name or alias and of those below it."""
    tree = organizations.load_tree(session)
    known = {get_identity(each): node.id for node in tree for each in (*node.aliases, node.name)}
    found = known.get(get_identity(name))
    if found is None:
        near = get_close_matches(get_identity(name), known, 1)
        hint = f"是不是“{near[0]}”？" if near else "请核对名册里的名称"
        raise click.BadParameter(f"没有组织“{name}”；{hint}", param_hint="--branch")
    return list(members.list_members_of(session, tree.list_below(found)))
