"""Loads from the database what planning needs."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from models.records import approvals, overrides, reports
from models.records.changes import list_changes
from models.records.reports import Report
from models.register import members, organizations
from models.rules.calendar.periods import PeriodError, parse_period
from models.rules.people.roles import Person
from models.rules.requirements.overrides import Ledger
from models.rules.requirements.rulebook import Rulebook
from models.rules.requirements.status import measure_progress
from models.rules.requirements.types import Requirement
from models.rules.types import Subject, get_subject
from models.status.lines import find_done
from scheduler.planning.overdue import list_overdue
from scheduler.planning.reminders import list_due_slots
from scheduler.send_times import SendTimes
from scheduler.types import NO_DECISIONS, OpenQuestion, Recipient, Situation

A_DAY = timedelta(days=1)  # what is overdue is looked for on whole days
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PlanWindow:
    """The time to plan for, (since, until], and for whom.

    `everybody`: also those of the register who have not joined, under the negative of their id as chat.
    `listed_until` and `now`: see `Situation`.
    """

    since: datetime
    until: datetime
    everybody: bool = False
    listed_until: datetime | None = None
    now: datetime | None = None


def load_situation(
    session: Session, rules: Rulebook, times: SendTimes, window: PlanWindow
) -> tuple[Situation, dict[int, Person]]:
    """Load what is known now for planning a window, and the people by id."""
    joined = {each.person.id: each for each in members.list_reachable(session)}
    people = {key: each.person for key, each in joined.items()}
    if window.everybody:
        people = members.list_people(session)
    facts = overrides.list_facts(session, rules.workdays)
    found = Situation(
        rules=rules,
        tree=organizations.load_tree(session),
        organizations=facts,
        recipients=[_create_recipient(person, joined.get(key)) for key, person in people.items()],
        times=times,
        ledger=overrides.load_ledger(session),
        changes=list_changes(session, {each.id for each in facts}),
        questions=_list_questions(session, joined, times.day_of(window.until)),
        installed_at=overrides.find_installed_at(session),
        listed_until=window.listed_until,
        decisions=approvals.load_decisions(session) if rules.approval.enabled else NO_DECISIONS,
        now=window.now,
    )
    return replace(found, done=_find_done(session, found, window)), people


def _create_recipient(person: Person, joined: members.ReachableMember | None) -> Recipient:
    if joined is None:
        return Recipient(person.id, -person.id, LONG_AGO, person.posts)
    return Recipient(person.id, joined.chat_id, joined.joined_at, person.posts)


def _find_done(session: Session, found: Situation, window: PlanWindow) -> set[Subject]:
    """Find what needs no reminder in the window because its goal is reached."""
    due = {get_subject(row): row for _, _, row, _ in list_due_slots(found, window.since, window.until)}
    # A day more on both sides: lists look at whole days.
    late = list_overdue(found, window.since - A_DAY, window.until + A_DAY)
    due |= {get_subject(row): row for row in late}
    versions = {key: found.rules.find_version(row.requirement, row.opens_on) for key, row in due.items()}
    return find_complete(session, found.ledger, versions)


def find_complete(session: Session, ledger: Ledger, rules: dict[Subject, Requirement]) -> set[Subject]:
    """Find the occurrences whose goal is reached."""
    done = find_done(session, ledger, rules)
    return {key for key, found in done.items() if measure_progress(rules[key].goal, found).complete}


def find_settled(session: Session, rules: Rulebook, subjects: Iterable[Subject]) -> set[Subject]:
    """Find the occurrences that are done or waived by now."""
    versions = {}
    for subject in subjects:
        requirement, _, period = subject
        if requirement in rules.by_key:
            versions[subject] = _find_version(rules, requirement, period)
    if not versions:
        return set()
    altered = list_changes(session, {organization for _, organization, _ in versions})
    waived = {(each.requirement, each.organization_id, each.period) for each in altered if each.waived}
    return find_complete(session, overrides.load_ledger(session), versions) | (waived & set(versions))


def _find_version(rules: Rulebook, requirement: str, period: str) -> Requirement:
    try:
        return rules.find_version(requirement, parse_period(period).first)
    except PeriodError:
        return rules.by_key[requirement]


def _list_questions(session: Session, joined: Collection[int], until: date) -> list[OpenQuestion]:
    return [
        OpenQuestion(row.id, row.member_id, row.chat_id, row.asked_on, _list_drafted(row))
        for row in reports.list_all_open(session, until + timedelta(days=1))
        if row.asked_on is not None and row.member_id in joined
    ]


def _list_drafted(row: Report) -> frozenset[tuple[str, int]]:
    entries = [piece["entry"] for piece in (row.draft or {}).get("pieces", ())]
    named = [(entry.get("requirement"), entry.get("organization_id")) for entry in entries]
    return frozenset((what, where) for what, where in named if what and where)
