"""Converts settings to the rulebook, the send times and the voice of messages."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.settings.errors import check_requirements
from bot.settings.load import Settings
from bot.settings.sections import Overdue
from models.packs.load import load_packs, load_workdays
from models.rules.calendar.lead_times import parse_lead
from models.rules.people.approval import Policy
from models.rules.people.roles import Role
from models.rules.requirements.rulebook import Rulebook
from models.rules.requirements.types import Requirement, parse_due
from models.storage.database import parse_address
from scheduler.messages.texts import Voice
from scheduler.send_times import SendTimes


def build_rulebook(settings: Settings) -> Rulebook:
    """Build the rulebook: the packs, changed as the settings say, with the workdays."""
    packs = load_packs(settings.calendar.packs)
    workdays = load_workdays(get_holidays_folder(settings))
    own = settings.requirements
    check_requirements(own, [rule.key for rule in packs.requirements])
    requirements = [
        _change_due(rule, own[rule.key].due) if rule.key in own else rule
        for rule in packs.requirements
        if rule.key not in own or own[rule.key].enabled
    ]
    approval = settings.approval
    policy = Policy(approval.enabled, approval.days_before, send_unanswered=approval.without_answer == "send")
    return Rulebook(requirements, packs.observances, workdays, policy)


def get_holidays_folder(settings: Settings) -> Path:
    """Return the operator's folder of YEAR.json: as set, else `holidays` beside the SQLite file.

    With PostgreSQL it is `holidays` in the working directory.
    """
    if settings.calendar.holidays_folder is not None:
        return settings.calendar.holidays_folder
    url = parse_address(settings.database.url)
    beside = Path(url.database).parent if url.get_backend_name() == "sqlite" and url.database else Path()
    return beside / "holidays"


def build_times(settings: Settings) -> SendTimes:
    """Return the send times of the settings."""
    reminders = settings.reminders
    return SendTimes(
        zone=settings.calendar.zone,
        members_at=reminders.members_at,
        secretaries_at=reminders.secretaries_at,
        secretaries_days_before=reminders.secretaries_days_before,
        joiners_until=reminders.joiners_until,
        questions_at=reminders.questions_at,
        max_lateness=timedelta(hours=reminders.max_lateness_hours),
        members_also=tuple(parse_lead(text, Role.MEMBER) for text in reminders.members_also),
        quiet_from=reminders.quiet_from,
        quiet_until=reminders.quiet_until,
        digest_on=settings.overdue.weekly_on,
        digest_at=settings.overdue.weekly_at,
        overdue_after={role: days for role, days in _list_steps(settings.overdue) if days},
        lead_days={
            key: own.lead_days for key, own in settings.requirements.items() if own.lead_days is not None
        },
    )


def _list_steps(overdue: Overdue) -> tuple[tuple[Role, int], ...]:
    return (
        (Role.SECRETARY, overdue.secretaries_after_days),
        (Role.SUPERVISOR, overdue.supervisors_after_days),
        (Role.LEADER, overdue.leaders_after_days),
    )


def build_voice(settings: Settings) -> Voice:
    """Return the sender and the contact that messages name."""
    return Voice(
        settings.organization.sender or "",
        settings.organization.contact or "",
        timedelta(minutes=settings.reminders.late_after_minutes),
    )


def _change_due(rule: Requirement, due: str | None) -> Requirement:
    return rule if due is None else replace(rule, due=parse_due(due))
