"""What is overdue is passed on step by step, in one list a week, and never on days off."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from models.packs.load import load_packs, load_workdays
from models.rules.people.organization_tree import Node, Tree
from models.rules.people.roles import OrganizationKind, Post, Role
from models.rules.requirements.rulebook import Rulebook
from models.rules.requirements.types import Strength
from models.rules.types import Change, OrganizationFacts
from scheduler.messages.bundle import bundle_reminders
from scheduler.planning.overdue import get_list_day
from scheduler.planning.reminders import plan_reminders
from scheduler.send_times import SendTimes
from scheduler.types import Digest, OpenQuestion, Overdue, Recipient, Situation
from tests.tables import each_row

COMMITTEE, BRANCH, OTHER, OVERSIGHT = 1, 2, 3, 9
TREE = Tree(
    [
        Node(COMMITTEE, "示例学校党委", OrganizationKind.COMMITTEE, None),
        Node(BRANCH, "一支部", OrganizationKind.BRANCH, COMMITTEE),
        Node(OTHER, "二支部", OrganizationKind.BRANCH, COMMITTEE),
    ],
    {OVERSIGHT: frozenset({BRANCH})},
)
LONG_AGO = datetime(2026, 8, 1, tzinfo=UTC)
SECRETARY = Recipient(11, 101, LONG_AGO, (Post(Role.SECRETARY, BRANCH),))
SUPERVISOR = Recipient(12, 102, LONG_AGO, (Post(Role.SUPERVISOR, oversight_id=OVERSIGHT),))
LEADER = Recipient(13, 103, LONG_AGO, (Post(Role.LEADER, COMMITTEE),))
STEPS = {Role.SECRETARY: 1, Role.SUPERVISOR: 7, Role.LEADER: 14}
TIMES = SendTimes(zone=ZoneInfo("Asia/Shanghai"), digest_on=0, digest_at=time(8, 30), overdue_after=STEPS)
PACK = load_packs(["national"])
RULES = Rulebook(PACK.requirements, PACK.observances, load_workdays())
THEME_DAYS = Rulebook(
    tuple(rule for rule in PACK.requirements if rule.key == "主题党日"), (), load_workdays()
)


def situation(rules: Rulebook = THEME_DAYS, **other: object) -> Situation:
    facts = [
        OrganizationFacts(node.id, node.name, node.kind, node.parent_id, True, date(2026, 9, 1))
        for node in TREE
    ]
    values: dict[str, object] = {
        "rules": rules,
        "tree": TREE,
        "organizations": facts,
        "recipients": [SECRETARY, SUPERVISOR, LEADER],
        "times": TIMES,
    }
    return Situation(**{**values, **other})  # type: ignore[arg-type]


def told(found: Situation, first: str, last: str) -> list[tuple[str, int, str]]:
    """Day, reader and kind of what is said of overdue things from one day to another."""
    window = [datetime.fromisoformat(f"{day}T00:00+08:00") for day in (first, last)]
    kinds = {Overdue: "step", Digest: "list"}
    return [
        (each.slot.strftime("%m-%d %H:%M"), each.member_id, kinds[type(each.subject)])
        for each in plan_reminders(found, *window)
        if type(each.subject) in kinds
    ]


def test_the_theme_day_of_september_goes_from_the_secretary_to_the_leader_in_steps() -> None:
    """Due on Saturday 5 September: a day later is a Sunday, so the secretary hears of it on Monday."""
    assert told(situation(), "2026-09-05", "2026-09-29") == [
        ("09-07 08:30", 12, "list"),
        ("09-07 08:30", 13, "list"),
        ("09-07 09:00", 11, "step"),
        ("09-14 08:30", 12, "list"),
        ("09-14 08:30", 12, "step"),
        ("09-14 08:30", 13, "list"),
        ("09-21 08:30", 12, "list"),
        ("09-21 08:30", 13, "list"),
        ("09-21 08:30", 13, "step"),
        ("09-21 08:30", 13, "step"),
        ("09-28 08:30", 12, "list"),
        ("09-28 08:30", 13, "list"),
    ]


def test_nothing_overdue_means_no_list() -> None:
    done = {("主题党日", place, "2026-09") for place in TREE.nodes}
    assert told(situation(done=done), "2026-09-05", "2026-10-04") == []


def test_what_is_waived_or_moved_ahead_is_not_passed_on() -> None:
    changes = [
        Change("主题党日", BRANCH, "2026-09", waived=True, id=1),
        Change("主题党日", OTHER, "2026-09", moved_to=date(2026, 9, 28), id=2),
    ]
    assert told(situation(changes=changes), "2026-09-05", "2026-09-28") == []


def test_what_is_only_usual_is_never_passed_on() -> None:
    usual = Rulebook([replace(THEME_DAYS.requirements[0], strength=Strength.USUAL)], (), load_workdays())
    assert told(situation(usual), "2026-09-01", "2026-12-01") == []


def test_what_waits_for_an_answer_is_not_asked_twice() -> None:
    asked = OpenQuestion(1, 11, 101, date(2026, 9, 6), frozenset({("主题党日", BRANCH)}))
    assert 11 not in {who for _, who, _ in told(situation(questions=[asked]), "2026-09-05", "2026-09-12")}


def test_without_a_list_each_step_has_a_day_of_its_own() -> None:
    times = SendTimes(zone=TIMES.zone, digest_on=None, overdue_after=STEPS)
    assert told(situation(times=times), "2026-09-05", "2026-09-29") == [
        ("09-07 09:00", 11, "step"),
        ("09-14 09:00", 12, "step"),
        ("09-20 09:00", 13, "step"),  # a Sunday that is worked
        ("09-20 09:00", 13, "step"),
    ]


@each_row(
    ("week", "day"),
    [
        (date(2026, 9, 30), date(2026, 9, 28)),
        (date(2026, 10, 5), date(2026, 10, 8)),  # the national holiday ends on Wednesday
        (date(2026, 2, 18), None),  # the whole week of Spring Festival
    ],
)
def test_a_list_waits_for_the_next_working_day_of_its_week(week: date, day: date | None) -> None:
    assert get_list_day(week, 0, load_workdays()) == day


def test_what_is_overdue_is_told_with_whatever_else_is_told_that_day() -> None:
    """On the last working day before 中秋 2026, a Thursday, members are told at nine."""
    times = SendTimes(zone=TIMES.zone, digest_on=3, digest_at=time(8), overdue_after=STEPS)
    window = [datetime.fromisoformat(f"2026-09-24T{hour}+08:00") for hour in ("00:00", "23:59")]
    found = [each for each in plan_reminders(situation(RULES, times=times), *window) if each.member_id == 13]
    assert {each.slot.strftime("%H:%M") for each in found} == {"09:00"}
    assert len(bundle_reminders(found, by_slot=True)) == 1
