"""Writes the pages that follow from the program itself: `make docs` after a change of what they describe."""

import ast
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from datetime import time
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin

import click
from pydantic.fields import FieldInfo

from bot.cli.main import main as qingli
from bot.settings import values
from bot.settings.load import PREFIX, Settings, list_keys
from models.rules.people.roles import KIND_NAMES, ROLE_NAMES
from models.rules.roster import sheets, template
from models.rules.roster.cells import KINDS, ROLES
from models.rules.roster.template import Column

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
EXAMPLE = ROOT / "config.example.toml"
ARCHITECTURE = FOLDER.parent / "architecture.md"
BEGIN, END = "<!-- rooms: written by `make docs` -->\n", "<!-- end of rooms -->"

COMMANDS_HEAD = """# 命令

本页由 `make docs` 从程序生成，和 `qingli 命令 --help` 一致。安装后的程序是 `.venv/bin/qingli`。

- 每条命令都有 `--help`。除了 {without}，每条命令都可以加 `--config 文件`：设置文件（TOML）；不给就用默认值和
  `QINGLI_` 环境变量（[settings.md](settings.md)）。
- 要用数据库的命令先把空的或旧的数据库升级到当前版本。
- 退出码：0 正常；1 没有做成；2 设置或用法有误。

| 命令 | 做什么 |
|---|---|
"""
SETTINGS_HEAD = """# Settings

Written by `make docs` from the program. [config.example.toml](../../config.example.toml) holds the same
settings with longer explanations; copy it to `config.toml` and name it with `--config`.

- An environment variable can give every setting, and wins over the file: `{prefix}SECTION__KEY`.
  A list is written with commas between its items.
- A wrong key or value is named together with the fix, and the exit status is 2.
"""
ROSTER_HEAD = """# 名册的列

本页由 `make docs` 从程序生成。名册是两张表：组织和人员。可以是两个 CSV 文件，也可以是一个工作簿的两页
（`qingli template 名册.xlsx` 生成空的）。

```sh
qingli import --organizations organizations.csv --people people.csv         # 只看会有什么变化
qingli import --organizations organizations.csv --people people.csv --yes   # 写入
```

- 第一行写列名，列的先后随意。不认识的列不读，并会提示。
- CSV 用逗号或制表符隔开，编码 UTF-8、GBK 或 UTF-16；格子里有英文逗号时加英文引号。
- 一个文件不超过 {megabytes} MB、{rows} 行。
"""


def commands_page() -> str:
    """The page of the commands, in the order of `qingli --help`."""
    found = [(path, command) for path, command in _commands(qingli, "qingli") if path != "qingli"]
    without = [path for path, command in found if not _has_config(command)]
    rows = [
        f"| [`{path}`](#{_anchor(path)}) | {_cell(_first_line(command))} |"
        for path, command in found
        if path.count(" ") == 1
    ]
    parts = [COMMANDS_HEAD.format(without="、".join(f"`{path}`" for path in without)) + "\n".join(rows)]
    return "\n\n".join([*parts, *(_command(path, command) for path, command in found)]) + "\n"


def _commands(command: click.Command, path: str) -> Iterable[tuple[str, click.Command]]:
    """A command with its path, and below it those of a group."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _commands(inner, f"{path} {name}")


def _command(path: str, command: click.Command) -> str:
    context = click.Context(command, info_name=path)
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    parts = [f"{'#' * (1 + path.count(' '))} {path}", f"```\n{usage}\n```", _paragraphs(command.help)]
    records = [
        record
        for option in command.params
        if isinstance(option, click.Option)
        and option.name != "config"
        and (record := option.get_help_record(context))
    ]
    if records:
        rows = [f"| `{_plain_dates(names)}` | {_cell(text)} |" for names, text in records]
        parts.append("\n".join(["| 选项 | 作用 |", "|---|---|", *rows]))
    return "\n\n".join(parts)


def _has_config(command: click.Command) -> bool:
    return isinstance(command, click.Group) or any("--config" in option.opts for option in command.params)


def _first_line(command: click.Command) -> str:
    return _paragraphs(command.help).splitlines()[0]


def _paragraphs(text: str | None) -> str:
    """A help text with each paragraph in one line."""
    return "\n\n".join(" ".join(part.split()) for part in (text or "").split("\n\n"))


def _plain_dates(names: str) -> str:
    return names.replace("[%Y-%m-%d]", "YYYY-MM-DD")


def _anchor(heading: str) -> str:
    return heading.replace(" ", "-")


def settings_page() -> str:
    """The page of the settings, section by section as in the example file."""
    defaults = tomllib.loads(EXAMPLE.read_text("utf-8"))
    sections: dict[str, list[str]] = {}
    for key, field in list_keys().items():
        section, _, name = key.rpartition(".")
        sections.setdefault(section, []).append(_setting(section, name, field, defaults))
    heads = [_section(section, rows) for section, rows in sections.items()]
    return "\n\n".join([SETTINGS_HEAD.format(prefix=PREFIX).rstrip(), *heads]) + "\n"


def _section(section: str, rows: Sequence[str]) -> str:
    field = Settings.model_fields[section.partition(".")[0]]
    kinds = (*get_args(field.annotation), field.annotation)
    model = next(kind for kind in kinds if hasattr(kind, "model_fields"))
    title = section.replace(".*", '."要求"')
    head = "| key | value | default | what it is for |\n|---|---|---|---|"
    return "\n\n".join([f"## [{title}]", str(model.__doc__).strip(), "\n".join([head, *rows])])


def _setting(section: str, name: str, field: FieldInfo, defaults: dict[str, Any]) -> str:
    written = defaults.get(section, {})
    if section.endswith("*"):
        default = "" if field.default is None else f"`{_toml(field.default)}`"
    else:
        default = f"`{_toml(written[name])}`" if name in written else ""
    cells = (f"`{name}`", _values(field), default, field.description or "")
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


WORDS = {
    values.parse_clock: 'time of day, `"HH:MM"`',
    values.parse_weekday: '`"周一"` … `"周日"`, or `""`',
    values.parse_names: "list of names",
    values.parse_leads: 'list, `"提前一周 10:00"`',
    values.check_due: 'due day in words, `"第一个周五"`',
    values.check_zone: "name of a time zone",
    values.parse_folder: "path of a folder",
}
"""How a value is written, by what checks it; the others follow from their types."""


def _values(field: FieldInfo) -> str:
    """What may stand there."""
    for found in _checks(field):
        if found in WORDS:
            return WORDS[found]
    limits = {type(each).__name__: each for each in field.metadata}
    if "Ge" in limits and "Le" in limits:
        return f"{limits['Ge'].ge} – {limits['Le'].le}"
    kinds = {kind for kind in _parts(field.annotation) if kind is not NoneType}
    options = [f'`"{kind}"`' for kind in _literals(field.annotation)]
    if options:
        return ", ".join(options)
    return "`true` or `false`" if bool in kinds else "text"


def _checks(field: FieldInfo) -> Iterable[Callable[..., object]]:
    """The functions that check a value, wherever its type names them."""
    waiting: list[Any] = [*field.metadata, field.annotation]
    while waiting:
        each = waiting.pop()
        if (check := getattr(each, "func", None)) is not None:
            yield check
        waiting += [*getattr(each, "__metadata__", ()), *get_args(each)] if not isinstance(each, str) else []


def _parts(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) or (annotation,)


def _literals(annotation: Any) -> tuple[str, ...]:
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(_toml(each) for each in value)}]"
    return f'"{value}"' if isinstance(value, str | time) else str(value)


def roster_page() -> str:
    """The page of the columns of the two roster files."""
    head = ROSTER_HEAD.format(megabytes=sheets.MOST_BYTES // 1_000_000, rows=f"{sheets.MOST_ROWS:,}")
    rules = "\n".join(f"- {rule}" for rule in template.RULES)
    parts = [
        f"{head.rstrip()}\n{rules}",
        _columns("组织", template.ORGANIZATIONS, sheets.ORGANIZATION_EXTRAS),
        f"“类型”也认得：{_spellings(KINDS, KIND_NAMES.values())}。",
        _columns("人员", template.PEOPLE, sheets.PEOPLE_EXTRAS),
        f"“角色”也认得：{_spellings(ROLES, ROLE_NAMES.values())}。",
    ]
    return "\n\n".join(parts) + "\n"


def _columns(title: str, columns: Sequence[Column], extras: Sequence[str]) -> str:
    rows = [
        f"| {column.title} | {'' if column.title in extras else '是'} | {'是' if column.needed else ''} "
        f"| {_cell(column.how)} | {_cell(column.example)} |"
        for column in columns
    ]
    head = "| 列 | 要有这一列 | 每行要填 | 怎么填 | 例子 |\n|---|---|---|---|---|"
    return "\n".join([f"## {title}", "", head, *rows])


def _spellings(known: Iterable[str], names: Iterable[str]) -> str:
    return "、".join(sorted(set(known) - set(names)))


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|").strip()


def architecture_page() -> str:
    """The page of the architecture with its table of rooms made anew."""
    before, begin, rest = ARCHITECTURE.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{ARCHITECTURE.name} has lost the marks around its rooms")
    return "".join([before, begin, _rooms(), end, after])


def _rooms() -> str:
    """A line for each package, from its docstring."""
    rows = []
    for top in ("bot", "handlers", "scheduler", "models"):
        for file in sorted((ROOT / top).rglob("__init__.py"), key=lambda each: each.parent):
            says = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
            folder = file.parent.relative_to(ROOT).as_posix()
            name = f"**{folder}**" if folder == top else f"`{folder}`"
            rows.append(
                f"| [{name}](../{folder}) | {_cell(says.partition(chr(10))[0].replace(' PURE.', ''))} |"
            )
    return "\n".join(["", "| room | what is in it |", "|---|---|", *rows, "", ""])


PAGES: dict[Path, Callable[[], str]] = {
    FOLDER / "commands.md": commands_page,
    FOLDER / "settings.md": settings_page,
    FOLDER / "roster.md": roster_page,
    ARCHITECTURE: architecture_page,
}


def write_pages() -> None:
    """Write all pages."""
    for file, page in PAGES.items():
        file.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write_pages()
