"""What an organization sets itself, versions of a rule, and what follows from an event."""

from dataclasses import replace
from datetime import date

from models.rules.calendar.periods import PeriodKind
from models.rules.calendar.semesters import Semesters
from models.rules.people.roles import OrganizationKind
from models.rules.requirements.types import Setting, parse_due
from models.rules.types import Change, KeyEvent, OrganizationFacts
from tests.rules.small_rules import LONG_AGO, WORKDAYS, branch, days, due, rule


def test_a_setting_governs_the_periods_that_begin_within_it() -> None:
    friday = Setting(
        "主题党日",
        1,
        due=parse_due("第一个周五"),
        valid_from=date(2026, 10, 1),
        valid_until=date(2026, 11, 30),
    )
    found = due(rule(), [branch(1), branch(2)], "2026-09-01", "2026-12-31", settings=[friday])
    own = [str(each.due_on) for each in found if each.organization_id == 1]
    assert own == ["2026-09-05", "2026-10-02", "2026-11-06", "2026-12-05"]
    assert [each.due_on.day for each in found if each.organization_id == 2] == [5, 5, 5, 5]


def test_a_setting_in_the_middle_of_a_month_waits_for_the_next() -> None:
    friday = Setting("主题党日", 1, due=parse_due("第一个周五"), valid_from=date(2026, 10, 2))
    found = due(rule(), branch(), "2026-10-01", "2026-11-30", settings=[friday])
    assert [str(each.due_on) for each in found] == ["2026-10-05", "2026-11-06"]


def test_a_superiors_setting_holds_until_the_branch_sets_its_own() -> None:
    committee = OrganizationFacts(10, "学校党委", OrganizationKind.COMMITTEE, None, True, LONG_AGO)
    settings = [
        Setting("主题党日", None, due=parse_due("每月1日")),
        Setting("主题党日", 10, due=parse_due("每月8日")),
        Setting("主题党日", 2, due=parse_due("每月9日")),
    ]
    register = [committee, branch(1, parent_id=10), branch(2, parent_id=10), branch(3)]
    found = due(rule(), register, "2026-11-01", "2026-11-30", settings=settings)
    assert {each.organization_id: each.due_on.day for each in found} == {1: 8, 2: 9, 3: 1}


def test_a_setting_can_change_how_often() -> None:
    yearly = Setting("党课", 1, period=PeriodKind.HALF_YEAR)
    found = due(
        rule("党课", PeriodKind.QUARTER, "期末"),
        [branch(1), branch(2)],
        "2026-01-01",
        "2026-12-31",
        settings=[yearly],
    )
    assert [each.period for each in found if each.organization_id == 1] == ["2026-H1", "2026-H2"]
    assert [each.period for each in found if each.organization_id == 2] == [
        f"2026-Q{n}" for n in (1, 2, 3, 4)
    ]


def test_a_setting_can_free_an_organization() -> None:
    exempt = Setting("主题党日", 1, exempt=True, valid_from=date(2026, 10, 1))
    found = due(rule(), branch(), "2026-09-01", "2026-12-31", settings=[exempt])
    assert [each.period for each in found] == ["2026-09"]


def test_a_date_that_a_branch_sets_itself_makes_a_task_due() -> None:
    own = Setting("创星任务", 1, due=parse_due("2026-12-20"))
    task = rule("创星任务", PeriodKind.ONCE, "自定")
    assert days(due(task, [branch(1), branch(2)], "2026-01-01", "2026-12-31", settings=[own])) == [
        ("2026-12-20", "2026-12-20")
    ]


def test_a_change_of_a_date_that_was_set_anew_is_forgotten() -> None:
    own = Setting("创星任务", 1, due=parse_due("2026-12-25"))
    old = Change("创星任务", 1, "2026-12-20", moved_to=date(2026, 12, 22), id=1)
    task = rule("创星任务", PeriodKind.ONCE, "自定")
    found = due(task, branch(), "2026-01-01", "2026-12-31", settings=[own], changes=[old])
    assert days(found) == [("2026-12-25", "2026-12-25")]


def test_a_new_version_governs_from_its_first_day_and_never_before() -> None:
    old = rule(valid_until=date(2026, 12, 31))
    new = rule(due="第一个周五", valid_from=date(2027, 1, 1))
    found = due([old, new], branch(), "2026-11-01", "2027-02-28")
    assert days(found) == [
        ("2026-11", "2026-11-05"),
        ("2026-12", "2026-12-05"),
        ("2027-01", "2027-01-01"),
        ("2027-02", "2027-02-05"),
    ]


def test_of_two_versions_in_force_the_one_that_began_later_counts() -> None:
    general = rule()
    plan = rule(due="每月9日", valid_from=date(2026, 10, 1), valid_until=date(2026, 10, 31))
    for order in ([general, plan], [plan, general]):
        assert [each.due_on.day for each in due(order, branch(), "2026-09-01", "2026-11-30")] == [5, 9, 5]


def test_a_rule_without_a_forerunner_governs_the_period_it_begins_in() -> None:
    plan = rule(
        "述职评议", PeriodKind.YEAR, "12月20日", valid_from=date(2026, 4, 7), valid_until=date(2026, 12, 31)
    )
    assert days(due(plan, branch(), "2024-01-01", "2032-12-31")) == [("2026", "2026-12-20")]
    late = replace(plan, valid_from=date(2026, 12, 21))
    assert due(late, branch(), "2024-01-01", "2032-12-31") == []


def test_each_school_has_its_own_semesters_and_days_off() -> None:
    school = branch(2, semesters=Semesters(autumn=((9, 7), (1, 20))))
    closed = branch(3, workdays=WORKDAYS.create_for_organization({date(2027, 1, 29): False}))
    found = due(
        rule("专题会", PeriodKind.SEMESTER, "最后一个工作日"),
        [branch(1), school, closed],
        "2027-01-01",
        "2027-02-28",
    )
    assert {each.organization_id: str(each.due_on) for each in found} == {
        1: "2027-01-29", 2: "2027-01-20", 3: "2027-01-28",
    }  # fmt: skip
    assert all(each.provisional for each in found)


def test_an_event_makes_a_thing_due_days_after_it() -> None:
    talk = rule("新任职谈话", PeriodKind.EVENT, "30天内", event="新任职")
    events = [
        KeyEvent("新任职", date(2026, 8, 20), 1, id=4),
        KeyEvent("新任职", date(2026, 8, 20), 1, id=9),
        KeyEvent("换届", date(2026, 8, 20), 1, id=5),
        KeyEvent("新任职", date(2026, 8, 25), 2, id=6),
    ]
    found = due(talk, [branch(1), branch(2)], "2026-09-01", "2026-09-30", events=events)
    assert [(each.organization_id, each.period, str(each.due_on)) for each in found] == [
        (1, "2026-08-20", "2026-09-19"),
        (1, "2026-08-20#9", "2026-09-19"),
        (2, "2026-08-25", "2026-09-24"),
    ]


def test_a_term_runs_from_the_last_election() -> None:
    election = rule("按期换届", PeriodKind.TERM, "期满", event="换届", years=3)
    found = due(
        election,
        [branch(1), branch(2)],
        "2026-01-01",
        "2027-12-31",
        events=[KeyEvent("换届", date(2024, 6, 15), 1)],
    )
    assert [(each.organization_id, each.period, str(each.due_on)) for each in found] == [
        (1, "2024-06-15", "2027-06-15")
    ]
