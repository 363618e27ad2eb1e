"""`qingli import` and `qingli invite` as they are typed, on both databases."""

import io
import json
import os
import pty
import re
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import segno
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook

from bot.cli.main import main
from bot.cli.people.invitation_sheet import format_sheet
from models.register.invitations import IssuedInvitation

SCHOOL = """名称,类型,上级,别名,督导组
学校党委,党委,,,
理科支部,支部,学校党委,理科,第一督导组
文科支部,支部,学校党委,,
"""
STAFF = """姓名,角色,组织
甲同志,领导,学校党委
乙同志,书记,理科支部
丙同志,党员,文科支部
"""


@pytest.fixture
def files(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the two files; the command works on the database of the test."""
    monkeypatch.setenv("QINGLI_DATABASE__URL", address)
    (tmp_path / "organizations.csv").write_text(SCHOOL, "utf-8")
    (tmp_path / "people.csv").write_text(STAFF, "utf-8-sig")
    return tmp_path


def qingli(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def import_files(folder: Path, *options: str) -> Result:
    school, staff = str(folder / "organizations.csv"), str(folder / "people.csv")
    return qingli("import", "--organizations", school, "--people", staff, *options)


def test_without_yes_nothing_is_written(files: Path) -> None:
    shown = import_files(files, "--as-of", "2026-09-01T08:00:00+08:00")
    assert shown.exit_code == 0
    assert shown.output.splitlines() == [
        "组织：新增 3，变更 0，退出 0",
        "  新增 学校党委（党委，2026-09-01 启用）",
        "  新增 理科支部（支部，上级 学校党委，督导组 第一督导组，2026-09-01 启用）",
        "  新增 文科支部（支部，上级 学校党委，2026-09-01 启用）",
        "人员：新增 3，变更 0，退出 0",
        "  新增 甲同志：学校党委领导",
        "  新增 乙同志：理科支部书记",
        "  新增 丙同志：文科支部党员",
        "有误 0",
        "还没有写入；核对以后加 --yes 再运行一次",
    ]
    assert json.loads(qingli("invite", "--all", "--json").stdout) == []


def test_with_yes_it_is_written_and_the_second_time_nothing_changes(files: Path) -> None:
    assert import_files(files, "--yes").output.splitlines()[-1] == "已写入"
    again = import_files(files, "--yes")
    assert again.exit_code == 0
    assert again.output.splitlines() == ["名册没有变化：新增 0，变更 0，退出 0，有误 0", "没有写入"]


def test_a_wrong_row_stops_all_and_the_status_says_so(files: Path) -> None:
    with (files / "people.csv").open("a", encoding="utf-8") as file:
        file.write("丁同志,书计,文科支部\n")
    shown = import_files(files, "--yes")
    assert shown.exit_code == 1
    assert "people.csv 第 5 行“角色”（B5）：不认识角色“书计”" in shown.output
    assert shown.output.splitlines()[-1] == "没有写入"
    assert json.loads(qingli("invite", "--all", "--json").stdout) == []


def test_invitations_are_printed_as_data_and_stay_the_same(files: Path) -> None:
    import_files(files, "--yes")
    shown = qingli("invite", "--all", "--json")
    assert shown.exit_code == 0
    found = json.loads(shown.stdout)
    assert [{key: row[key] for key in ("name", "role", "organization")} for row in found] == [
        {"name": "甲同志", "role": "领导", "organization": "学校党委"},
        {"name": "乙同志", "role": "书记", "organization": "理科支部"},
        {"name": "丙同志", "role": "党员", "organization": "文科支部"},
    ]
    assert all(set(row) == {"name", "role", "organization", "code"} for row in found)
    assert json.loads(qingli("invite", "--all", "--json").stdout) == found


def test_invitations_of_one_branch_are_printed_as_lines(files: Path) -> None:
    import_files(files, "--yes")
    [line] = qingli("invite", "--branch", "理科").stdout.splitlines()
    assert line.endswith("  理科支部  书记  乙同志")
    wrong = qingli("invite", "--branch", "理科支布")
    assert wrong.exit_code == 2
    assert "没有组织“理科支布”；是不是“理科支部”？" in wrong.output


def test_a_sheet_has_a_page_a_branch_and_a_picture_a_person(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QINGLI_TELEGRAM__USERNAME", "school_bot")
    with (files / "people.csv").open("a", encoding="utf-8") as file:
        file.write("<b>丁</b>&同志,党员,文科支部\n")
    import_files(files, "--yes")
    shown = qingli("invite", "--all", "--sheet", str(files / "码.html"))
    assert (shown.exit_code, shown.stdout) == (0, "")
    page = (files / "码.html").read_text("utf-8")
    assert re.findall("<h1>(.*?) · 加入码</h1>", page) == ["学校党委", "理科支部", "文科支部"]
    assert page.count("<svg") == 4
    assert "&lt;b&gt;丁&lt;/b&gt;&amp;同志" in page
    assert "<b>丁" not in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert stat.S_IMODE((files / "码.html").stat().st_mode) == 0o600
    codes = {row["code"] for row in json.loads(qingli("invite", "--all", "--json").stdout)}
    assert set(re.findall("/start ([A-Z0-9]{10})", page)) == codes


def test_the_picture_holds_the_link_with_the_code() -> None:
    row = IssuedInvitation("甲同志", "书记", "理科支部、文科支部", "ABCDEFGH23", None)
    page = format_sheet([row], bot="school_bot", sender="", until=date(2026, 10, 1))
    picture = segno.make("https://t.me/school_bot?start=ABCDEFGH23", error="m")
    assert picture.svg_inline(border=2, omitsize=True) in page
    assert "10月1日前有效" in page
    assert page.count("<section>") == 1


def test_without_the_bots_name_there_are_codes_and_no_pictures(files: Path) -> None:
    import_files(files, "--yes")
    shown = qingli("invite", "--branch", "理科", "--sheet", str(files / "码.html"))
    assert "没有画二维码；请设 telegram.username" in shown.stderr
    page = (files / "码.html").read_text("utf-8")
    assert page.count("/start ") == 1
    assert "<svg" not in page
    assert qingli("invite", "--all", "--sheet", str(files / "码.xlsx")).exit_code == 2


@pytest.mark.parametrize(
    "words",
    [("import",), ("import", "--people", "none.csv"), ("invite",), ("invite", "--all", "--branch", "理科")],
)
def test_a_command_that_cannot_be_meant_ends_with_two(files: Path, words: tuple[str, ...]) -> None:
    assert files.exists()
    assert qingli(*words).exit_code == 2


def workbook(folder: Path, people: int = 3) -> Path:
    """The same school as a workbook, with so many people."""
    made = Workbook()
    made.active.title = "组织"
    for line in SCHOOL.splitlines():
        made.active.append(line.split(","))
    staff = made.create_sheet("人员")
    staff.append(["姓名", "角色", "组织"])
    for number in range(people):
        staff.append([f"同志{number}", "党员", ("理科支部", "文科支部")[number % 2]])
    made.save(folder / "名册.xlsx")
    return folder / "名册.xlsx"


def test_one_workbook_is_imported_by_its_name(files: Path) -> None:
    shown = qingli("import", str(workbook(files)), "--yes")
    assert shown.output.splitlines()[-2:] == ["有误 0", "已写入"]
    assert len(json.loads(qingli("invite", "--all", "--json").stdout)) == 3
    again = qingli("import", str(workbook(files)), "--yes")
    assert again.output.splitlines() == ["名册没有变化：新增 0，变更 0，退出 0，有误 0", "没有写入"]


def test_csv_files_may_be_named_without_options(files: Path) -> None:
    shown = qingli("import", str(files / "people.csv"), str(files / "organizations.csv"), "--yes")
    assert shown.output.splitlines()[-1] == "已写入"
    alone = qingli("import", str(files / "people.csv"))
    assert alone.output.splitlines()[0].startswith("名册没有变化")


def test_a_workbook_may_be_given_for_one_part(files: Path) -> None:
    qingli("import", str(files / "organizations.csv"), "--yes")
    shown = qingli("import", "--people", str(workbook(files)))
    assert shown.output.splitlines()[:2] == [
        "组织：新增 0，变更 0，退出 0",
        "人员：新增 3，变更 0，退出 0",
    ]


def test_a_wrong_cell_of_a_workbook_is_named_and_nothing_is_written(files: Path) -> None:
    path = workbook(files)
    book = load_workbook(path)
    book["人员"]["B3"] = "书计"
    book.save(path)
    shown = qingli("import", str(path), "--yes")
    assert shown.exit_code == 1
    assert "名册.xlsx 人员 第 3 行“角色”（B3）：不认识角色“书计”" in shown.output
    assert json.loads(qingli("invite", "--all", "--json").stdout) == []


def test_the_template_is_written_once_and_never_over_a_file(files: Path) -> None:
    path = files / "空.xlsx"
    assert qingli("template", str(path)).exit_code == 0
    assert load_workbook(path).sheetnames == ["填写说明", "组织", "人员"]
    path.write_bytes(b"filled in")
    again = qingli("template", str(path))
    assert again.exit_code == 1
    assert again.output == f"{path} 已经有了，没有动它；请换一个文件名\n"
    assert path.read_bytes() == b"filled in"
    assert qingli("template", str(files / "空.csv")).exit_code == 2
    assert "写不了" in qingli("template", str(files / "none" / "空.xlsx")).output


def test_a_terminal_shows_how_far_an_import_is(tmp_path: Path) -> None:
    path = workbook(tmp_path, 300)
    address = f"sqlite:///{tmp_path / 'qingli.db'}"
    status, shown = on_a_terminal("import", str(path), "--yes", address=address)
    assert status == 0
    assert "读取" in shown
    assert "写入" in shown
    assert "100%" in shown
    assert "已写入" in shown


def on_a_terminal(*words: str, address: str) -> tuple[int, str]:
    """The real program with a terminal for its errors and progress; its status and all it showed."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli.main", *words],
        stdout=theirs,
        stderr=theirs,
        cwd=Path(__file__).parents[3],
        env={**os.environ, "QINGLI_DATABASE__URL": address},
    )
    os.close(theirs)
    shown = io.BytesIO()
    try:
        while part := os.read(ours, 65536):
            shown.write(part)
    except OSError:  # what a terminal says when nobody holds its other end any more
        pass
    os.close(ours)
    return process.wait(timeout=60), shown.getvalue().decode("utf-8", "replace")
