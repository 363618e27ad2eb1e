"""`qingli calendar`, `plan` and `holidays` as they are typed, with and without a database."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import icalendar
import pytest
from click.testing import CliRunner, Result

from bot.cli.main import main

SCHOOL = """名称,类型,上级,别名,督导组,启用日期
学校党委,党委,,,,2024-01-01
理科支部,支部,学校党委,理科,,2024-01-01
文科支部,支部,学校党委,,,2026-10-01
"""
STAFF = """姓名,角色,组织
甲同志,领导,学校党委
乙同志,书记,理科支部
丙同志,党员,文科支部
丁同志,管理员,学校党委
"""
BREAKS_2027 = (
    ("元旦", 1, 1, 3), ("春节", 2, 5, 11), ("清明节", 4, 3, 5), ("劳动节", 5, 1, 5), ("端午节", 6, 9, 9),
    ("中秋节", 9, 15, 15), ("国庆节", 10, 1, 7),
)  # fmt: skip


def qingli(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def data(*words: str) -> Any:
    shown = qingli(*words, "--json")
    assert shown.exit_code == 0, shown.output
    return json.loads(shown.stdout)


def days_2027() -> list[dict[str, object]]:
    off = [
        {"name": name, "date": date(2027, month, day).isoformat(), "isOffDay": True}
        for name, month, first, last in BREAKS_2027
        for day in range(first, last + 1)
    ]
    worked = [{"name": "春节", "date": day, "isOffDay": False} for day in ("2027-01-31", "2027-02-20")]
    return [*off, *worked]


def announcement(folder: Path, days: list[dict[str, object]], year: int = 2027) -> str:
    file = folder / "new.json"
    file.write_text(json.dumps({"year": year, "days": days}, ensure_ascii=False), "utf-8")
    return str(file)


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without a database; the commands work in it."""
    monkeypatch.setenv("QINGLI_DATABASE__URL", f"sqlite:///{tmp_path / 'none.db'}")
    return tmp_path


@pytest.fixture
def school(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for days off, and a database with the school in it."""
    monkeypatch.setenv("QINGLI_DATABASE__URL", address)
    monkeypatch.setenv("QINGLI_CALENDAR__HOLIDAYS_FOLDER", str(tmp_path / "holidays"))
    (tmp_path / "organizations.csv").write_text(SCHOOL, "utf-8")
    (tmp_path / "people.csv").write_text(STAFF, "utf-8")
    files = ("--organizations", str(tmp_path / "organizations.csv"), "--people", str(tmp_path / "people.csv"))
    assert qingli("import", *files, "--yes").exit_code == 0
    return tmp_path


def test_without_a_database_the_calendar_has_the_days_that_matter(nothing: Path) -> None:
    found = data("calendar", "--year", "2027")
    assert found["occurrences"] == []
    assert list(nothing.iterdir()) == []
    rows = {row["name"]: row for row in found["observances"]}
    assert rows["春节"] == {
        "key": "春节", "name": "春节", "date": "2027-02-06", "remind_on": "2027-02-04",
        "status": "provisional",
    }  # fmt: skip
    assert rows["小年"]["remind_on"] is None
    assert rows["元旦"]["remind_on"] == "2026-12-31"


def test_a_range_of_years_lists_every_festival_in_each_of_them(nothing: Path) -> None:
    assert nothing.is_dir()
    found = data("calendar", "--year", "1901-2099")["observances"]
    days = {(row["name"], row["date"][:4]): row["date"] for row in found}
    names = {row["name"] for row in found} - {"国际反腐败日"}
    assert len(names) == 12
    assert {(name, str(year)) for name in names for year in range(1901, 2100)} <= days.keys()
    assert days["春节", "2033"] == "2033-01-31"
    assert days["中秋节", "2089"] == "2089-09-18"


@pytest.mark.parametrize("years", ["1900", "2100", "2027-2026", "明年", "1901-2100"])
def test_years_that_cannot_be_are_refused(nothing: Path, years: str) -> None:
    assert nothing.is_dir()
    shown = qingli("calendar", "--year", years)
    assert (shown.exit_code, "1901 到 2099" in shown.output) == (2, True)


def test_a_branch_needs_a_register(nothing: Path) -> None:
    assert nothing.is_dir()
    shown = qingli("calendar", "--branch", "理科支部")
    assert (shown.exit_code, "qingli import" in shown.output) == (2, True)


def test_what_is_due_is_in_the_year_of_its_due_day(school: Path) -> None:
    assert school.is_dir()
    found = data("calendar", "--year", "2026")["occurrences"]
    meetings = [row for row in found if row["requirement"] == "组织生活会"]
    assert meetings == [
        {"branch": "理科支部", "requirement": "组织生活会", "period": "2025", "due_on": "2026-03-31"}
    ]
    theme = [
        row["due_on"] for row in found if (row["branch"], row["requirement"]) == ("文科支部", "主题党日")
    ]
    assert theme == ["2026-10-05", "2026-11-05", "2026-12-05"], "nothing before its first day with the bot"


def test_one_organization_is_shown_with_what_is_below_it(school: Path) -> None:
    assert school.is_dir()
    branch = data("calendar", "--year", "2026", "--branch", "理科")
    assert {row["branch"] for row in branch["occurrences"]} == {"理科支部"}
    whole = data("calendar", "--year", "2026", "--branch", "学校党委")
    assert {row["branch"] for row in whole["occurrences"]} == {"理科支部", "文科支部"}
    wrong = qingli("calendar", "--branch", "理科支布")
    assert "是不是“理科支部”？" in wrong.output


def test_the_calendar_as_text_goes_by_months(school: Path) -> None:
    assert school.is_dir()
    lines = qingli("calendar", "--year", "2027", "--branch", "理科支部").output.splitlines()
    assert lines[0] == "理科支部 · 清历"
    begin = lines.index("2027年2月")
    assert lines[begin : begin + 4] == [
        "2027年2月",
        "  2月5日（周五） 除夕",
        "  2月5日（周五） 主题党日：理科支部",
        "  2月6日（周六） 春节 · 提醒2月4日（预计）",
    ]
    assert lines[-1] == "（预计：放假安排未公布，按规则预计）"


def test_the_calendar_as_a_file_is_read_by_another_parser(school: Path) -> None:
    file = school / "branch.ics"
    shown = qingli("calendar", "--year", "2027", "--branch", "理科支部", "--ics", str(file))
    assert shown.exit_code == 0
    found = icalendar.Calendar.from_ical(file.read_bytes())
    assert str(found["x-wr-calname"]) == "理科支部 · 清历"
    assert (date(2027, 9, 15), "中秋节") in {(event.start, str(event["summary"])) for event in found.events}


def test_the_plan_names_every_message_and_stores_nothing(school: Path) -> None:
    assert school.is_dir()
    words = ("plan", "--from", "2026-12-08", "--to", "2026-12-31")
    found = data(*words)
    assert found == data(*words)
    first = found["messages"][0]
    assert {**first, "text": ""} == {
        "at": "2026-12-08T09:00+08:00",
        "to": {"name": "甲同志", "organization": "学校党委", "joined": False},
        "why": [{"kind": "observance", "key": "国际反腐败日", "name": "国际反腐败日", "date": "2026-12-09"}],
        "provisional": False,
        "text": "",
    }
    assert first["text"].startswith("<b>廉洁提醒 · 反腐倡“廉”</b>")
    new_year = [each for each in found["messages"] if each["at"].startswith("2026-12-31")]
    assert [each["to"]["name"] for each in new_year] == ["甲同志", "乙同志", "丙同志", "丁同志"]
    assert all(each["provisional"] and "按规则预计" in each["text"] for each in new_year)
    assert found["waves"][0] == {
        "at": "2026-12-08T09:00+08:00", "messages": 4, "joined": 0, "seconds": 1
    }  # fmt: skip
    assert data("status")["occurrences"] is not None
    assert qingli("plan", "--from", "2026-12-08", "--to", "2026-12-01").exit_code == 2


def test_the_plan_shows_texts_as_they_are_read(school: Path) -> None:
    assert school.is_dir()
    words = ("plan", "--from", "2026-12-08", "--to", "2026-12-08")
    texts = dict.fromkeys(each["text"] for each in data(*words)["messages"])
    shown = qingli(*words, "--texts").output.splitlines()
    seen = [line.removeprefix("  │ ") for line in shown if line.startswith("  │ ")]
    assert "\n".join(seen) == "\n".join(texts).replace("<b>", "").replace("</b>", "")


def test_the_plan_as_text_says_who_hears_what_and_why(school: Path) -> None:
    assert school.is_dir()
    lines = qingli("plan", "--from", "2026-12-28", "--to", "2026-12-28").output.splitlines()
    assert lines[0] == "2026-12-28 09:00  2 条，其中 2 人还没加入，约 1 秒"
    assert any(line.startswith("  本周关注 逾期") for line in lines)
    assert "  理科支部 党课（2026年第4季度）12月31日到期 → 乙同志" in lines


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        (lambda days: days[:0], "一天也没有"),
        (lambda days: [*days, days[0]], "重复"),
        (lambda days: [day for day in days if day["date"] != "2027-02-06"], "缺法定节假日：春节"),
        (lambda days: [*days, {"name": "春节", "date": "2027-02-22", "isOffDay": False}], "应在周末"),
    ],
)
def test_a_wrong_announcement_changes_nothing(nothing: Path, change: Any, mistake: str) -> None:
    shown = qingli("holidays", "add", announcement(nothing, change(days_2027())))
    assert (shown.exit_code, mistake in shown.output, "什么也没有改" in shown.output) == (1, True, True)
    assert not (nothing / "holidays").exists()


def test_a_file_that_is_called_by_another_year_is_refused(nothing: Path) -> None:
    file = Path(announcement(nothing, days_2027())).rename(nothing / "2028.json")
    shown = qingli("holidays", "add", str(file))
    assert (shown.exit_code, "应为 2028 年" in shown.output) == (1, True)


def test_an_announcement_makes_the_year_official_and_says_what_moves(school: Path) -> None:
    before = {row["name"]: row for row in data("calendar", "--year", "2027")["observances"]}
    assert (before["春节"]["remind_on"], before["春节"]["status"]) == ("2027-02-04", "provisional")
    days = [day for day in days_2027() if day["date"] not in ("2027-01-31", "2027-02-20")]
    days += [{"name": "春节", "date": "2027-02-04", "isOffDay": True}]
    shown = qingli("holidays", "add", announcement(school, days), "--as-of", "2026-11-20T10:00")
    assert shown.output.splitlines()[0] == "已装入 2027 年：放假 28 天，调休上班 0 天"
    assert "提醒改期：春节（2027年2月6日） 2027年2月4日（周四） → 2027年2月3日（周三）" in shown.output
    after = {row["name"]: row for row in data("calendar", "--year", "2027")["observances"]}
    assert (after["春节"]["remind_on"], after["春节"]["status"]) == ("2027-02-03", "official")
    assert after["元旦"]["status"] == "official"
    assert "2027：放假 28 天" in qingli("holidays", "list").output
