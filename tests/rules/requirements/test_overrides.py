"""What organizations set for themselves: semesters, vacations and single days, from the nearest level."""

from datetime import date

import pytest

from models.packs.load import load_packs, load_workdays
from models.rules.calendar.semesters import DEFAULT_SEMESTERS
from models.rules.calendar.workdays import Workdays
from models.rules.people.roles import OrganizationKind
from models.rules.requirements.overrides import Ledger, OwnDay, OwnSemester, apply_own_days
from models.rules.requirements.rulebook import Rulebook
from models.rules.types import OrganizationFacts

WORKDAYS = load_workdays()
BUREAU, SCHOOL, BRANCH, OTHER = 1, 2, 3, 4


def place(key: int, parent: int | None) -> OrganizationFacts:
    return OrganizationFacts(key, f"组织{key}", OrganizationKind.BRANCH, parent, True, date(2020, 1, 1))


REGISTER = [place(BUREAU, None), place(SCHOOL, BUREAU), place(BRANCH, SCHOOL), place(OTHER, BUREAU)]


def by_id(*own: OwnDay | OwnSemester) -> dict[int, OrganizationFacts]:
    days = [each for each in own if isinstance(each, OwnDay)]
    semesters = [each for each in own if isinstance(each, OwnSemester)]
    return {each.id: each for each in apply_own_days(REGISTER, WORKDAYS, days, semesters)}


def workdays(facts: OrganizationFacts) -> Workdays:
    assert facts.workdays is not None
    return facts.workdays


def test_without_own_days_everybody_has_the_general_ones() -> None:
    assert {(each.semesters, each.workdays) for each in by_id().values()} == {(DEFAULT_SEMESTERS, None)}


def test_a_branch_goes_by_its_schools_days_until_it_sets_its_own() -> None:
    found = by_id(
        OwnDay(SCHOOL, date(2026, 10, 8), works=False), OwnDay(BRANCH, date(2026, 10, 8), works=True)
    )
    assert not workdays(found[SCHOOL]).is_workday(date(2026, 10, 8))
    assert workdays(found[BRANCH]).is_workday(date(2026, 10, 8))
    assert found[OTHER].workdays is None


def test_the_later_of_two_entries_counts() -> None:
    found = by_id(OwnDay(SCHOOL, date(2026, 10, 8), False), OwnDay(SCHOOL, date(2026, 10, 8), True))
    assert workdays(found[SCHOOL]).is_workday(date(2026, 10, 8))


def test_organizations_with_the_same_days_share_one_value() -> None:
    found = by_id(OwnDay(BUREAU, date(2026, 10, 8), works=False))
    assert len({id(each.workdays) for each in found.values()}) == 1
    assert by_id(OwnDay(BUREAU, date(2026, 10, 8), works=False))[OTHER].workdays is found[OTHER].workdays


def test_days_between_semesters_are_off_where_a_semester_was_set() -> None:
    school = by_id(OwnSemester(SCHOOL, "2026-S1", date(2026, 9, 7), date(2027, 1, 20)))[BRANCH]
    days = workdays(school)
    assert days.find_run_of_days_off(date(2027, 2, 5)) == (date(2027, 1, 21), date(2027, 2, 15))
    assert not days.is_workday(date(2026, 9, 4)), "the vacation before the semester"
    assert days.is_workday(date(2026, 2, 4)), "the winter of the year before was not set"


def test_a_school_that_set_its_semester_is_reminded_of_spring_festival_before_it_closes() -> None:
    pack = load_packs(["national"])
    rules = Rulebook(pack.requirements, pack.observances, WORKDAYS)
    school = by_id(OwnSemester(SCHOOL, "2025-S1", date(2025, 9, 1), date(2026, 1, 30)))[SCHOOL]
    days = rules.list_observance_days(date(2026, 2, 1), date(2026, 2, 28), place=school)
    assert [(each.observance.name, each.remind_on) for each in days] == [("春节", date(2026, 1, 30))]
    general = rules.list_observance_days(date(2026, 2, 1), date(2026, 2, 28))
    assert [each.remind_on for each in general] == [date(2026, 2, 14)]


def test_semesters_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="重叠"):
        by_id(OwnSemester(SCHOOL, "2026-S1", date(2026, 9, 1), date(2027, 3, 1)))


def test_the_chain_of_superiors_ends_even_where_it_goes_round() -> None:
    assert Ledger(parents={1: 2, 2: 3, 3: None}).list_superiors(1) == (2, 3)
    assert Ledger(parents={1: 2, 2: 1}).list_superiors(1) == (2, 1)
