"""The plan tick on both databases: everything once, also after restarts, moves and new days off."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.delivery import incidents
from models.packs.load import load_packs, load_workdays
from models.records import changes, overrides
from models.records.reports import Report
from models.rules.calendar.workdays import HolidayYear, Workdays
from models.rules.deliveries import DeliveryKind
from models.rules.people.roles import OrganizationKind, Role
from models.rules.requirements.rulebook import Rulebook
from models.storage.database import Database
from models.tables.deliveries import Delivery, Reminder
from models.tables.people import Chat, Member, Membership, Organization
from scheduler.messages.texts import Voice
from scheduler.planning.load_inputs import PlanWindow
from scheduler.planning.open_questions import AskedAgain
from scheduler.planning.plan_tick import Planner
from scheduler.planning.preview import preview_messages
from scheduler.send_times import SendTimes

SHANGHAI = ZoneInfo("Asia/Shanghai")
PUBLISHED = load_workdays()
PACK = load_packs(["national"])
RULES = Rulebook(PACK.requirements, PACK.observances, PUBLISHED)
SCHOOL, BRANCH = 1, 2
MID_AUTUMN = "中秋思“正”"


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)


def move_in(database: Database) -> None:
    """A committee, a branch with a secretary and a member who have joined, and one who has not."""
    with database.begin() as session:
        for key, name, kind, parent in (
            (SCHOOL, "学校党委", OrganizationKind.COMMITTEE, None),
            (BRANCH, "一支部", OrganizationKind.BRANCH, SCHOOL),
        ):
            session.add(
                Organization(
                    id=key,
                    name=name,
                    kind=kind,
                    parent_id=parent,
                    position=key,
                    has_committee=False,
                    starts_on=date(2026, 1, 1),
                )  # fmt: skip
            )
            session.flush()
        for key, role in ((1, Role.SECRETARY), (2, Role.MEMBER), (3, Role.MEMBER)):
            session.add(Member(id=key, name=f"示例{key}", position=key))
            session.flush()
            session.add(
                Membership(member_id=key, role=role, organization_id=BRANCH, valid_from=date(2026, 1, 1))
            )
            if key < 3:
                joined = datetime(2026, 1, 1, tzinfo=UTC)
                session.add(Chat(id=key, address=str(key), member_id=key, joined_at=joined))


def nothing_to_ask(_session: Session, _report: Report, _now: datetime) -> AskedAgain | None:
    return None


@dataclass
class School:
    """A database with the school in it, a clock, and planners as the program has them."""

    database: Database
    now: datetime
    rules: Rulebook = RULES

    def planner(self) -> Planner:
        return Planner(self.database, self.rules, SendTimes(zone=SHANGHAI), lambda: self.now, nothing_to_ask)

    def write(self, act: Callable[[Session], object]) -> None:
        with self.database.begin() as session:
            act(session)

    def send(self) -> None:
        """What is pending goes out."""
        with self.database.begin() as session:
            session.execute(
                update(Delivery).where(Delivery.status == "pending").values(status="sent", sent_at=self.now)
            )

    def texts(self, chat: int, *statuses: str) -> list[str]:
        wanted = statuses or ("pending", "sent")
        query = select(Delivery.text).where(Delivery.chat_id == chat, Delivery.status.in_(wanted))
        with self.database.read() as session:
            return list(session.scalars(query.order_by(Delivery.id)))

    def count(self, table: type[Delivery] | type[Reminder]) -> int:
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def school(database: Database) -> School:
    move_in(database)
    return School(database, at("2026-09-24T09:00"))


def with_days_off(year: int, *off: str, worked: tuple[str, ...] = ()) -> Rulebook:
    """The rules with one more published year."""
    days = HolidayYear(
        year, frozenset(map(date.fromisoformat, off)), frozenset(map(date.fromisoformat, worked))
    )
    return replace(RULES, workdays=Workdays([*PUBLISHED.years.values(), days]))


def test_everybody_who_joined_is_told_once_however_often_it_is_planned(school: School) -> None:
    assert [school.planner().plan_reminders() for _ in range(3)] == [2, 0, 0]
    assert [MID_AUTUMN in text for text in school.texts(2)] == [True]
    school.send()
    assert school.planner().plan_reminders() == 0


def test_a_reminder_knows_its_delivery(school: School) -> None:
    school.planner().plan_reminders()
    with school.database.read() as session:
        linked = session.execute(
            select(Reminder.member_id, Delivery.chat_id).join(Delivery, Delivery.id == Reminder.delivery_id)
        )
        assert sorted(tuple(row) for row in linked) == [(1, 1), (2, 2)]


def test_what_waits_unsent_follows_an_occurrence_that_is_moved(school: School) -> None:
    school.now = at("2026-09-02T09:00")
    planner = school.planner()
    planner.plan_reminders()
    assert "主题党日 9月5日" in (school.texts(1, "pending"))[0]
    occurrence = ("主题党日", BRANCH, "2026-09")
    school.write(
        lambda session: changes.move_occurrence(session, occurrence, date(2026, 9, 4), by=2, at=school.now)
    )
    planner.run_tick()
    assert ["主题党日 9月4日" in text for text in school.texts(1, "pending")] == [True]
    assert len(school.texts(1, "withdrawn")) == 1


def test_what_is_moved_near_is_told_at_once_but_not_to_who_moved_it(school: School) -> None:
    school.now = at("2026-09-01T12:00")
    planner = school.planner()
    planner.plan_reminders()
    occurrence = ("主题党日", BRANCH, "2026-09")
    for by, told in ((1, 0), (2, 1)):
        school.now += timedelta(minutes=1)
        school.write(
            lambda session, by=by: changes.move_occurrence(
                session, occurrence, date(2026, 9, 3), by=by, at=school.now
            )
        )
        assert planner.run_tick() == told
    assert ["主题党日 9月3日" in text for text in school.texts(1)] == [True]


def test_what_was_sent_stays_sent_when_it_is_moved_to_another_day(school: School) -> None:
    school.now = at("2026-09-02T09:00")
    planner = school.planner()
    planner.plan_reminders()
    school.send()
    occurrence = ("主题党日", BRANCH, "2026-09")
    school.write(
        lambda session: changes.move_occurrence(session, occurrence, date(2026, 9, 20), by=1, at=school.now)
    )
    assert planner.run_tick() == 0
    school.now = at("2026-09-17T09:00")
    planner.run_tick()
    assert sum("主题党日 9月20日" in text for text in school.texts(1)) == 1


def test_new_days_off_take_back_what_waits_and_repeat_nothing_that_was_sent(school: School) -> None:
    school.now = at("2027-09-14T09:00")
    planner = school.planner()
    assert planner.plan_reminders() == 2, "the day before 中秋, as the law lets one guess"
    school.write(
        lambda session: session.execute(
            update(Delivery).where(Delivery.chat_id == 2).values(status="sent", sent_at=school.now)
        )
    )
    # The break is moved behind the festival: the last working day before it is 中秋 itself no more.
    planner.rules = with_days_off(2027, "2027-09-15", "2027-09-13", "2027-09-14")
    assert planner.run_tick() == 0
    assert [len(school.texts(1, "pending")), len(school.texts(2, "sent"))] == [0, 1]
    school.write(lambda session: overrides.record_install(session, 2027, at=school.now))
    assert planner.run_tick() == 1, "its day has passed by the new days off: it is said at once"
    assert [MID_AUTUMN in text for text in school.texts(1, "pending")] == [True]
    assert len(school.texts(2)) == 1


def test_what_is_late_waits_for_the_end_of_the_quiet_hours(school: School) -> None:
    school.now = at("2026-09-24T23:30")
    planner = school.planner()
    assert planner.run_tick() == 0
    school.now = at("2026-09-25T06:59")
    assert planner.run_tick() == 0
    school.now = at("2026-09-25T07:00")
    assert planner.run_tick() == 2


def test_foreseeing_stores_nothing_and_shows_what_will_be_sent(school: School) -> None:
    school.now = at("2026-09-20T12:00")
    planner = school.planner()
    span = (school.now, at("2026-09-24T09:00"))
    with school.database.read() as session:
        ahead = preview_messages(session, RULES, planner.times, Voice(), PlanWindow(*span))
        everybody = preview_messages(
            session, RULES, planner.times, Voice(), PlanWindow(*span, everybody=True)
        )
    assert [(each.member_id, each.slot) for each in ahead] == [
        (1, at("2026-09-24T09:00")),
        (2, at("2026-09-24T09:00")),
    ]
    assert [each.chat_id for each in everybody] == [1, 2, -3]
    assert school.count(Reminder) == school.count(Delivery) == 0
    school.now = at("2026-09-24T09:00")
    planner.plan_reminders()
    assert [school.texts(1), school.texts(2)] == [[each.text] for each in ahead]


def test_a_planner_that_has_nothing_to_do_looks_again_only_when_something_changed(
    school: School,
) -> None:
    planner = school.planner()
    planner.run_tick()
    looked = planner._looked
    school.now += timedelta(seconds=5)
    planner.run_tick()
    assert planner._looked == looked
    planner.rules = with_days_off(2027, "2027-01-01")
    planner.run_tick()
    assert planner._looked > looked


def test_what_was_missed_in_a_long_absence_is_counted_once_for_the_admins(database: Database) -> None:
    move_in(database)
    begin = at("2026-09-23T12:00")
    for hours, missed in ((0, []), (60, [2]), (61, [2])):  # the reminder of the 24th, to two people
        now = begin + timedelta(hours=hours)
        planner = School(database, now).planner()
        planner.wall = lambda now=now: now  # type: ignore[misc]
        planner.plan_reminders()
        with database.read() as session:
            assert [row.detail["count"] for row in incidents.list_unreported(session)] == missed


def test_what_was_put_in_in_time_and_leaves_late_says_so(database: Database) -> None:
    planner = School(database, at("2026-09-24T09:00")).planner()
    row = Delivery(
        kind=DeliveryKind.REMINDER, text="<b>廉洁提醒</b>", due_at=at("2026-09-24T09:00"), edits=None
    )
    assert planner.format_late(row, at("2026-09-24T09:20")) == ""
    assert planner.format_late(row, at("2026-09-24T12:00")) == "（本应9点发出，迟发了，请见谅）\n\n"
    row.text = planner.format_late(row, at("2026-09-24T12:00")) + row.text
    assert planner.format_late(row, at("2026-09-24T13:00")) == ""
