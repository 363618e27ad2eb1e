"""Due days: how they are written, and the day they fall on for every kind of period."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings, strategies as st

from models.packs.load import load_workdays
from models.rules.calendar.due_days import DueKind, DueRule, Shift, get_due_day
from models.rules.calendar.due_parser import DueError
from models.rules.calendar.periods import Period, PeriodKind, list_periods, parse_period
from models.rules.calendar.workdays import Workdays
from models.rules.requirements.types import format_due, parse_due
from tests.tables import each_row

STEADY = settings(deadline=None, derandomize=True, max_examples=200)
PUBLISHED = load_workdays()


def due(words: str, key: str, workdays: Workdays = PUBLISHED) -> str:
    found = get_due_day(parse_due(words), parse_period(key), workdays)
    assert found is not None
    return str(found[0])


@each_row(
    ("words", "key", "day"),
    [
        ("每月5日", "2026-09", "2026-09-05"),
        ("每月5日", "2024-02", "2024-02-05"),
        ("20日前", "2026-10", "2026-10-20"),
        ("每月31日", "2026-02", "2026-02-28"),
        ("每月30日", "2028-02", "2028-02-29"),
        ("月底", "2028-02", "2028-02-29"),
        ("第一个周五", "2026-10", "2026-10-02"),
        ("第二个周五", "2026-05", "2026-05-08"),
        ("第二个星期天", "2026-05", "2026-05-10"),
        ("最后一个周五", "2026-10", "2026-10-30"),
        ("倒数第二个周三", "2026-09", "2026-09-23"),
        ("第五个周五", "2026-09", "2026-09-25"),
        ("最后一个工作日", "2024-09", "2024-09-30"),
        ("最后一个工作日", "2026-02", "2026-02-28"),
        ("最后一个工作日", "2026-01", "2026-01-30"),
        ("第一个工作日", "2026-10", "2026-10-08"),
        ("第3个工作日", "2026-01", "2026-01-06"),
        ("第一个工作日", "2026-05", "2026-05-06"),
        ("周五", "2026-W40", "2026-10-02"),
        ("每周日", "2026-W53", "2027-01-03"),
        ("期末", "2026-W01", "2026-01-04"),
        ("最后一个工作日", "2026-W40", "2026-09-30"),
        ("期末", "2026-B1", "2026-02-28"),
        ("20日前", "2026-B1", "2026-02-20"),
        ("首月20日", "2026-B1", "2026-01-20"),
        ("期末", "2026-Q1", "2026-03-31"),
        ("末月20日前", "2026-Q1", "2026-03-20"),
        ("第二个月10日", "2026-Q1", "2026-02-10"),
        ("首月第一个周五", "2026-Q4", "2026-10-02"),
        ("第一个周五", "2026-Q3", "2026-07-03"),
        ("最后一个工作日", "2026-Q3", "2026-09-30"),
        ("次月10日", "2026-Q3", "2026-10-10"),
        ("次月10日", "2026-12", "2027-01-10"),
        ("次月底", "2026-Q3", "2026-10-31"),
        ("期末", "2026-H1", "2026-06-30"),
        ("期末", "2026-S1", "2027-01-31"),
        ("期末", "2026-S2", "2027-07-10"),
        ("20日前", "2026-S2", "2027-07-10"),
        ("最后一个周五", "2026-S1", "2027-01-29"),
        ("期末", "2026", "2026-12-31"),
        ("12月20日", "2026", "2026-12-20"),
        ("次年3月31日", "2026", "2027-03-31"),
        ("次年2月29日", "2026", "2027-02-28"),
        ("次年1月底", "2026", "2027-01-31"),
        ("期末", "2026-Y3", "2028-12-31"),
        ("6月30日", "2026-Y3", "2028-06-30"),
        ("次年3月31日", "2026-Y3", "2029-03-31"),
        ("2026-12-20", "2026-12-20", "2026-12-20"),
        ("30天内", "2026-08-20", "2026-09-19"),
        ("30天", "2026-08-20", "2026-09-19"),
        ("两周内", "2026-08-20", "2026-09-03"),
        ("1个月内", "2026-01-31", "2026-02-28"),
        ("3年内", "2024-02-29", "2027-02-28"),
    ],
)
def test_a_due_day_in_words_falls_on_its_day(words: str, key: str, day: str) -> None:
    assert due(words, key) == day


@each_row(
    ("words", "key", "day"),
    [
        ("每月5日，遇休息日顺延", "2026-10", "2026-10-08"),
        ("每月5日，遇休息日提前", "2026-10", "2026-09-30"),
        ("每月5日，不顺延", "2026-10", "2026-10-05"),
        ("每月5日前（遇节假日顺延）", "2026-09", "2026-09-07"),
        ("每月14日，遇休息日顺延", "2026-02", "2026-02-14"),
        ("期末，遇休息日提前", "2026-Q1", "2026-03-31"),
        ("期末，遇休息日提前", "2026-B5", "2026-10-30"),
        ("次年3月31日，遇休息日顺延", "2023", "2024-04-01"),
    ],
)
def test_a_day_off_is_left_or_moved_as_the_rule_says(words: str, key: str, day: str) -> None:
    assert due(words, key) == day


@each_row(
    ("words", "key", "provisional"),
    [
        ("最后一个工作日", "2027-02", True),
        ("最后一个工作日", "2026-11", False),
        ("最后一个工作日", "2026-12", True),
        ("每月5日，遇休息日顺延", "2027-03", True),
        ("每月5日", "2027-03", False),
        ("第一个周五", "2027-03", False),
        ("期末", "2027", False),
    ],
)
def test_only_what_rests_on_unpublished_days_off_is_provisional(
    words: str, key: str, provisional: bool
) -> None:
    found = get_due_day(parse_due(words), parse_period(key), PUBLISHED)
    assert found is not None
    assert found[1] is provisional


def test_a_vacation_moves_a_working_day() -> None:
    school = PUBLISHED.create_for_organization({}, [(date(2026, 7, 11), date(2026, 8, 31))])
    assert due("最后一个工作日", "2026-07", school) == "2026-07-10"
    assert due("最后一个工作日", "2026-08", school) == "2026-07-10", "no working day: the last one before"
    assert due("每月5日，遇休息日顺延", "2026-08", school) == "2026-09-01"


def test_a_day_that_each_branch_sets_itself_is_none_yet() -> None:
    assert get_due_day(parse_due("自定"), parse_period("2026-11"), PUBLISHED) is None


WORDS = [
    "每月5日", "第一个周五", "20日前", "最后一个工作日", "期末", "次年3月31日", "次月10日", "倒数第二个周三",
    "末月20日", "首月第一个工作日，遇休息日提前", "2026-12-20", "30天内",
    "自定", "周五", "12月20日，遇休息日顺延",
]  # fmt: skip


@each_row("words", WORDS)
def test_a_rule_is_read_back_from_its_words(words: str) -> None:
    rule = parse_due(words)
    assert parse_due(format_due(rule)) == rule


@each_row(
    ("words", "same"),
    [
        ("每月5号", "每月5日"),
        ("五日", "5日"),
        (" 每月 5 日 前 ", "每月5日"),
        ("每月的第二个星期五", "第2个周五"),
        ("第二周周五", "第二个周五"),
        ("每季度末", "期末"),
        ("年底", "期末"),
        ("每月最后一天", "期末"),
        ("每月5日,遇节假日延后", "每月5日，遇休息日顺延"),
        ("2026年12月20日前", "2026-12-20"),
        ("十二月二十日", "12月20日"),
    ],
)
def test_the_same_day_may_be_written_in_other_words(words: str, same: str) -> None:
    assert parse_due(words) == parse_due(same)


@each_row(
    ("words", "said"),
    [
        ("每月32日", "32日"),
        ("每月0日", "0日"),
        ("第六个周五", "第6个"),
        ("2月30日", "2月30日"),
        ("2026-02-30", "2026-02-30"),
        ("13月1日", "13月1日"),
        ("第0个工作日", "第0个"),
        ("每月", "看不懂"),
        ("", "看不懂"),
        ("周八", "看不懂"),
        ("每月5日，遇到再说", "遇到再说"),
        ("明天", "看不懂"),
    ],
)
def test_a_due_day_that_is_none_names_what_is_wrong_and_gives_examples(words: str, said: str) -> None:
    with pytest.raises(DueError, match=said) as caught:
        parse_due(words)
    assert "每月5日" in str(caught.value) or "顺延" in str(caught.value)


RULES = st.one_of(
    st.just(DueRule()),
    st.builds(DueRule, kind=st.just(DueKind.DAY), n=st.integers(1, 31), month_of=st.sampled_from([0, 1, -1])),
    st.builds(DueRule, kind=st.just(DueKind.WEEKDAY), n=st.sampled_from([1, 2, 3, 4, 5, -1, -2]),
              weekday=st.integers(0, 6)),
    st.builds(DueRule, kind=st.just(DueKind.WORKDAY), n=st.sampled_from([1, 2, 5, -1, -2])),
)  # fmt: skip
KINDS = [PeriodKind.WEEK, PeriodKind.MONTH, PeriodKind.TWO_MONTHS, PeriodKind.QUARTER, PeriodKind.HALF_YEAR,
         PeriodKind.SEMESTER, PeriodKind.YEAR]  # fmt: skip


@STEADY
@given(RULES, st.sampled_from(KINDS), st.dates(date(2024, 1, 1), date(2032, 12, 31)))
@example(DueRule(DueKind.WORKDAY, n=1), PeriodKind.WEEK, date(2027, 12, 1))
def test_an_unmoved_due_day_lies_within_its_period(rule: DueRule, kind: PeriodKind, day: date) -> None:
    for period in list_periods(kind, day, day + timedelta(days=60)):
        found = get_due_day(rule, period, PUBLISHED)
        assert found is not None
        length = (period.last - period.first).days + 1
        days = (period.first + timedelta(days=n) for n in range(length))
        if rule.kind is DueKind.WORKDAY and not any(map(PUBLISHED.is_workday, days)):
            assert found[0] < period.first, "a week that is off as a whole: the last working day before it"
            continue
        assert period.first <= found[0] <= period.last
        if rule.kind is DueKind.WEEKDAY:
            assert found[0].weekday() == rule.weekday
        if rule.kind is DueKind.WORKDAY and kind is not PeriodKind.WEEK:
            assert PUBLISHED.is_workday(found[0])


@STEADY
@given(RULES, st.sampled_from(KINDS), st.dates(date(2024, 1, 1), date(2032, 12, 31)))
def test_a_moved_due_day_is_the_nearest_working_day(rule: DueRule, kind: PeriodKind, day: date) -> None:
    period = next(iter(list_periods(kind, day, day + timedelta(days=60))), None)
    if period is None:
        return
    plain, _ = get_due_day(rule, period, PUBLISHED) or (day, False)
    for shift, step in ((Shift.BEFORE, -1), (Shift.AFTER, 1)):
        moved = _moved(rule, shift, period)
        assert PUBLISHED.is_workday(moved)
        passed = [plain + timedelta(days=step * n) for n in range(abs((moved - plain).days))]
        assert not any(PUBLISHED.is_workday(each) for each in passed)


def _moved(rule: DueRule, shift: Shift, period: Period) -> date:
    found = get_due_day(
        DueRule(rule.kind, rule.n, rule.weekday, month_of=rule.month_of, shift=shift), period, PUBLISHED
    )
    assert found is not None
    return found[0]


@STEADY
@given(RULES, st.sampled_from([Shift.LEAVE, Shift.BEFORE, Shift.AFTER]))
def test_every_rule_is_read_back_from_its_words(rule: DueRule, shift: Shift) -> None:
    rule = DueRule(rule.kind, rule.n, rule.weekday, month_of=rule.month_of, shift=shift)
    assert parse_due(format_due(rule)) == rule
