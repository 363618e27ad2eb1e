"""Workbooks as registers: what office programs write is read, what is hostile is refused in words."""

import io
import zipfile
from datetime import date, datetime

from openpyxl import Workbook, load_workbook

from models.rules.roster.files import Files, find_parts, plan_from, read_file, select_kind
from models.rules.roster.sheets import find_kind
from models.rules.roster.template import ORGANIZATIONS, PEOPLE, render_template
from models.rules.roster.types import ImportPlan, Roster
from tests.tables import each_row

TODAY = date(2026, 9, 1)
SCHOOL = [
    ["名称", "类型", "上级", "别名", "督导组"],
    ["学校党委", "党委", None, None, None],
    ["理科支部", "支部", "学校党委", "理科", "第一督导组"],
    ["文科支部", "支部", "学校党委", None, None],
]
STAFF = [
    ["姓名", "角色", "组织", "聊天号"],
    ["甲同志", "领导", "学校党委", None],
    ["乙同志", "书记", "理科支部", 70001],
    ["丙同志", "党员", "文科支部", None],
]


def book(
    *, school: list[list[object]] | None = None, staff: list[list[object]] | None = None, merged: str = ""
) -> bytes:
    """A workbook with these rows; `merged` are cells of the people's sheet."""
    made = Workbook()
    made.active.title = "说明"
    made.active.append(["这里写着怎么填", "姓名"])
    for title, rows in (("组织", school or SCHOOL), ("人员", staff or STAFF)):
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    if merged:
        made["人员"].merge_cells(merged)
    return saved(made)


def saved(made: Workbook) -> bytes:
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def planned(data: bytes, name: str = "名册.xlsx") -> ImportPlan:
    return plan_from(Roster(), find_parts(read_file(name, data)), today=TODAY)


def wrong(data: bytes, name: str = "名册.xlsx") -> list[str]:
    plan = planned(data, name)
    assert (plan.organizations, plan.people) == ((), ())
    return [str(problem) for problem in plan.wrong]


def replaced(data: bytes, part: str, content: bytes) -> bytes:
    """The archive with one part exchanged or added."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        new.writestr(part, content)
    return written.getvalue()


def people(plan: ImportPlan) -> list[tuple[str, str]]:
    assert plan.wrong == ()
    return [
        (change.after.name, "、".join(place.name for place in change.after.places))
        for change in plan.people
        if change.after
    ]


def test_one_workbook_holds_both_parts_and_other_sheets_are_left_alone() -> None:
    plan = planned(book())
    assert people(plan) == [("甲同志", "学校党委"), ("乙同志", "理科支部"), ("丙同志", "文科支部")]
    assert [change.after and change.after.name for change in plan.organizations] == [
        "学校党委",
        "理科支部",
        "文科支部",
    ]
    assert plan.people[1].after is not None
    assert plan.people[1].after.addresses == {"70001"}


def test_a_workbook_is_known_by_its_content_and_not_by_its_name() -> None:
    assert people(planned(book(), "名册.csv")) == people(planned(book()))


def test_values_are_read_as_somebody_would_have_typed_them() -> None:
    school = [
        ["名称", "类型", "上级", "别名", "督导组", "支委会", "启用日期"],
        ["学校党委", "党委", None, 2026.0, None, True, datetime(2026, 3, 1)],  # noqa: DTZ001
        ["理科支部", "支部", "学校党委", None, None, False, "2026年3月2日"],
        ["文科支部", "支部", "学校党委", None, None, "有", date(2026, 3, 3)],
    ]
    plan = planned(book(school=school))
    assert plan.wrong == ()
    assert [
        (change.after.aliases, change.after.has_committee, change.after.starts_on)
        for change in plan.organizations
        if change.after
    ] == [(("2026",), True, date(2026, 3, 1)), ((), False, date(2026, 3, 2)), ((), True, date(2026, 3, 3))]


def test_a_place_merged_downwards_is_everybodys() -> None:
    staff = [*STAFF[:2], ["乙同志", "书记", "理科支部"], ["丙同志", "党员"], ["丁同志", "党员"]]
    assert people(planned(book(staff=staff, merged="C3:C5"))) == [
        ("甲同志", "学校党委"),
        ("乙同志", "理科支部"),
        ("丙同志", "理科支部"),
        ("丁同志", "理科支部"),
    ]


def test_rows_under_a_merged_name_are_one_person() -> None:
    staff = [
        *STAFF[:2],
        ["乙同志", "书记", "理科支部"],
        [None, "干事", "文科支部"],
        ["丙同志", "党员", "理科支部"],
    ]
    plan = planned(book(staff=staff, merged="A3:A4"))
    assert people(plan) == [("甲同志", "学校党委"), ("乙同志", "理科支部、文科支部"), ("丙同志", "理科支部")]


def test_a_merged_heading_above_the_columns_is_no_row() -> None:
    staff = [["全校党员花名册", None, None], *STAFF]
    plan = planned(book(staff=staff, merged="A1:C1"))
    assert len(people(plan)) == 3


def test_a_wrong_cell_is_named_by_sheet_row_and_address() -> None:
    staff = [*STAFF, ["丁同志", "书计", "工科支部"]]
    assert wrong(book(staff=staff)) == [
        "名册.xlsx 人员 第 5 行“角色”（B5）：不认识角色“书计”；请写 党员、书记、干事、督导、领导、管理员 之一"
    ]


def test_a_formula_is_read_by_its_result_and_without_one_it_is_a_wrong_cell() -> None:
    staff = [*STAFF, ['=HYPERLINK("http://x")', "党员", "理科支部"]]
    assert "名册.xlsx 人员 第 5 行“姓名”（A5）：这一格是公式，没有结果；请改成文字" in wrong(
        book(staff=staff)
    )
    plain = book(staff=[*STAFF, ["丁同志", "党员", "理科支部"]])
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        part = next(name for name in archive.namelist() if name.endswith("sheet3.xml"))
        cell = archive.read(part)
    place = cell.index(b'r="A5"')
    begin = cell.rindex(b"<c ", 0, place)
    end = cell.index(b"</c>", place) + 4
    formula = '<c r="A5" t="str"><f>"丁"&amp;"同志"</f><v>丁同志</v></c>'.encode()
    assert ("丁同志", "理科支部") in people(
        planned(replaced(plain, part, cell[:begin] + formula + cell[end:]))
    )


def test_a_text_of_a_megabyte_is_a_wrong_cell_and_is_not_repeated() -> None:
    text = "长" * 1_000_000
    part = "xl/worksheets/sheet3.xml"
    with zipfile.ZipFile(io.BytesIO(book())) as archive:
        begin, _, end = archive.read(part).rpartition(b"<row")
    cells = f'<c r="A4" t="inlineStr"><is><t>{text}</t></is></c>'
    end = f'<row r="4">{cells}</row>'.encode() + end.partition(b"</row>")[2]
    lines = wrong(replaced(book(), part, begin + end))
    assert "名册.xlsx 人员 第 4 行“姓名”（A4）：这一格有 1000000 个字，太长；请写短一些" in lines
    assert all(len(line) < 300 for line in lines)
    lines = wrong(f"姓名,角色,组织\n甲,党员,{text}\n".encode(), "a.csv")
    assert lines == ["a.csv 第 2 行：从第 2 行起有一格太长"]


@each_row(
    "entity",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:9/x">]>',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY e "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
@each_row("part", ["xl/styles.xml", "xl/workbook.xml", "xl/worksheets/sheet3.xml"])
def test_entities_in_any_part_are_refused(entity: str, part: str) -> None:
    with zipfile.ZipFile(io.BytesIO(book())) as archive:
        plain = archive.read(part).decode()
    body = plain.partition("?>")[2] if plain.startswith("<?xml") else plain
    hostile = f'<?xml version="1.0"?>{entity}{body.replace("</", "&e;</", 1)}'.encode()
    [line] = wrong(replaced(book(), part, hostile))
    assert line.startswith("名册.xlsx：这个工作簿读不出来")
    assert "root:" not in line


def test_a_zip_bomb_is_not_unpacked() -> None:
    [line] = wrong(replaced(book(), "xl/worksheets/sheet2.xml", b" " * 50_000_000))
    assert line.startswith("名册.xlsx：展开以后太大，不像名册")
    many = book()
    for number in range(3):
        many = replaced(many, f"xl/x{number}.xml", b"0" * 8_000_000)
    assert "展开以后太大" in wrong(many)[0]


def everything_merged() -> bytes:
    """A workbook whose people's sheet has one range of 17 thousand million merged cells."""
    part = "xl/worksheets/sheet3.xml"
    with zipfile.ZipFile(io.BytesIO(book(merged="F1:F2"))) as archive:
        return replaced(book(), part, archive.read(part).replace(b"F1:F2", b"F1:XFD1048576"))


def test_a_cell_far_away_and_a_merged_sheet_cost_nothing() -> None:
    far = Workbook()
    far.active.title = "人员"
    far.active["A1048576"] = "远"
    assert "超过 20000 行" in wrong(saved(far))[0]
    assert len(people(planned(everything_merged()))) == 3
    wide = Workbook()
    wide.active.title = "人员"
    wide.active.append(["姓名", "角色", "组织"])
    wide.active["XFD2"] = "远"
    assert "缺少" not in "".join(wrong(saved(wide)))


@each_row(
    ("data", "words"),
    [
        (b"PK\x03\x04 nonsense", "不是 .xlsx 工作簿；请用 Excel 或 WPS 打开，另存为 .xlsx 后再试"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "是旧的 .xls 格式，或加了密码"),
        (b"PK" + bytes(5_100_000), "文件超过 5 MB，不像名册"),
        (b"%PDF-1.7\n\xff\xff\xff\xff", "看不出是什么编码"),
    ],
)
def test_what_is_no_workbook_says_what_to_do(data: bytes, words: str) -> None:
    assert words in wrong(data)[0]


def test_an_archive_without_a_workbook_is_refused() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("../../etc/passwd", "x")
    [line] = wrong(written.getvalue(), "../../名册.xlsx")
    assert line.startswith("名册.xlsx：这个工作簿读不出来")


def test_the_template_explains_every_column_and_is_itself_no_register() -> None:
    data = render_template()
    explained = load_workbook(io.BytesIO(data))["填写说明"]
    rows = [[cell.value for cell in row] for row in explained.iter_rows(min_row=2, max_col=4)]
    for name, columns in (("组织", ORGANIZATIONS), ("人员", PEOPLE)):
        assert [row[1] for row in rows if row[0] == name] == [column.title for column in columns]
    assert all(row[3] for row in rows if row[0])
    assert [str(problem) for problem in planned(data).wrong] == [
        "名册.xlsx 组织：只有列名，没有内容；请从第二行起逐行填写",
        "名册.xlsx 人员：只有列名，没有内容；请从第二行起逐行填写",
    ]


def test_a_filled_template_is_read_and_an_empty_part_stays_as_it_is() -> None:
    filled = load_workbook(io.BytesIO(render_template()))
    for row in SCHOOL[1:]:
        filled["组织"].append(row)
    found = find_parts(read_file("名册.xlsx", saved(filled)))
    assert found.people is None
    plan = plan_from(Roster(), found, today=TODAY)
    assert plan.wrong == ()
    assert len(plan.organizations) == 3


def test_two_sheets_of_one_kind_are_asked_to_become_one() -> None:
    made = load_workbook(io.BytesIO(book()))
    again = made.create_sheet("人员2")
    for row in STAFF:
        again.append(row)
    assert wrong(saved(made)) == ["名册.xlsx 人员2：和“名册.xlsx 人员”是同一种表；请合成一张"]


def test_a_file_named_as_one_kind_gives_only_that_part() -> None:
    sheets = select_kind(read_file("名册.xlsx", book()), "people")
    assert [find_kind(sheet) for sheet in sheets] == ["people"]
    assert find_parts([]) == Files()


def test_a_csv_is_known_by_its_columns() -> None:
    text = "姓名,角色,组织\n甲同志,党员,理科支部\n"
    found = find_parts(read_file("x.csv", text.encode("gbk")))
    assert found.people is not None
    assert found.organizations is None
    assert wrong(b"a,b\n1,2\n", "x.csv")[0].startswith("x.csv：没有找到名册")


@each_row("chat", ["@name", "13800", "-100200300", "7000１", "abc", "0", "1" * 20])
def test_only_a_number_is_a_chat(chat: str) -> None:
    staff = [*STAFF, ["丁同志", "党员", "理科支部", chat]]
    lines = wrong(book(staff=staff)) if chat not in ("13800", "7000１") else []
    assert lines == [] or lines[0].startswith(f"名册.xlsx 人员 第 5 行“聊天号”（D5）：“{chat}”不是聊天号")
