"""Planning: who is told what, when, and what still counts as in time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.packs.load import load_packs, load_workdays
from models.rules.people.organization_tree import Node, Tree
from models.rules.people.roles import OrganizationKind, Post, Role
from models.rules.requirements.rulebook import Rulebook
from models.rules.types import Change, OrganizationFacts
from scheduler.messages.texts import MessageContext, Voice, format_message
from scheduler.planning.reminders import is_in_time, plan_reminders
from scheduler.send_times import SendTimes
from scheduler.types import OpenQuestion, PlannedReminder, Recipient, Situation, find_reporters

SHANGHAI = ZoneInfo("Asia/Shanghai")
TIMES = SendTimes(zone=SHANGHAI)
COMMITTEE, BRANCH, GROUP, OTHER = 1, 2, 3, 4
TREE = Tree(
    [
        Node(COMMITTEE, "示例学校党委", OrganizationKind.COMMITTEE, None),
        Node(BRANCH, "一支部", OrganizationKind.BRANCH, COMMITTEE),
        Node(GROUP, "数学组", OrganizationKind.GROUP, BRANCH),
        Node(OTHER, "二支部", OrganizationKind.BRANCH, COMMITTEE),
    ]
)
EARLIER = datetime(2026, 8, 1, tzinfo=UTC)
SECRETARY = Recipient(11, 101, EARLIER, (Post(Role.SECRETARY, BRANCH), Post(Role.MEMBER, BRANCH)))
CLERK = Recipient(12, 102, EARLIER, (Post(Role.CLERK, OTHER),))
MEMBER = Recipient(13, 103, EARLIER, (Post(Role.MEMBER, BRANCH), Post(Role.MEMBER, OTHER)))


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    pack = load_packs(["national"])
    return Rulebook(pack.requirements, pack.observances, load_workdays())


def _facts(key: int) -> OrganizationFacts:
    node = TREE.nodes[key]
    return OrganizationFacts(key, node.name, node.kind, node.parent_id, True, date(2026, 9, 1))


def _situation(rules: Rulebook, **other: object) -> Situation:
    values = {
        "rules": rules,
        "tree": TREE,
        "organizations": [_facts(key) for key in TREE.nodes],
        "recipients": [SECRETARY, CLERK, MEMBER],
        "times": TIMES,
    }
    return Situation(**{**values, **other})  # type: ignore[arg-type]


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(f"{moment}+08:00")


def _keys(found: list[PlannedReminder], member: int) -> list[str]:
    return [reminder.key for reminder in found if reminder.member_id == member]


def test_everybody_is_told_once_on_the_last_working_day_before_the_festival(rules: Rulebook) -> None:
    found = plan_reminders(_situation(rules), _at("2026-09-24T08:59:59"), _at("2026-09-24T09:00"))
    assert [(reminder.member_id, reminder.slot) for reminder in found] == [
        (key, _at("2026-09-24T09:00")) for key in (11, 12, 13)
    ]


def test_a_window_holds_its_end_but_not_its_beginning(rules: Rulebook) -> None:
    assert plan_reminders(_situation(rules), _at("2026-09-24T09:00"), _at("2026-09-24T23:59")) == []


def test_secretaries_are_told_three_days_before_what_is_due(rules: Rulebook) -> None:
    found = plan_reminders(_situation(rules), _at("2026-09-02T08:00"), _at("2026-09-02T10:00"))
    assert [reminder.key for reminder in found] == [
        f"requirement/主题党日/{BRANCH}/2026-09/0/11",
        f"requirement/主题党日/{OTHER}/2026-09/0/12",
    ]


def test_a_groups_meeting_is_told_to_the_branchs_secretary() -> None:
    assert find_reporters(TREE, [SECRETARY, CLERK, MEMBER]) == {
        BRANCH: (SECRETARY,),
        GROUP: (SECRETARY,),
        OTHER: (CLERK,),
    }


def test_what_is_done_is_not_told(rules: Rulebook) -> None:
    situation = _situation(rules, done={("主题党日", BRANCH, "2026-09")})
    found = plan_reminders(situation, _at("2026-09-02T08:00"), _at("2026-09-02T10:00"))
    assert _keys(found, 11) == []
    assert len(_keys(found, 12)) == 1


def test_a_moved_occurrence_takes_its_reminder_along(rules: Rulebook) -> None:
    change = Change("主题党日", BRANCH, "2026-09", moved_to=date(2026, 9, 28), id=7)
    situation = _situation(rules, changes=[change])
    assert _keys(plan_reminders(situation, _at("2026-09-02T08:00"), _at("2026-09-02T10:00")), 11) == []
    found = plan_reminders(situation, _at("2026-09-25T08:00"), _at("2026-09-25T10:00"))
    assert _keys(found, 11) == [f"requirement/主题党日/{BRANCH}/2026-09/7/11"]


def test_a_waived_occurrence_is_not_told(rules: Rulebook) -> None:
    change = Change("主题党日", BRANCH, "2026-09", waived=True, id=8)
    found = plan_reminders(
        _situation(rules, changes=[change]), _at("2026-09-02T08:00"), _at("2026-09-02T10:00")
    )
    assert _keys(found, 11) == []


def test_an_open_question_comes_back_the_next_morning(rules: Rulebook) -> None:
    question = OpenQuestion(5, 11, 101, date(2026, 9, 6))
    situation = _situation(rules, questions=[question])
    found = plan_reminders(situation, _at("2026-09-06T20:00"), _at("2026-09-07T20:00"))
    assert [(reminder.key, reminder.slot) for reminder in found] == [
        ("question/5/11", _at("2026-09-07T09:00"))
    ]


def test_a_requirement_can_have_a_lead_of_its_own(rules: Rulebook) -> None:
    situation = _situation(rules, times=SendTimes(zone=SHANGHAI, lead_days={"主题党日": 1}))
    assert plan_reminders(situation, _at("2026-09-02T08:00"), _at("2026-09-02T10:00")) == []
    found = plan_reminders(situation, _at("2026-09-04T08:00"), _at("2026-09-04T10:00"))
    assert len(found) == 2


SLOT = PlannedReminder("k", 1, 1, _at("2026-09-24T09:00"), OpenQuestion(1, 1, 1, date(2026, 9, 23)))


@pytest.mark.parametrize(
    ("joined", "now", "in_time"),
    [
        ("2026-09-01T08:00", "2026-09-24T09:00", True),
        ("2026-09-24T11:00", "2026-09-24T11:01", True),
        ("2026-09-24T11:00", "2026-09-24T20:01", False),
        ("2026-09-25T08:00", "2026-09-25T08:01", False),
        ("2026-09-01T08:00", "2026-09-25T08:59", True),
        ("2026-09-01T08:00", "2026-09-25T09:01", False),
        ("2026-11-21T08:00", "2026-09-24T09:00", True),
    ],
    ids=[
        "joined long ago",
        "joined on the day",
        "too late on the day",
        "joined a day later",
        "after an outage",
        "too late after an outage",
        "a rehearsal before the joining",
    ],
)
def test_who_joins_on_the_day_still_hears_of_it(joined: str, now: str, in_time: bool) -> None:
    assert is_in_time(SLOT, _at(joined), _at(now), TIMES) is in_time


def test_a_slot_in_a_gap_or_a_fold_of_summer_time_is_one_moment() -> None:
    berlin = SendTimes(zone=ZoneInfo("Europe/Berlin"))
    gap = berlin.to_instant(date(2026, 3, 29), time(2, 30)).astimezone(UTC)
    fold = berlin.to_instant(date(2026, 10, 25), time(2, 30)).astimezone(UTC)
    assert (gap, fold) == (
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    )


def test_a_late_message_says_so_and_a_guess_too(rules: Rulebook) -> None:
    found = plan_reminders(_situation(rules), _at("2027-09-01T00:00"), _at("2027-09-30T00:00"))
    festival = next(row for row in found if "中秋节" in row.key and row.member_id == 13)
    voice = Voice("示例学校党委", "有事请找办公室", timedelta(minutes=30))
    context = MessageContext(rules, TREE, voice, now=festival.slot + timedelta(hours=3))
    text = format_message([festival.subject], context, slot=festival.slot)  # type: ignore[list-item]
    assert text.startswith("（本应9点发出，迟发了，请见谅）")
    assert "放假安排未公布，按规则预计" in text
    assert text.endswith("—— 示例学校党委 · 有事请找办公室")
