"""`qingli backup` and `qingli restore`: the database into a file and back."""

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.app.backup import BackupError, Manifest, create_backup, restore_backup
from bot.cli.common import FAILED, fail, open_database, settings_command
from bot.settings.load import Settings
from models.storage.copy import NotEmptyError, NotEqualError
from models.storage.database import Database
from models.storage.single_instance import InUseError, hold_single_instance

FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command("backup")
@FILE
@settings_command
def make_backup(settings: Settings, *, file: Path) -> None:
    """把整个数据库备份成一个文件，机器人可以照常运行。"""
    with open_database(settings) as database:
        try:
            manifest = create_backup(database, file)
        except (BackupError, NotEqualError) as error:
            fail(f"没有备份：{error}", FAILED)
    click.echo(f"已备份到 {file}：{_format_manifest(manifest, settings.calendar.zone)}，已逐表核对。")


@click.command("restore")
@FILE
@settings_command
def restore_file(settings: Settings, *, file: Path) -> None:
    """把备份恢复到空的数据库里，SQLite 和 PostgreSQL 都可以。"""
    database = Database(settings.database.url)
    try:
        # A running bot could write between two copied tables, so restoring needs the database for itself.
        with hold_single_instance(database):
            manifest = restore_backup(database, file)
    except NotEmptyError:
        fail("没有恢复：数据库里已经有内容；请把 database.url 改成一个空的数据库", FAILED)
    except InUseError:
        fail("没有恢复：机器人正在使用这个数据库；请先停下它", FAILED)
    except (BackupError, NotEqualError) as error:
        fail(f"没有恢复：{error}", FAILED)
    finally:
        database.close()
    click.echo(f"已恢复 {file}：{_format_manifest(manifest, settings.calendar.zone)}，已逐表核对。")
    click.echo("备份之后可能已经发过的提醒，再发时会注明可能重复。")


def _format_manifest(manifest: Manifest, zone: ZoneInfo) -> str:
    made_at = manifest.made_at.astimezone(zone)
    return f"{made_at:%Y-%m-%d %H:%M}，{len(manifest.contents)} 张表，{manifest.rows} 行"
