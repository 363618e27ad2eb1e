"""A year's announcement: what is taken, and what is refused with its reason."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest

from models.packs.load import HOLIDAYS, install_holidays, load_holiday_year, load_workdays
from models.rules.calendar.holidays import HolidayError, check_holidays, list_holiday_warnings
from tests.tables import each_row

DATA = {year: json.loads((HOLIDAYS / f"{year}.json").read_text("utf-8")) for year in (2024, 2025, 2026)}
Days = list[dict[str, Any]]


def refused(data: object, expected: int | None = None) -> str:
    with pytest.raises(HolidayError) as caught:
        check_holidays(data, expected)
    return str(caught.value)


def changed(year: int, change: Callable[[Days], object]) -> dict[str, Any]:
    data: dict[str, Any] = deepcopy(DATA[year])
    change(data["days"])
    return data


def shifted(year: int, to: int, days: int) -> dict[str, Any]:
    moved = deepcopy(DATA[year])
    moved["year"] = to
    for each in moved["days"]:
        each["date"] = (date.fromisoformat(each["date"]) + timedelta(days=days)).isoformat()
    return moved


def correct_2027() -> dict[str, Any]:
    """A 2027 that could be announced: breaks around the statutory days, with make-up days at weekends."""
    spans = [("元旦", "01-01", "01-03"), ("春节", "02-05", "02-11"), ("清明节", "04-03", "04-05"),
             ("劳动节", "05-01", "05-05"), ("端午节", "06-09", "06-09"), ("中秋节", "09-15", "09-15"),
             ("国庆节", "10-01", "10-07")]  # fmt: skip
    days: Days = []
    for name, begin, end in spans:
        day, last = date.fromisoformat(f"2027-{begin}"), date.fromisoformat(f"2027-{end}")
        while day <= last:
            days.append({"name": name, "date": day.isoformat(), "isOffDay": True})
            day += timedelta(days=1)
    worked = [("春节", "02-20"), ("劳动节", "05-08"), ("国庆节", "09-26"), ("国庆节", "10-09")]
    days += [{"name": name, "date": f"2027-{day}", "isOffDay": False} for name, day in worked]
    return {"year": 2027, "days": days}


@each_row("year", [2024, 2025, 2026])
def test_the_bundled_years_pass_without_a_warning(year: int) -> None:
    assert list_holiday_warnings(check_holidays(DATA[year], year)) == ()


def test_a_year_that_fits_its_calendar_is_taken() -> None:
    taken = check_holidays(correct_2027(), 2027)
    assert date(2027, 2, 5) in taken.off
    assert taken.worked == {date(2027, 2, 20), date(2027, 5, 8), date(2027, 9, 26), date(2027, 10, 9)}


@each_row("days", [364, 365])
def test_last_years_file_moved_by_a_year_is_refused(days: int) -> None:
    message = refused(shifted(2026, 2027, days), 2027)
    assert "春节 2027-02-05" in message
    assert "端午节 2027-06-09" in message


@each_row(
    ("data", "expected", "said"),
    [
        (DATA[2026], 2027, "应为 2027 年"),
        ({"year": 2026, "days": []}, None, "一天也没有"),
        ({"year": 2026}, None, "文件格式"),
        (["2026-01-01"], None, "文件格式"),
        ({"year": "2026", "days": []}, None, "year 应为"),
        (
            {"year": 2026, "days": [{"name": "元旦", "date": "2026-13-01", "isOffDay": True}]},
            None,
            "第1条看不懂",
        ),
        (
            {"year": 2026, "days": [{"name": "元旦", "date": "2026-01-01", "isOffDay": "yes"}]},
            None,
            "第1条看不懂",
        ),
        ({"year": 2026, "days": [{"date": "2026-01-01"}]}, None, "第1条看不懂"),
    ],
)
def test_a_file_that_is_no_announcement_says_what_is_missing(
    data: object, expected: int | None, said: str
) -> None:
    assert said in refused(data, expected)


def drop(day: str) -> Callable[[Days], object]:
    return lambda days: days.remove(next(each for each in days if each["date"] == day))


def add(name: str, day: str, *, off: bool) -> Callable[[Days], object]:
    return lambda days: days.append({"name": name, "date": day, "isOffDay": off})


def set_off(day: str, *, off: bool) -> Callable[[Days], object]:
    return lambda days: next(each for each in days if each["date"] == day).update(isOffDay=off)


@each_row(
    ("change", "said"),
    [
        (drop("2026-09-25"), "中秋节 2026-09-25"),
        (drop("2026-04-05"), "清明节 2026-04-05"),
        (drop("2026-02-16"), "春节 2026-02-16"),
        (drop("2026-05-02"), "劳动节 2026-05-02"),
        (drop("2026-02-20"), "不连续"),
        (set_off("2026-10-01", off=False), "2026-10-01 是周四"),
        (add("春节", "2026-02-25", off=False), "2026-02-25 是周三"),
        (add("春节", "2026-02-17", off=True), "重复：2026-02-17 写了 2 次"),
        (add("春节", "2026-02-14", off=True), "重复：2026-02-14 写了 2 次"),
        (add("元旦", "2027-01-01", off=True), "2027-01-01 不在 2026 年"),
        (add("春节", "2025-12-30", off=True), "2025-12-30 不在 2026 年"),
        (add("中秋节", "2026-09-29", off=True), "不连续"),
    ],
)
def test_one_wrong_day_is_named(change: Callable[[Days], object], said: str) -> None:
    assert said in refused(changed(2026, change), 2026)


def test_every_mistake_of_a_file_is_told_at_once() -> None:
    def spoil(days: Days) -> None:
        drop("2026-09-25")(days)
        add("春节", "2026-02-25", off=False)(days)

    assert len(refused(changed(2026, spoil)).splitlines()) == 3


def test_a_day_of_another_festival_within_a_break_does_not_break_it() -> None:
    data = deepcopy(DATA[2025])
    for each in data["days"]:
        if each["name"] == "国庆节、中秋节":
            each["name"] = "中秋节" if each["date"] == "2025-10-06" else "国庆节"
    assert check_holidays(data, 2025) == check_holidays(DATA[2025], 2025)


def test_the_first_holiday_may_begin_in_december() -> None:
    data = changed(2026, add("元旦", "2025-12-31", off=True))
    assert date(2025, 12, 31) in check_holidays(data, 2026).off


def test_a_lost_make_up_day_is_possible_but_warned_of() -> None:
    taken = check_holidays(changed(2026, drop("2026-10-10")), 2026)
    assert "14 天" in list_holiday_warnings(taken)[0]


@each_row("year", [2008, 2009, 2011, 2013, 2014, 2015, 2017, 2020, 2022, 2023])
def test_an_earlier_real_year_passes(year: int) -> None:
    names = {"New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-sweeping Day": "清明节",
             "Labour Day": "劳动节", "Dragon Boat Festival": "端午节", "Mid-autumn Festival": "中秋节",
             "National Day": "国庆节"}  # fmt: skip
    days = [
        {"name": names[holiday], "date": day.isoformat(), "isOffDay": off}
        for known, off in ((chinese_calendar.holidays, True), (chinese_calendar.workdays, False))
        for day, holiday in known.items()
        if day.year == year and holiday in names
    ]
    assert check_holidays({"year": year, "days": days}, year).year == year


def test_an_operators_file_comes_first_and_adds_its_year(tmp_path: Path) -> None:
    source = tmp_path / "new.json"
    source.write_text(json.dumps(correct_2027(), ensure_ascii=False), "utf-8")
    folder = tmp_path / "days off"
    assert install_holidays(source, folder).year == 2027
    workdays = load_workdays(folder)
    assert workdays.is_official(date(2027, 3, 1))
    assert workdays.is_official(date(2026, 12, 31))
    assert workdays.is_workday(date(2027, 2, 20))
    assert not load_workdays().is_official(date(2027, 3, 1))


def test_a_refused_file_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "days off"
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(correct_2027()), "utf-8")
    bad.write_text(json.dumps(shifted(2026, 2027, 365)), "utf-8")
    install_holidays(good, folder)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    with pytest.raises(HolidayError):
        install_holidays(bad, folder)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_a_broken_file_in_the_operators_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "2027.json").write_text("{", "utf-8")
    with pytest.raises(HolidayError, match=r"2027\.json.*JSON"):
        load_workdays(tmp_path)
    with pytest.raises(HolidayError, match="读不了"):
        load_holiday_year(tmp_path / "2030.json")
