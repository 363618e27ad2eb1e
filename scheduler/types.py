"""The values of planning: what it looks at, and the reminders that come out. PURE."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.rules.calendar.observances import ObservanceDay
from models.rules.people.approval import Decisions, mark_of
from models.rules.people.organization_tree import Tree
from models.rules.people.roles import Post, Role
from models.rules.requirements.overrides import Ledger
from models.rules.requirements.rulebook import Rulebook
from models.rules.types import Change, Occurrence, OrganizationFacts
from scheduler.send_times import Times

NOTHING_DECIDED = Decisions()


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who has joined: where they are reached, since when, and in which posts."""

    member_id: int
    chat_id: int
    joined_at: datetime
    posts: tuple[Post, ...]

    def has(self, role: Role) -> bool:
        """Whether the role is held anywhere."""
        return any(post.role is role for post in self.posts)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A report that waits for an answer since the day it was last asked about.

    `about` are the requirements and organizations that it speaks of, as far as it is known.
    """

    report_id: int
    member_id: int
    chat_id: int
    asked_on: date
    about: frozenset[tuple[str, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Preparation:
    """A day that matters is coming, told to those who prepare it."""

    day: ObservanceDay


@dataclass(frozen=True, slots=True)
class MissingYear:
    """A year whose days off are not installed yet, told to admins."""

    year: int


@dataclass(frozen=True, slots=True)
class Overdue:
    """An occurrence that is overdue, as it is passed on to people of a role."""

    row: Occurrence
    role: Role


@dataclass(frozen=True, slots=True)
class Digest:
    """The week's list of what is overdue within somebody's reach, in the register's order."""

    rows: tuple[Occurrence, ...]


def spoken_of(subject: object) -> tuple[Occurrence, ...]:
    """The occurrences that a subject names."""
    match subject:
        case Occurrence():
            return (subject,)
        case Overdue():
            return (subject.row,)
        case Digest():
            return subject.rows
    return ()


@dataclass(frozen=True, slots=True)
class TextToApprove:
    """The text of a day, put before the leader of an organization; `goes_at` is when members are told."""

    day: ObservanceDay
    text: str
    version: str
    organization_id: int
    goes_at: datetime

    @property
    def mark(self) -> str:
        """What its buttons hold."""
        return mark_of(self.organization_id, self.day.observance.key, self.day.occasion, self.version)


Subject = ObservanceDay | Preparation | Occurrence | MissingYear | Overdue | Digest | TextToApprove


@dataclass(frozen=True, slots=True)
class PlannedReminder:
    """One person is to be told one thing at one moment, as one of an audience."""

    key: str
    member_id: int
    chat_id: int
    slot: datetime
    subject: Subject | OpenQuestion
    audience: Role = Role.MEMBER


@dataclass(frozen=True)
class Situation:
    """All that planning looks at: rules, organizations, people, changes, what is done, what is open.

    `installed_at` is when a year's days off were last installed: what they moved before that moment
    is said then. Up to `listed_until` the weeks' lists have been planned.
    `now` is this moment where planning is for now, so that what is late is asked at once.
    """

    rules: Rulebook
    tree: Tree
    organizations: Sequence[OrganizationFacts]
    recipients: Sequence[Recipient]
    times: Times
    ledger: Ledger = Ledger()
    changes: Sequence[Change] = ()
    done: Collection[tuple[str, int, str]] = ()
    questions: Sequence[OpenQuestion] = ()
    installed_at: datetime | None = None
    listed_until: datetime | None = None
    decisions: Decisions = NOTHING_DECIDED
    now: datetime | None = None


def reporters_of(tree: Tree, recipients: Iterable[Recipient]) -> dict[int, tuple[Recipient, ...]]:
    """Who is reminded for each organization: its secretaries, else its clerks, else its branch's."""
    found: dict[tuple[int, Role], list[Recipient]] = {}
    for recipient in recipients:
        for post in recipient.posts:
            if post.organization_id is not None and post.role in (Role.SECRETARY, Role.CLERK):
                found.setdefault((post.organization_id, post.role), []).append(recipient)
    result = {}
    for node in tree:
        for place in dict.fromkeys((node.id, tree.branch_of(node.id))):
            people = found.get((place, Role.SECRETARY)) or found.get((place, Role.CLERK))
            if people:
                result[node.id] = tuple(people)
                break
    return result


class Audience:
    """Who is told of what is due in an organization, role by role; `reporters` are ids of members."""

    def __init__(self, situation: Situation) -> None:
        self._tree = situation.tree
        self._recipients = situation.recipients
        self._reporters: Mapping[int, tuple[Recipient, ...]] = reporters_of(
            situation.tree, situation.recipients
        )
        self.reporters = {each.member_id for people in self._reporters.values() for each in people}
        self._posts: dict[tuple[Role, int], list[Recipient]] = {}
        for recipient in situation.recipients:
            for post in recipient.posts:
                for place in self._places(post):
                    self._posts.setdefault((post.role, place), []).append(recipient)

    def of(self, role: Role, organization_id: int) -> tuple[Recipient, ...]:
        """The people of a role for an organization, in the register's order.

        Secretaries stand in for each other as `reporters_of` says; leaders are those of the organization
        and of all above it, supervisors those of its branch's oversights, members all that belong to it.
        """
        if role is Role.SECRETARY:
            return self._reporters.get(organization_id, ())
        branch = self._tree.branch_of(organization_id)
        places = {organization_id, branch}
        roles: tuple[Role, ...] = (role,)
        if role in (Role.LEADER, Role.ADMIN):
            places.update(self._tree.above(organization_id))
        elif role is Role.MEMBER:
            roles = (Role.MEMBER, Role.SECRETARY, Role.LEADER)
        wanted = {
            found.member_id
            for place in places
            for each in roles
            for found in self._posts.get((each, place), ())
        }
        return tuple(each for each in self._recipients if each.member_id in wanted) if wanted else ()

    def _places(self, post: Post) -> Iterable[int]:
        if post.oversight_id is not None:
            return self._tree.oversights.get(post.oversight_id, ())
        return () if post.organization_id is None else (post.organization_id,)
