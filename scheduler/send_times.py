"""When reminders are sent: local times, quiet hours, lead times. PURE."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.rules.calendar.lead_times import MEMBER_LEAD, Lead
from models.rules.calendar.observances import Observance, find_nearest_lead
from models.rules.people.roles import Role
from models.rules.requirements.types import Requirement

# A lead at this hour has no hour of its own and follows the settings.
NO_HOUR = MEMBER_LEAD.at  # a lead at this hour follows the settings
# A lead on a working day moves back at most this many days, past a vacation.
LONGEST_WALK_BACK = 45  # days that a lead may go back further, to a working day before a vacation


@dataclass(frozen=True, slots=True)
class SendTimes:
    """The configured times of reminders, as local times of `zone`.

    `members_also` are leads of festivals beside the one on the last working day. `lead_days` (days by
    requirement) replace the leads for secretaries that a pack gives. `max_lateness` is how late a reminder
    is still sent. Nothing is sent from `quiet_from` until `quiet_until`: a slot in between moves to its
    end; equal times mean no quiet hours. The weekly list of overdue occurrences goes out on `digest_on` (0
    is Monday, None is never) at `digest_at`. `overdue_after` is the number of days after which an overdue
    occurrence is reported to a role.
    """

    zone: ZoneInfo
    members_at: time = time(9)
    secretaries_at: time = time(9)
    secretaries_days_before: int = 3
    joiners_until: time = time(20)
    questions_at: time = time(9)
    max_lateness: timedelta = timedelta(hours=24)
    lead_days: Mapping[str, int] = field(default_factory=dict)
    members_also: tuple[Lead, ...] = ()
    quiet_from: time = time(21)
    quiet_until: time = time(7)
    digest_on: int | None = None
    digest_at: time = time(9)
    overdue_after: Mapping[Role, int] = field(default_factory=dict)

    def to_instant(self, day: date, local: time) -> datetime:
        """The instant of a local time: the first in a fold of summer time, the moment after a gap."""
        return datetime.combine(day, local, tzinfo=self.zone)

    def day_of(self, moment: datetime) -> date:
        """The civil day of an instant."""
        return moment.astimezone(self.zone).date()

    def slot(self, day: date, local: time) -> datetime:
        """The instant of a local time, or the end of the quiet hours that it falls into."""
        return self.after_quiet(self.to_instant(day, local))

    def after_quiet(self, moment: datetime) -> datetime:
        """The instant itself, or the end of the quiet hours that it falls into."""
        local = moment.astimezone(self.zone)
        if not self.is_quiet(local.time()):
            return moment
        # Quiet hours over midnight end on the next day when the moment lies before midnight.
        overnight = self.quiet_from > self.quiet_until and local.time() >= self.quiet_from
        return self.to_instant(local.date() + timedelta(days=overnight), self.quiet_until)

    def is_quiet(self, local: time) -> bool:
        """Whether this local time lies in the quiet hours."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= local < self.quiet_until
        return local >= self.quiet_from or local < self.quiet_until

    def hour(self, lead: Lead) -> time:
        """The local time of a lead: its own, or that of the settings where the lead has none."""
        if lead.at != NO_HOUR:
            return lead.at
        return self.members_at if lead.audience is Role.MEMBER else self.secretaries_at

    def of_observance(self, observance: Observance) -> tuple[Lead, ...]:
        """The leads of an observance, with `members_also` where its reminder goes to members."""
        nearest = find_nearest_lead(observance)
        if nearest is None or nearest.audience is not Role.MEMBER:
            return observance.leads
        # A lead that both name is kept once, in the observance's order.
        return tuple(dict.fromkeys((*observance.leads, *self.members_also)))

    def of_requirement(self, rule: Requirement) -> tuple[Lead, ...]:
        """The leads of a requirement: from the settings, else from the pack, else the general ones."""
        own = self.lead_days.get(rule.key)
        if own is not None:
            others = (lead for lead in rule.leads if lead.audience is not Role.SECRETARY)
            return (Lead(days=own), *others)
        return rule.leads or (Lead(days=self.secretaries_days_before),)

    def reach(self, rule: Requirement) -> timedelta:
        """The longest time before its due day at which a requirement is reminded of."""
        return max(_compute_lead_reach(lead) for lead in self.of_requirement(rule))


def format_lead_key(lead: Lead) -> str:
    """A lead as part of a reminder's key, such as `secretary-3d`.

    The hour is left out: a new hour must not send the same reminder again.
    """
    before = f"{lead.months}m" * bool(lead.months) + f"{lead.days}d" * bool(lead.days or not lead.months)
    return f"{lead.audience}-{before}"


def remove_hour(lead: Lead) -> Lead:
    """A lead without its hour."""
    return replace(lead, at=NO_HOUR)


def _compute_lead_reach(lead: Lead) -> timedelta:
    # A month counts as its longest length: the result is an upper bound.
    """At most this long before the due day, with a vacation in between."""
    return timedelta(days=lead.days + 31 * lead.months + LONGEST_WALK_BACK * lead.workday)
