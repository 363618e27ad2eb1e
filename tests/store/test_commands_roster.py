"""`qingli import` and `qingli invite` as they are typed, on both databases."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.main import main

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


@pytest.mark.parametrize(
    "words",
    [("import",), ("import", "--people", "none.csv"), ("invite",), ("invite", "--all", "--branch", "理科")],
)
def test_a_command_that_cannot_be_meant_ends_with_two(files: Path, words: tuple[str, ...]) -> None:
    assert files.exists()
    assert qingli(*words).exit_code == 2
