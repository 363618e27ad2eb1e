"""What is due when: who owes it, from when to when, and with which changes."""

from datetime import date

from models.rules.calendar.periods import PeriodKind
from models.rules.people.roles import OrganizationKind
from models.rules.types import Change
from tests.rules.small_rules import branch, days, due, rule
from tests.tables import each_row


@each_row(
    ("period", "words", "first", "last", "expected"),
    [
        (
            PeriodKind.WEEK,
            "周五",
            "2026-10-01",
            "2026-10-14",
            [("2026-W40", "2026-10-02"), ("2026-W41", "2026-10-09")],
        ),
        (
            PeriodKind.MONTH,
            "20日前",
            "2028-02-01",
            "2028-03-20",
            [("2028-02", "2028-02-20"), ("2028-03", "2028-03-20")],
        ),
        (
            PeriodKind.TWO_MONTHS,
            "期末",
            "2026-01-01",
            "2026-06-29",
            [("2026-B1", "2026-02-28"), ("2026-B2", "2026-04-30")],
        ),
        (
            PeriodKind.QUARTER,
            "次月10日",
            "2026-01-01",
            "2026-06-30",
            [("2025-Q4", "2026-01-10"), ("2026-Q1", "2026-04-10")],
        ),
        (
            PeriodKind.HALF_YEAR,
            "期末",
            "2026-01-01",
            "2026-12-31",
            [("2026-H1", "2026-06-30"), ("2026-H2", "2026-12-31")],
        ),
        (
            PeriodKind.SEMESTER,
            "期末",
            "2027-01-01",
            "2027-12-31",
            [("2026-S1", "2027-01-31"), ("2026-S2", "2027-07-10")],
        ),
        (
            PeriodKind.YEAR,
            "次年3月31日",
            "2026-01-01",
            "2027-12-31",
            [("2025", "2026-03-31"), ("2026", "2027-03-31")],
        ),
        (
            PeriodKind.TERM,
            "期末",
            "2024-01-01",
            "2032-12-31",
            [("2023-Y3", "2025-12-31"), ("2026-Y3", "2028-12-31"), ("2029-Y3", "2031-12-31")],
        ),
        (PeriodKind.ONCE, "2026-12-20", "2026-12-01", "2026-12-31", [("2026-12-20", "2026-12-20")]),
        (PeriodKind.FREE, "期末", "2024-01-01", "2032-12-31", []),
        (PeriodKind.ONCE, "自定", "2024-01-01", "2032-12-31", []),
    ],
)
def test_each_kind_of_period_has_its_due_days(
    period: PeriodKind, words: str, first: str, last: str, expected: list[tuple[str, str]]
) -> None:
    assert days(due(rule(period=period, due=words, years=3), branch(), first, last)) == expected


def test_a_due_day_of_the_next_year_belongs_to_the_year_it_is_for() -> None:
    (found,) = due(rule("组织生活会", PeriodKind.YEAR, "次年3月31日"), branch(), "2027-01-01", "2027-12-31")
    assert (found.period, found.due_on, found.opens_on) == ("2026", date(2027, 3, 31), date(2026, 1, 1))


@each_row(
    ("starts_on", "expected"),
    [
        (date(2026, 9, 5), ["2026-09", "2026-10"]),
        (date(2026, 9, 6), ["2026-10"]),
        (date(2026, 11, 1), []),
    ],
)
def test_nothing_is_due_before_an_organizations_first_day(starts_on: date, expected: list[str]) -> None:
    found = due(rule(), branch(starts_on=starts_on), "2026-08-01", "2026-10-31")
    assert [each.period for each in found] == expected


def test_a_period_that_was_over_before_the_first_day_is_not_due_afterwards() -> None:
    yearly = rule("组织生活会", PeriodKind.YEAR, "次年3月31日")
    assert due(yearly, branch(starts_on=date(2027, 2, 1)), "2027-01-01", "2027-12-31") == []
    assert [
        o.period for o in due(yearly, branch(starts_on=date(2026, 12, 1)), "2027-01-01", "2027-12-31")
    ] == ["2026"]


def test_a_branch_that_is_closed_owes_nothing_more() -> None:
    found = due(rule(), branch(ends_on=date(2026, 10, 5)), "2026-09-01", "2026-12-31")
    assert [each.period for each in found] == ["2026-09", "2026-10"]


@each_row(
    ("changes", "owes"),
    [
        ({}, True),
        ({"kinds": frozenset({OrganizationKind.GROUP})}, False),
        ({"needs_committee": True}, True),
        ({"only": frozenset({"支部1"})}, True),
        ({"only": frozenset({"支部2"})}, False),
        ({"exempt": frozenset({"支部1"})}, False),
    ],
)
def test_only_those_owe_who_are_meant(changes: dict[str, object], owes: bool) -> None:
    found = due(rule(**changes), branch(), "2026-09-01", "2026-09-30")
    assert bool(found) is owes


def test_a_branch_without_a_committee_owes_no_committee_meeting() -> None:
    assert due(rule(needs_committee=True), branch(has_committee=False), "2026-09-01", "2026-09-30") == []


def test_a_moved_occurrence_is_due_on_its_new_day_and_keeps_its_period() -> None:
    moved = Change("主题党日", 1, "2026-11", moved_to=date(2026, 12, 3), id=7, reason="〔2026〕12号")
    assert days(due(rule(), branch(), "2026-11-01", "2026-11-30", changes=[moved])) == []
    found = due(rule(), branch(), "2026-12-01", "2026-12-31", changes=[moved])
    assert [(each.period, str(each.due_on), each.moved) for each in found] == [
        ("2026-11", "2026-12-03", 7),
        ("2026-12", "2026-12-05", None),
    ]


def test_an_occurrence_moved_by_years_is_still_found() -> None:
    far = Change("主题党日", 1, "2026-11", moved_to=date(2031, 1, 15), id=1)
    assert ("2026-11", "2031-01-15") in days(due(rule(), branch(), "2031-01-01", "2031-01-31", changes=[far]))


def test_the_newest_change_of_an_occurrence_counts() -> None:
    changes = [
        Change("主题党日", 1, "2026-11", waived=True, id=2),
        Change("主题党日", 1, "2026-11", moved_to=date(2026, 11, 9), id=1),
    ]
    (found,) = due(rule(), branch(), "2026-11-01", "2026-11-30", changes=changes)
    assert (found.waived, found.moved, found.due_on) == (True, None, date(2026, 11, 5))


def test_a_change_concerns_one_organization_only() -> None:
    waived = Change("主题党日", 2, "2026-11", waived=True, id=1)
    found = due(rule(), [branch(1), branch(2), branch(3)], "2026-11-01", "2026-11-30", changes=[waived])
    assert [(each.organization_id, each.waived) for each in found] == [(1, False), (2, True), (3, False)]


def test_the_order_is_day_then_requirement_then_register() -> None:
    rules = [rule("甲", due="每月6日"), rule("乙"), rule("丙")]
    moved = Change("乙", 8, "2026-11", moved_to=date(2026, 11, 6), id=1)
    found = due(rules, [branch(9), branch(8)], "2026-11-01", "2026-11-30", changes=[moved])
    assert [(each.due_on.day, each.requirement, each.organization_id) for each in found] == [
        (5, "乙", 9), (5, "丙", 9), (5, "丙", 8), (6, "甲", 9), (6, "甲", 8), (6, "乙", 8),
    ]  # fmt: skip


def test_the_periods_of_some_days_are_chosen_whenever_they_are_due() -> None:
    yearly = rule("组织生活会", PeriodKind.YEAR, "次年3月31日")
    found = due([rule(), yearly], branch(), "2026-11-01", "2026-11-30", by_period=True)
    assert days(found) == [("2026-11", "2026-11-05"), ("2026", "2027-03-31")]
