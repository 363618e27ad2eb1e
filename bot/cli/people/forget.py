"""`qingli forget`: erases one person's name and chats everywhere."""

import sys
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from bot.cli.common import FAILED, WRONG_SETTINGS, fail, open_database, settings_command
from bot.settings.load import Settings
from models.privacy import erasure
from models.register import members, organizations
from models.rules.people.roles import ROLE_NAMES


@click.command("forget")
@click.argument("name", metavar="姓名")
@click.option("--id", "member_id", type=int, help="同名的有几位时，写要删除的那一位的编号。")
@click.option("--yes", is_flag=True, help="不再询问。")
@settings_command
def forget_person(settings: Settings, *, name: str, member_id: int | None, yes: bool) -> None:
    """删除一个人的姓名和联系方式；已登记的次数和人数不变。"""
    with open_database(settings) as database:
        with database.read() as session:
            called = {found: _format_person(session, found) for found in _list_namesakes(session, name)}
        chosen = _choose_person(name, called, member_id)
        click.echo(f"将删除 {called[chosen]}：姓名、聊天、发过的话、收到的消息；记录里的数字保留，不能恢复。")
        # Without a terminal there is nobody to confirm; a script has to say --yes.
        if not yes and not (sys.stdin.isatty() and click.confirm("确定吗？")):
            click.echo("没有删除；确定就加 --yes 再运行一次")
            return
        now = datetime.now(UTC)
        today = now.astimezone(settings.calendar.zone).date()
        with database.begin() as session:
            alone = erasure.erase_member(session, chosen, today=today, at=now)
        # Deleted rows stay in the pages of an SQLite file until it is rebuilt.
        database.compact()
    click.echo("已删除")
    if not alone:
        click.echo("还有同名的人：记录和别人的话里提到这个名字的地方没有改，因为分不清是谁")
    click.echo("名册文件里如果还有这个人，请也删去，否则下次导入会重新登记")


def _list_namesakes(session: Session, name: str) -> tuple[int, ...]:
    return erasure.find_namesakes(session, name).ids


def _format_person(session: Session, member_id: int) -> str:
    """Describe a person, for example 编号 3 示例·小安（理科支部党员）."""
    names = members.list_names(session, [member_id])
    person = members.find_person(session, member_id)
    places = organizations.list_names(session)
    posts = [
        f"{places.get(post.organization_id or 0, '督导组')}{ROLE_NAMES[post.role]}"
        for post in (person.posts if person else ())
    ]
    return f"编号 {member_id} {names[member_id]}（{'、'.join(posts) or '已离任'}）"


def _choose_person(name: str, called: dict[int, str], wanted: int | None) -> int:
    """Return the person meant; asks on a terminal, elsewhere fails with how to name one."""
    if not called:
        fail(f"名册里没有“{name}”", FAILED)
    if wanted is not None and wanted not in called:
        fail(f"没有编号是 {wanted} 的“{name}”", FAILED)
    if wanted is None and len(called) > 1:
        click.echo("\n".join([f"有 {len(called)} 位叫“{name}”：", *called.values()]), err=True)
        if not sys.stdin.isatty():
            fail(f"请写明是哪一位，例如 --id {next(iter(called))}", WRONG_SETTINGS)
        answers = click.Choice([str(found) for found in called])
        return int(click.prompt("是哪一位？写编号", type=answers))
    return wanted or next(iter(called))
