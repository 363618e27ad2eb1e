"""What is entered beside the rules: settings, key events, own days and semesters."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.register import organizations
from models.register.organizations import CALENDAR
from models.rules.calendar.periods import PeriodKind
from models.rules.calendar.workdays import Workdays
from models.rules.requirements.overrides import Ledger, OwnDay, OwnSemester, apply_own_days
from models.rules.requirements.types import Setting, parse_due
from models.rules.types import KeyEvent, OrganizationFacts
from models.tables.overrides import DayOverride, SemesterDates, StoredEvent, StoredSetting
from models.tables.people import Organization
from models.tables.records import Audit

INSTALL = "holidays"  # the audit's action when a year's days off are installed

Row = TypeVar("Row", StoredEvent, StoredSetting, DayOverride, SemesterDates)


def load_ledger(session: Session) -> Ledger:
    """The settings (newest first), the key events and the parents of all organizations."""
    parents = select(Organization.id, Organization.parent_id)
    return Ledger(
        settings=list_settings(session),
        events=list_events(session),
        parents={row[0]: row[1] for row in session.execute(parents)},
    )


def list_settings(session: Session) -> list[Setting]:
    """The settings of requirements, newest first."""
    query = (
        select(StoredSetting).where(StoredSetting.withdrawn_at.is_(None)).order_by(StoredSetting.id.desc())
    )
    return [
        Setting(
            row.requirement,
            row.organization_id,
            due=parse_due(row.due) if row.due else None,
            period=row.period,
            exempt=row.exempt,
            valid_from=row.valid_from,
            valid_until=row.valid_until or date.max,
        )
        for row in session.scalars(query)
    ]


def list_events(session: Session) -> list[KeyEvent]:
    """The key events in the order in which they were entered."""
    query = select(StoredEvent).where(StoredEvent.withdrawn_at.is_(None)).order_by(StoredEvent.id)
    return [
        KeyEvent(row.kind, row.day, row.organization_id, row.id, row.about) for row in session.scalars(query)
    ]


def list_facts(session: Session, workdays: Workdays) -> list[OrganizationFacts]:
    """Every organization, ended ones included, with its own semesters and working days."""
    days = select(DayOverride).where(DayOverride.withdrawn_at.is_(None)).order_by(DayOverride.id)
    semesters = select(SemesterDates).where(SemesterDates.withdrawn_at.is_(None)).order_by(SemesterDates.id)
    return apply_own_days(
        organizations.list_facts(session),
        workdays,
        [OwnDay(row.organization_id, row.day, row.works) for row in session.scalars(days)],
        [
            OwnSemester(row.organization_id, row.semester, row.first_day, row.last_day)
            for row in session.scalars(semesters)
        ],
    )


def find_installed_at(session: Session) -> datetime | None:
    """When an operator last installed a year's days off."""
    query = select(func.max(Audit.at)).where(Audit.subject == CALENDAR, Audit.action == INSTALL)
    found: datetime | None = session.scalar(query)
    return found


def record_install(session: Session, year: int, *, at: datetime) -> None:
    """Store that a year's days off were installed; planning then sends what they moved."""
    session.add(Audit(at=at, action=INSTALL, subject=CALENDAR, after={"year": year}))
    session.flush()


def add_event(session: Session, event: KeyEvent, *, at: datetime, by: int | None = None) -> StoredEvent:
    """Store a key event; its `id` is assigned by the database."""
    row = StoredEvent(
        kind=event.kind, day=event.on, organization_id=event.organization_id, about=event.about,
        by_member_id=by, made_at=at,
    )  # fmt: skip
    return _add_with_audit(session, row, "event", at=at, by=by)


def withdraw_event(session: Session, event_id: int, *, at: datetime, by: int | None = None) -> bool:
    """Withdraw an event; False where there is none or it is withdrawn already."""
    row = session.get(StoredEvent, event_id)
    if row is None or row.withdrawn_at is not None:
        return False
    row.withdrawn_at = at
    session.add(
        Audit(at=at, by_member_id=by, action="event", subject=CALENDAR, before={"withdrawn": event_id})
    )
    session.flush()
    return True


def set_requirement(
    session: Session,
    requirement: str,
    organization_id: int | None,
    *,
    valid_from: date,
    valid_until: date | None = None,
    due: str | None = None,
    period: PeriodKind | None = None,
    exempt: bool = False,
    reason: str | None = None,
    at: datetime,
    by: int | None = None,
) -> StoredSetting:
    """Set how a requirement deviates from a day on; raises DueError if `due` cannot be parsed."""
    if due is not None:
        # Only to check it: a text that cannot be parsed must not be stored, since every read would fail.
        parse_due(due)
    row = StoredSetting(
        requirement=requirement, organization_id=organization_id, due=due, period=period, exempt=exempt,
        valid_from=valid_from, valid_until=valid_until, reason=reason, by_member_id=by, made_at=at,
    )  # fmt: skip
    return _add_with_audit(session, row, "setting", at=at, by=by)


def set_days(
    session: Session, days: Iterable[OwnDay], *, reason: str | None, at: datetime, by: int | None = None
) -> None:
    """Set single days to worked or off."""
    for each in days:
        row = DayOverride(
            organization_id=each.organization_id, day=each.day, works=each.works, reason=reason,
            by_member_id=by, made_at=at,
        )  # fmt: skip
        _add_with_audit(session, row, "day", at=at, by=by)


def set_semester(session: Session, semester: OwnSemester, *, at: datetime, by: int | None = None) -> None:
    """Set the dates of one semester; raises ValueError where they overlap another semester."""
    row = SemesterDates(
        organization_id=semester.organization_id, semester=semester.key,
        first_day=semester.first, last_day=semester.last, by_member_id=by, made_at=at,
    )  # fmt: skip
    _add_with_audit(session, row, "semester", at=at, by=by)
    # Reading all semesters raises where two of them overlap; the caller's transaction is rolled back then.
    list_facts(session, Workdays())


def _add_with_audit(session: Session, row: Row, action: str, *, at: datetime, by: int | None) -> Row:
    """Store a row with its line in the audit."""
    session.add(row)
    session.flush()
    session.add(Audit(at=at, by_member_id=by, action=action, subject=CALENDAR, after=_to_json(row)))
    session.flush()
    return row


def _to_json(row: StoredEvent | StoredSetting | DayOverride | SemesterDates) -> dict[str, object]:
    """The row's columns as JSON, without those that the audit has itself."""
    left_out = ("made_at", "by_member_id", "withdrawn_at")
    values = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in values.items()
        if value is not None and key not in left_out
    }
