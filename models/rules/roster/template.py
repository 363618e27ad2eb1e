"""The empty workbook to fill in: one sheet of instructions, one for each part."""

import io
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from models.rules.people.roles import KIND_NAMES, ROLE_NAMES

MOST_ROWS = 5_001


@dataclass(frozen=True, slots=True)
class Column:
    """One column: title, whether it is required, instructions, example, choices."""

    title: str
    needed: bool
    how: str
    example: str
    width: int = 16
    choices: tuple[str, ...] = ()


ORGANIZATIONS = (
    Column("名称", True, "党组织的全称，不能重复。改名时把旧名写进“别名”，记录就跟着走", "理科支部", 24),
    Column("类型", True, f"写 {'、'.join(KIND_NAMES.values())} 之一", "支部", 10, tuple(KIND_NAMES.values())),
    Column("上级", False, "上级组织的名称；最上面的一级留空，小组写它所在的支部", "示范学校党委", 24),
    Column("别名", False, "大家平时怎么叫它，几个名字用“、”隔开；发消息时写别名也认得", "理科、理综支部", 24),
    Column("督导组", False, "归哪个督导组看，几个用“、”隔开；没有就留空", "第一督导组", 16),
    Column("支委会", False, "写 有 或 无；留空：新的组织当作有，已登记的不变", "有", 10, ("有", "无")),
    Column("启用日期", False, "从哪天开始用，此前的不算应办；留空就是导入那天", "2026-09-01", 14),
    Column("联系人", False, "党员有疑问找谁，写称呼和电话，会出现在消息里", "王老师，办公室 0000-0000", 26),
)
PEOPLE = (
    Column("姓名", True, "一行一个人。同一支部有两个同名的人就写两行，导入时会问", "示例·小安", 16),
    Column(
        "角色",
        True,
        f"写 {'、'.join(ROLE_NAMES.values())}；几个角色用“、”隔开，和“组织”一一对应",
        "书记、党员",
        16,
        tuple(ROLE_NAMES.values()),
    ),
    Column("组织", True, "所在组织的名称或别名，几个用“、”隔开；督导写督导组的名称", "理科支部", 24),
    Column(
        "聊天号", False, "Telegram 的数字号，可以不填。填了以后本人发一次 /start 就加入，不用加入码", "", 16
    ),
)
RULES = (
    "一个文件就是整本名册：名册里有而这里没有的，导入后就算退出（以前的记录都留着）。只填一张表，另一张就不动。",
    "先试算再写入：新增、变更、退出和有误的格子都会列出来；有一处有误就一行也不写。",
    "同一个文件再导入一次，什么也不会变。合并的单元格、多余的空格和全角字母数字会自动处理。",
)


def render_template() -> bytes:
    """The workbook as bytes: 填写说明, 组织, 人员; the last two have only their titles."""
    book = Workbook()
    about = book.active
    about.title = "填写说明"
    about.append(["表", "列", "必填", "怎么填", "例子"])
    for name, columns in (("组织", ORGANIZATIONS), ("人员", PEOPLE)):
        for column in columns:
            about.append([name, column.title, "是" if column.needed else "", column.how, column.example])
        _add_columns(book.create_sheet(name), columns)
    about.append([])
    for rule in RULES:
        about.append(["", "", "", rule])
    _format_titles(about, (8, 12, 8, 78, 26))
    for row in about.iter_rows(min_row=2, min_col=4, max_col=4):
        row[0].alignment = Alignment(wrap_text=True, vertical="top")
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _add_columns(sheet: Any, columns: tuple[Column, ...]) -> None:
    sheet.append([column.title for column in columns])
    _format_titles(sheet, [column.width for column in columns])
    for index, column in enumerate(columns, start=1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].number_format = "@"  # a chat's number stays one
        if column.choices:
            several = column.title == "角色"
            offered = DataValidation(
                type="list", formula1=f'"{",".join(column.choices)}"', showErrorMessage=not several
            )
            offered.add(f"{letter}2:{letter}{MOST_ROWS}")
            sheet.add_data_validation(offered)


def _format_titles(sheet: Any, widths: Any) -> None:
    for cell, width in zip(sheet[1], widths, strict=True):
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", start_color="E8EEF7")
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = "A2"
