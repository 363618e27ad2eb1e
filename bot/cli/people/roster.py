"""`qingli import` and `qingli template`: imports the roster, and writes an empty one."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from bot.cli.common import AS_OF, FAILED, fail, get_civil_now, open_database, settings_command
from bot.settings.load import Settings
from models.register import roster
from models.rules.roster.files import Files, find_parts, plan_from, read_file, select_kind
from models.rules.roster.sheets import Sheet
from models.rules.roster.summary import format_summary
from models.rules.roster.template import render_template
from models.rules.roster.types import ImportPlan

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.command("import")
@click.argument("files", nargs=-1, type=FILE, metavar="[ROSTER.xlsx|.csv]...")
@click.option(
    "--organizations",
    "organizations_file",
    type=FILE,
    help="组织文件：名称,类型,上级,别名,督导组[,支委会,启用日期,联系人]",
)
@click.option("--people", "people_file", type=FILE, help="人员文件：姓名,角色,组织[,聊天号]")
@click.option("--yes", is_flag=True, help="写入；不加只显示会有什么变化。")
@AS_OF
@settings_command
def import_roster(
    settings: Settings,
    *,
    files: tuple[Path, ...],
    organizations_file: Path | None,
    people_file: Path | None,
    yes: bool,
    as_of: str | None,
) -> None:
    """把名册文件和库里的名册比一比；加 --yes 才写入。

    工作簿或 CSV 直接写文件名，组织和人员按列名认；也可以用两个选项分别给出。
    """
    if not (files or organizations_file or people_file):
        raise click.UsageError("请给出名册文件，例如 qingli import ROSTER.xlsx")
    today = get_civil_now(settings, as_of).date()
    given = _read_files(files, organizations_file, people_file)
    with open_database(settings) as database, database.begin() as session:
        # Two imports at once would both compare with the same register and add people twice.
        roster.lock_imports(session)
        plan = plan_from(roster.load_roster(session), given, today=today)
        if yes and not plan.wrong:
            with _show_progress("写入", len(plan.people)) as step:
                roster.apply_plan(session, plan, today=today, on_people=step)
    click.echo(format_summary(plan))
    click.echo(_format_outcome(plan, written=yes))
    if plan.wrong:
        sys.exit(FAILED)


@click.command("template")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="ROSTER.xlsx")
def write_template(file: Path) -> None:
    """写一个空的名册工作簿，里面说明每一列怎么填。"""
    if file.suffix.lower() != ".xlsx":
        raise click.UsageError("文件名请以 .xlsx 结尾")
    try:
        # "x": a roster that is filled in already must not be overwritten.
        with file.open("xb") as target:
            target.write(render_template())
    except FileExistsError:
        fail(f"{file} 已经有了，没有动它；请换一个文件名", FAILED)
    except OSError as error:
        fail(f"{file} 写不了：{error.strerror}", FAILED)
    click.echo(f"已生成 {file}：填好以后运行 qingli import {file}")


def _read_files(files: tuple[Path, ...], organizations_file: Path | None, people_file: Path | None) -> Files:
    """Read all files and sort them into organizations and people."""
    wanted = [
        *((path, None) for path in files),
        (organizations_file, "organizations"),
        (people_file, "people"),
    ]
    sheets: list[Sheet] = []
    with _show_progress("读取", len(wanted)) as step:
        for path, kind in wanted:
            if path is not None:
                found = read_file(path.name, path.read_bytes())
                sheets += found if kind is None else select_kind(found, kind)
            step(1)
    return find_parts(sheets)


@contextmanager
def _show_progress(label: str, length: int) -> Iterator[Callable[[int], Any]]:
    """Show a progress bar on a terminal only; yields the function that advances it."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=hidden, width=30) as bar:
        yield bar.update


def _format_outcome(plan: ImportPlan, *, written: bool) -> str:
    if plan.wrong or plan.nothing:
        return "没有写入"
    return "已写入" if written else "还没有写入；核对以后加 --yes 再运行一次"
