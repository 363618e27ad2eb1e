"""How long before a day people are reminded of it, and at what time."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from models.rules.calendar.due_days import add_months
from models.rules.calendar.numbers import NUMBER, parse_number
from models.rules.calendar.workdays import Workdays
from models.rules.people.roles import ROLE_NAMES, Role

EXAMPLES = "最后一个工作日、最后一个工作日 09:00、当天 08:00、提前3天、提前一周、提前两周 10:00、提前6个月"
_DISTANCE_AND_TIME = re.compile(r"(.*?)(?:(\d{1,2}):(\d{2}))?")
_WORKDAY = re.compile(
    r"""
    (?:的|之)?
    (?:最后一个|前一个|最近的)?
    工作日
    (?:前)?
    """,
    re.VERBOSE,
)
_DISTANCE = re.compile(
    rf"""
    (?:提前)?
    {NUMBER}(天|日|周|个星期|个月|年)
    (?:前)?
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Lead:
    """`days` and `months` before a day, at the local time `at`, to the people of one role.

    `workday` walks back to a working day: with days and months 0 the last one before the run of days
    off in which the day lies. Members' reminders go to everybody who belongs to the organization.
    """

    days: int = 0
    months: int = 0
    at: time = time(9)
    audience: Role = Role.SECRETARY
    workday: bool = False


# Secretaries and leaders are members, too: this reaches every person of the organization.
AUDIENCE_ALL = (Role.MEMBER,)
MEMBER_LEAD = Lead(audience=Role.MEMBER, workday=True)


class LeadError(ValueError):
    """A lead that cannot be understood."""


def parse_lead(text: str, audience: Role = Role.SECRETARY) -> Lead:
    """Parse a lead, with the role in front if not the one given: `书记：提前两周 09:00`.

    Raises LeadError with examples.
    """
    plain = re.sub(r"\s+", "", text).replace("：", ":")
    for role, name in ROLE_NAMES.items():
        if plain.startswith(f"{name}:"):
            plain, audience = plain.removeprefix(f"{name}:"), role
    match = _DISTANCE_AND_TIME.fullmatch(plain)
    words, hour, minute = match.groups() if match else (plain, None, None)
    try:
        at = time(int(hour), int(minute)) if hour and minute else time(9)
        days, months, workday = _parse_distance(words)
    except ValueError as error:
        raise LeadError(f"看不懂提醒时间“{text}”，可以写：{EXAMPLES}") from error
    return Lead(days=days, months=months, at=at, audience=audience, workday=workday)


def get_lead_day(lead: Lead, day: date, workdays: Workdays) -> tuple[date, bool]:
    """The day on which a lead falls, and whether it rests on days off that are not published."""
    if lead.workday and not lead.days and not lead.months:
        return workdays.find_last_workday_before(day)
    on = add_months(day, -lead.months) - timedelta(days=lead.days)
    return workdays.find_at_or_before(on) if lead.workday else (on, False)


def _parse_distance(words: str) -> tuple[int, int, bool]:
    """Days, months, and whether to walk back to a working day; ValueError for anything else."""
    workday = "工作日" in words
    words = _WORKDAY.sub("", words)
    if words in ("", "前"):
        if not workday:
            raise ValueError(words)
        return 0, 0, True
    if words in ("当天", "当日"):
        return 0, 0, False
    match = _DISTANCE.fullmatch(words)
    if not match:
        raise ValueError(words)
    n = parse_number(match[1])
    match match[2]:
        case "天" | "日":
            return n, 0, workday
        case "个月" | "年":
            return 0, n * (12 if match[2] == "年" else 1), workday
    return 7 * n, 0, workday
