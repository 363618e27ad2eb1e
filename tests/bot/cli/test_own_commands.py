"""`qingli set`, `move` and `backfill` as they are typed."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from models.storage.database import Database
from models.tables.records import OccurrenceChange
from tests.bot.cli.test_calendar_commands import data, qingli, school  # noqa: F401 - a fixture

pytestmark = pytest.mark.usefixtures("school")


def due(requirement: str, year: int = 2026, branch: str = "理科支部") -> dict[str, str]:
    found = data("calendar", "--year", str(year), "--branch", branch)["occurrences"]
    return {row["period"]: row["due_on"] for row in found if row["requirement"] == requirement}


def test_a_rule_set_for_a_school_holds_for_its_branches_from_that_day_on() -> None:
    words = (
        "--due",
        "第一个周五",
        "--from",
        "2026-10-01",
        "--branch",
        "学校党委",
        "--reason",
        "〔2026〕12号",
    )
    shown = qingli("set", "rule", "党日", *words)
    assert shown.output == "已设置：学校党委 主题党日，2026-10-01 起的期开始算\n"
    found = due("主题党日")
    assert (found["2026-09"], found["2026-10"]) == ("2026-09-05", "2026-10-02")
    assert qingli("set", "rule", "主题党日", "--exempt", "--from", "2026-11-01").exit_code == 0
    assert due("主题党日")["2026-11"] == "2026-11-06", "the school's own setting counts before everybody's"


def test_what_cannot_be_set_says_why() -> None:
    for words, says in (
        (("rule", "主题党曰", "--exempt", "--from", "2026-10-01"), "是不是“主题党日”？"),
        (("rule", "主题党日", "--from", "2026-10-01"), "--due"),
        (("rule", "主题党日", "--due", "改天", "--from", "2026-10-01"), "看不懂期限“改天”"),
        (("semester", "2026", "2026-09-01", "2027-01-20"), "2026-S1"),
        (("semester", "2026-S1", "2026-09-01", "2027-03-20"), "没有设置：学期日期重叠"),
        (("day", "off", "2026-13-01"), "2026-13-01"),
        (("event", "换届", "2024-06-15", "--branch", "无此支部"), "没有组织“无此支部”"),
    ):
        shown = qingli("set", *words)
        assert shown.exit_code > 0
        assert says in shown.output


def test_a_semester_moves_what_is_due_and_the_reminder_before_the_vacation() -> None:
    first = ("set", "semester", "2026-S1", "2026-09-07", "2027-01-20", "--branch", "学校党委")
    assert qingli(*first).exit_code == 0
    found = data("calendar", "--year", "2027", "--branch", "理科支部")["observances"]
    assert {row["name"]: row["remind_on"] for row in found}["春节"] == "2027-01-20"
    general = data("calendar", "--year", "2027")["observances"]
    assert {row["name"]: row["remind_on"] for row in general}["春节"] == "2027-02-04"


def test_single_days_move_a_reminder() -> None:
    assert qingli("set", "day", "off", "2026-09-23", "2026-09-24", "--branch", "理科").exit_code == 0
    found = data("calendar", "--year", "2026", "--branch", "理科")["observances"]
    assert {row["name"]: row["remind_on"] for row in found}["中秋节"] == "2026-09-22"


def test_an_event_makes_things_due_until_it_is_withdrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGLI_CALENDAR__PACKS", "national,yizheng@2024-01-01")
    shown = qingli("set", "event", "换届", "2024-06-15", "--branch", "理科")
    assert shown.output == "已记下 1 号：理科 换届 2024-06-15\n"
    assert due("按期换届", 2027) == {"2024-06-15": "2027-06-15"}
    assert qingli("set", "events").output == "1 号：理科支部 换届 2024-06-15\n"
    assert "没有跟着“搬家”走的事项" in qingli("set", "event", "搬家", "2026-06-15", "--branch", "理科").output
    qingli("set", "events", "--withdraw", "1")
    assert due("按期换届", 2027) == {}
    assert qingli("set", "events", "--withdraw", "1").exit_code == 1


def test_a_deadline_is_moved_for_many_at_once_with_the_notice_as_its_reason(address: str) -> None:
    words = ("move", "组织生活会", "2026", "--to", "2027-04-30", "--reason", "〔2027〕3号")
    shown = qingli(*words)
    assert shown.output.splitlines() == [
        "组织生活会（2026年度），原定 2027-03-31，改到 2027-04-30，依据：〔2027〕3号",
        "2 个组织：理科支部、文科支部",
        "还没有写入；核对以后加 --yes 再运行一次",
    ]
    assert due("组织生活会", 2027) == {"2026": "2027-03-31"}
    assert qingli(*words, "--yes").output.splitlines()[-1] == "已写入"
    assert due("组织生活会", 2027) == due("组织生活会", 2027, "文科支部") == {"2026": "2027-04-30"}
    assert reasons(address) == {"〔2027〕3号"}


def reasons(address: str) -> set[str | None]:
    database = Database(address)
    with database.read() as session:
        found = set(session.scalars(select(OccurrenceChange.reason)))
    database.close()
    return found


def test_a_deadline_is_lifted_for_one_organization() -> None:
    words = ("move", "主题党日", "2026-10", "--waive", "--reason", "〔2026〕9号", "--branch", "理科", "--yes")
    assert qingli(*words).exit_code == 0
    assert "2026-10" not in due("主题党日")
    assert "2026-10" in due("主题党日", 2026, "文科支部")


def test_a_move_that_cannot_be_meant_ends_with_two() -> None:
    for words in (
        ("主题党日", "2026-10", "--reason", "x"),
        ("主题党日", "2026-10", "--reason", "x", "--waive", "--to", "2026-10-09"),
        ("主题党日", "十月", "--reason", "x", "--waive"),
        ("主题党日", "2020-10", "--reason", "x", "--waive"),
        ("主题党日", "2026-10", "--waive"),
    ):
        assert qingli("move", *words).exit_code == 2, words


RECORDS = """组织,事项,日期,应到,实到,主题,所属期
理科,主题党日,2026-03-05,25,23,学习条例,
理科支部,党课,2026年3月20日,,20,,
理科支部,组织生活会,2026-02-10,25,25,,
理科支部,主题党日,2026-05-06,25,24,,2026-04
"""


def records(folder: Path, content: str) -> str:
    file = folder / "records.csv"
    file.write_text(content, "utf-8")
    return str(file)


def test_past_records_come_in_once_and_count_for_their_periods(tmp_path: Path) -> None:
    file = records(tmp_path, RECORDS)
    assert qingli("backfill", file).output.splitlines()[0] == "可补录 4 条，已有 0 条，有误 0 处"
    assert qingli("backfill", file, "--yes").output.splitlines()[-1] == "已写入"
    assert qingli("backfill", file, "--yes").output.splitlines() == [
        "可补录 0 条，已有 4 条，有误 0 处",
        "没有写入",
    ]
    found = data("records")
    assert [(row["requirement"], row["period"], row["absent"]) for row in found] == [
        ("主题党日", "2026-03", 2),
        ("党课", "2026-Q1", None),
        ("组织生活会", "2025", 0),
        ("主题党日", "2026-04", 1),
    ]
    status = data("status", "--from", "2026-03-01", "--to", "2026-03-31", "--as-of", "2026-06-01T08:00")
    states = {
        (row["requirement"], row["period"]): row["state"]
        for row in status["occurrences"]
        if row["organization"] == "理科支部"
    }
    assert states["主题党日", "2026-03"] == "done"
    assert states["组织生活会", "2025"] == "done"


def test_one_wrong_row_keeps_all_of_them_out(tmp_path: Path) -> None:
    for row, says in (
        ("理科支布,主题党日,2026-03-05,,,,", "没有“理科支布”；是不是“理科支部”？"),
        ("理科,主题党曰,2026-03-05,,,,", "没有“主题党曰”；是不是“主题党日”？"),
        ("理科,主题党日,三月五日,,,,", "不是日期"),
        ("理科,主题党日,2099-03-05,,,,", "还没到"),
        ("理科,主题党日,2026-03-05,20,25,,", "实到 25 多于应到 20"),
        ("理科,主题党日,2026-03-05,很多,25,,", "应为人数"),
        ("理科,主题党日,2026-03-05,,,,三月", "看不懂的期"),
    ):
        shown = qingli("backfill", records(tmp_path, f"{RECORDS}{row}\n"), "--yes")
        assert (shown.exit_code, says in shown.output) == (1, True), shown.output
        assert "第 6 行" in shown.output
    assert data("records") == []


def test_a_record_that_disagrees_with_one_of_the_same_day_is_named(tmp_path: Path) -> None:
    qingli("backfill", records(tmp_path, RECORDS), "--yes")
    again = RECORDS.replace("25,23", "25,22")
    assert "数字不同" in qingli("backfill", records(tmp_path, again)).output


def test_parts_of_a_goal_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGLI_CALENDAR__PACKS", "national,yizheng@2026-01-01")
    rows = "组织,事项,日期,专题\n理科,专题研究,2026-03-02,意识形态\n理科,专题研究,2026-03-02,党风廉政\n"
    assert qingli("backfill", records(tmp_path, rows), "--yes").exit_code == 0
    status = data("status", "--from", "2026-06-30", "--to", "2026-06-30", "--as-of", "2026-06-01T08:00")
    (line,) = [
        row
        for row in status["occurrences"]
        if (row["requirement"], row["organization"]) == ("半年专题研究", "理科支部")
    ]
    assert (line["state"], line["done"], line["needed"]) == ("partial", 2, 4)
    shown = qingli("backfill", records(tmp_path, "组织,事项,日期\n理科,专题研究,2026-03-03\n"))
    assert "请写明是哪个专题" in shown.output
    assert date(2026, 3, 3) not in {row["held_on"] for row in data("records")}
