"""The day on which members are reminded: the last working day before the run of days off."""

from datetime import date, timedelta

from hypothesis import given, settings, strategies as st

from models.packs.load import load_pack, load_workdays
from models.rules.calendar.day_parser import DayContext
from models.rules.calendar.lead_times import parse_lead
from models.rules.calendar.observances import (
    Observance,
    ObservanceDay,
    add_listed_festivals,
    group_by_reminder,
    list_lead_days,
    list_observance_days,
    parse_when,
)
from models.rules.calendar.semesters import DEFAULT_SEMESTERS, Semesters
from models.rules.calendar.workdays import Workdays
from models.rules.people.roles import Role
from models.rules.types import KeyEvent
from tests.tables import each_row

STEADY = settings(deadline=None, derandomize=True, max_examples=200)
PUBLISHED = load_workdays()
NATIONAL = load_pack("national").observances


def observance(when: str, **values: object) -> Observance:
    return Observance(**{"key": when, "name": when, "when": parse_when(when), **values})  # type: ignore[arg-type]


def only(
    when: str, year: int, workdays: Workdays = PUBLISHED, semesters: Semesters = DEFAULT_SEMESTERS
) -> ObservanceDay:
    context = DayContext(semesters)
    found = list_observance_days([observance(when)], date(year, 1, 1), date(year, 12, 31), workdays, context)
    assert len(found) == 1
    return found[0]


@each_row(
    ("when", "year", "remind_on"),
    [
        ("中秋节", 2024, date(2024, 9, 14)),
        ("端午节", 2024, date(2024, 6, 7)),
        ("春节", 2024, date(2024, 2, 9)),
        ("国庆节", 2024, date(2024, 9, 30)),
        ("春节", 2025, date(2025, 1, 27)),
        ("中秋节", 2025, date(2025, 9, 30)),
        ("春节", 2026, date(2026, 2, 14)),
        ("清明节", 2026, date(2026, 4, 3)),
        ("5月10日", 2026, date(2026, 5, 9)),
        ("教师节", 2026, date(2026, 9, 9)),
        ("12月9日", 2024, date(2024, 12, 6)),
        ("元旦", 2026, date(2025, 12, 31)),
    ],
)
def test_a_published_year_reminds_on_the_last_working_day(when: str, year: int, remind_on: date) -> None:
    day = only(when, year)
    assert (day.remind_on, day.provisional) == (remind_on, False)


@each_row(
    ("when", "year", "remind_on"),
    [
        ("元旦", 2024, date(2023, 12, 29)),
        ("元旦", 2027, date(2026, 12, 31)),
        ("春节", 2027, date(2027, 2, 4)),
        ("春节", 2028, date(2028, 1, 21)),
        ("中秋节", 2028, date(2028, 9, 29)),
        ("劳动节", 2029, date(2029, 4, 27)),
    ],
)
def test_a_reminder_that_looks_at_an_unpublished_year_is_provisional(
    when: str, year: int, remind_on: date
) -> None:
    day = only(when, year)
    assert (day.remind_on, day.provisional) == (remind_on, True)


@each_row("year", [2025, 2028])
def test_festivals_of_one_run_share_one_reminder(year: int) -> None:
    days = list_observance_days(NATIONAL, date(year, 9, 1), date(year, 10, 31), PUBLISHED)
    spoken = [[each.observance.name for each in group] for group in group_by_reminder(days)]
    assert spoken == [["教师节"], ["国庆节", "中秋节"]]
    assert [each.observance.name for each in days if each.shared_with] == ["国庆节", "中秋节"]


def test_festivals_of_two_runs_are_spoken_of_apart() -> None:
    days = list_observance_days(NATIONAL, date(2026, 9, 20), date(2026, 10, 31), PUBLISHED)
    assert [each.shared_with for each in days] == [(), ()]
    assert [each.remind_on for each in days] == [date(2026, 9, 24), date(2026, 9, 30)]


def test_sharing_is_seen_across_the_edge_of_the_window() -> None:
    (mid_autumn,) = list_observance_days(NATIONAL, date(2025, 10, 5), date(2025, 10, 31), PUBLISHED)
    assert [each.name for each in mid_autumn.shared_with] == ["国庆节"]


def test_what_is_told_to_others_is_not_shared() -> None:
    known = [observance("国庆节"), observance("中秋节", audience=(Role.LEADER,))]
    days = list_observance_days(known, date(2025, 10, 1), date(2025, 10, 31), PUBLISHED)
    assert [each.shared_with for each in days] == [(), ()]


def test_a_school_on_vacation_is_reminded_before_it_closes() -> None:
    school = PUBLISHED.create_for_organization(
        {}, Semesters().list_vacations(date(2026, 1, 1), date(2026, 12, 31))
    )
    day = only("春节", 2026, school)
    assert day.remind_on == date(2026, 1, 30), "the first semester ends on 01-31, a Saturday"


@each_row(
    ("when", "year", "on"),
    [
        ("农历八月十五", 2026, date(2026, 9, 25)),
        ("腊月廿三", 2025, date(2026, 2, 10)),
        ("冬至", 2026, date(2026, 12, 22)),
        ("9月10日", 2026, date(2026, 9, 10)),
        ("12·9", 2026, date(2026, 12, 9)),
        ("5月第二个周日", 2026, date(2026, 5, 10)),
        ("5月最后一个周五", 2026, date(2026, 5, 29)),
        ("国庆节 - 1 天", 2026, date(2026, 9, 30)),
        ("元旦前2天", 2027, date(2026, 12, 30)),
        ("秋季开学", 2026, date(2026, 9, 1)),
        ("春季学期结束 - 25 天", 2026, date(2026, 6, 15)),
    ],
)
def test_a_day_is_found_however_it_is_written(when: str, year: int, on: date) -> None:
    days = list_observance_days([observance(when)], on, on, PUBLISHED)
    assert [each.date for each in days] == [on]
    assert year in (on.year, on.year - 1, on.year + 1)


def test_a_day_may_be_reckoned_from_another_observance() -> None:
    known = [observance("5月10日", key="教育日"), observance("教育日 - 7 天")]
    days = list_observance_days(known, date(2026, 5, 1), date(2026, 5, 9), PUBLISHED)
    assert [each.date for each in days] == [date(2026, 5, 3)]


def test_two_days_reckoned_from_each_other_are_never_and_no_loop() -> None:
    known = [observance("乙 - 1 天", key="甲"), observance("甲 - 1 天", key="乙")]
    assert list_observance_days(known, date(2026, 1, 1), date(2026, 12, 31), PUBLISHED) == []


def test_the_29th_of_february_is_only_in_leap_years() -> None:
    days = list_observance_days([observance("2月29日")], date(2025, 1, 1), date(2028, 12, 31), PUBLISHED)
    assert [each.date for each in days] == [date(2028, 2, 29)]


def test_a_reminder_follows_from_a_key_event() -> None:
    banquet = KeyEvent("升学宴", date(2026, 7, 20), organization_id=1, id=7)
    context = DayContext(events=[banquet])
    (day,) = list_observance_days(
        [observance("事件：升学宴")], date(2026, 7, 1), date(2026, 7, 31), PUBLISHED, context
    )
    assert (day.date, day.remind_on, day.event) == (date(2026, 7, 20), date(2026, 7, 17), banquet)


def test_each_organizations_semester_moves_its_school_days() -> None:
    late = Semesters(autumn=((9, 7), (1, 20)), spring=((3, 1), (7, 5)))
    assert only("秋季开学", 2026, semesters=late).date == date(2026, 9, 7)


def test_every_lead_has_its_own_day_and_people() -> None:
    leads = tuple(
        parse_lead(text, Role.MEMBER) for text in ("最后一个工作日 09:00", "提前一周", "书记：提前两周 10:30")
    )
    day = list_observance_days(
        [observance("国庆节", leads=leads)], date(2026, 10, 1), date(2026, 10, 1), PUBLISHED
    )[0]
    found = [(lead.audience, on, lead.at.hour) for lead, on, _ in list_lead_days(day, PUBLISHED)]
    assert found == [
        (Role.MEMBER, date(2026, 9, 30), 9),
        (Role.MEMBER, date(2026, 9, 24), 9),
        (Role.SECRETARY, date(2026, 9, 17), 10),
    ]


def test_every_festival_is_listed_in_every_year_with_or_without_a_reminder() -> None:
    days = list_observance_days(
        add_listed_festivals(NATIONAL), date(1901, 1, 1), date(2099, 12, 31), PUBLISHED
    )
    names = {
        "元旦",
        "小年",
        "除夕",
        "春节",
        "元宵节",
        "清明节",
        "劳动节",
        "端午节",
        "教师节",
        "中秋节",
        "国庆节",
        "重阳节",
    }
    for year in range(1901, 2100):
        found = [each.observance.name for each in days if each.date.year == year]
        assert len(found) == len(set(found)), year
        assert names <= set(found), year
    silent = {each.observance.name for each in days if each.date.year == 2026 and each.remind_on is None}
    assert silent == {"小年", "除夕", "元宵节", "重阳节"}


@STEADY
@given(st.dates(date(2019, 1, 1), date(2090, 12, 31)))
def test_the_reminder_is_a_working_day_with_nothing_but_days_off_after_it(start: date) -> None:
    for day in list_observance_days(NATIONAL, start, start + timedelta(days=120), PUBLISHED):
        assert day.remind_on is not None
        assert day.remind_on < day.date
        assert PUBLISHED.is_workday(day.remind_on)
        between = [day.remind_on + timedelta(days=n) for n in range(1, (day.date - day.remind_on).days)]
        assert not any(PUBLISHED.is_workday(each) for each in between)
        looked_at = [day.remind_on, *between, day.date]
        assert day.provisional == any(not PUBLISHED.is_official(each) for each in looked_at)
