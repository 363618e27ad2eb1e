"""`qingli feed`: creates, shows and revokes the calendar feed address of an organization."""

from datetime import datetime

import click

from bot.cli.common import open_database, settings_command
from bot.cli.lookup import get_organization_id
from bot.settings.load import Settings
from bot.web.addresses import feed_address
from models.register import feeds


@click.command("feed")
@click.argument("branch", metavar="组织")
@click.option("--new", is_flag=True, help="换一个新地址，旧的作废。")
@click.option("--revoke", is_flag=True, help="作废，不再给新的。")
@settings_command
def show_feed(settings: Settings, *, branch: str, new: bool, revoke: bool) -> None:
    """组织的日历订阅地址，手机和电脑的日历可以订阅；知道地址的人都能看，所以可以作废。"""
    now = datetime.now(settings.calendar.zone)
    with open_database(settings) as database, database.begin() as session:
        organization_id = get_organization_id(session, branch)
        revoked = (new or revoke) and feeds.revoke_feed(session, organization_id, at=now)
        token = None if revoke else feeds.get_or_create_token(session, organization_id, at=now)
    if token is None:
        click.echo("已作废" if revoked else "没有订阅地址")
        return
    click.echo(feed_address(settings.web, token))
    if not settings.web.enabled:
        click.echo("注意：web.enabled 没有打开，qingli run 现在不提供这个地址", err=True)
