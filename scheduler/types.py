"""The values of planning: its input, and the reminders that come out. PURE."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.rules.calendar.observances import ObservanceDay
from models.rules.people.approval import Decisions, get_question_mark
from models.rules.people.organization_tree import Tree
from models.rules.people.roles import Post, Role
from models.rules.requirements.overrides import Ledger
from models.rules.requirements.rulebook import Rulebook
from models.rules.types import Change, Occurrence, OrganizationFacts
from scheduler.send_times import SendTimes

NO_DECISIONS = Decisions()


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person who has joined: the chat, since when, and the person's posts."""

    member_id: int
    chat_id: int
    joined_at: datetime
    posts: tuple[Post, ...]

    def has(self, role: Role) -> bool:
        """Whether the person holds this role anywhere."""
        return any(post.role is role for post in self.posts)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A report that waits for an answer, and the day on which its question was last asked.

    `about` are the (requirement, organization id) pairs that the report speaks of, as far as they are
    known.
    """

    report_id: int
    member_id: int
    chat_id: int
    asked_on: date
    about: frozenset[tuple[str, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Preparation:
    """A coming observance, for those who prepare it."""

    day: ObservanceDay


@dataclass(frozen=True, slots=True)
class MissingYear:
    """A year whose days off are not installed, for admins."""

    year: int


@dataclass(frozen=True, slots=True)
class Overdue:
    """An overdue occurrence that is reported to people of a role."""

    row: Occurrence
    role: Role


@dataclass(frozen=True, slots=True)
class Digest:
    """The weekly list of overdue occurrences in one person's scope, in the order of the roster."""

    rows: tuple[Occurrence, ...]


def list_occurrences(subject: object) -> tuple[Occurrence, ...]:
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
    """The text of an observance that a leader of an organization has to approve.

    `goes_at` is when members receive it.
    """

    day: ObservanceDay
    text: str
    version: str
    organization_id: int
    goes_at: datetime

    @property
    def mark(self) -> str:
        """The review mark that the buttons of the question carry."""
        return get_question_mark(
            self.organization_id, self.day.observance.key, self.day.occasion, self.version
        )


Subject = ObservanceDay | Preparation | Occurrence | MissingYear | Overdue | Digest | TextToApprove


@dataclass(frozen=True, slots=True)
class PlannedReminder:
    """One reminder to one person at one moment.

    `audience` is the role in which the person receives it.
    """

    key: str
    member_id: int
    chat_id: int
    slot: datetime
    subject: Subject | OpenQuestion
    audience: Role = Role.MEMBER


@dataclass(frozen=True)
class Situation:
    """The whole input of planning: rules, organizations, people, records and open questions.

    `done` are (requirement, organization id, period). `installed_at` is when a year's days off were last
    installed: a reminder that they moved to before that moment is sent at once. The weekly lists are
    planned up to `listed_until`. `now` is set where planning is for this moment, so that late questions are
    asked at once.
    """

    rules: Rulebook
    tree: Tree
    organizations: Sequence[OrganizationFacts]
    recipients: Sequence[Recipient]
    times: SendTimes
    ledger: Ledger = Ledger()
    changes: Sequence[Change] = ()
    done: Collection[tuple[str, int, str]] = ()
    questions: Sequence[OpenQuestion] = ()
    installed_at: datetime | None = None
    listed_until: datetime | None = None
    decisions: Decisions = NO_DECISIONS
    now: datetime | None = None


def find_reporters(tree: Tree, recipients: Iterable[Recipient]) -> dict[int, tuple[Recipient, ...]]:
    """Who reports for each organization: its secretaries, else its clerks, else its branch's."""
    found: dict[tuple[int, Role], list[Recipient]] = {}
    for recipient in recipients:
        for post in recipient.posts:
            if post.organization_id is not None and post.role in (Role.SECRETARY, Role.CLERK):
                found.setdefault((post.organization_id, post.role), []).append(recipient)
    result = {}
    for node in tree:
        # A group without reporters of its own is reported by its branch. `dict.fromkeys` drops the branch's
        # own id, which would stand there twice.
        for place in dict.fromkeys((node.id, tree.get_branch(node.id))):
            people = found.get((place, Role.SECRETARY)) or found.get((place, Role.CLERK))
            if people:
                result[node.id] = tuple(people)
                break
    return result


class Audience:
    """Who is reminded of what is due in an organization, by role.

    `reporters` are the ids of all members who are reminded to report.
    """

    def __init__(self, situation: Situation) -> None:
        self._tree = situation.tree
        self._recipients = situation.recipients
        self._reporters: Mapping[int, tuple[Recipient, ...]] = find_reporters(
            situation.tree, situation.recipients
        )
        self.reporters = {each.member_id for people in self._reporters.values() for each in people}
        self._posts: dict[tuple[Role, int], list[Recipient]] = {}
        for recipient in situation.recipients:
            for post in recipient.posts:
                for place in self._places(post):
                    self._posts.setdefault((post.role, place), []).append(recipient)

    def of(self, role: Role, organization_id: int) -> tuple[Recipient, ...]:
        """The people of a role for an organization, in the order of the roster.

        Secretaries: see `reporters_of`. Leaders and admins: those of the organization and of all above it.
        Supervisors: those of the oversights of its branch. Members: everybody who belongs to it.
        """
        if role is Role.SECRETARY:
            return self._reporters.get(organization_id, ())
        branch = self._tree.get_branch(organization_id)
        places = {organization_id, branch}
        roles: tuple[Role, ...] = (role,)
        if role in (Role.LEADER, Role.ADMIN):
            places.update(self._tree.list_above(organization_id))
        elif role is Role.MEMBER:
            # Secretaries and leaders of a branch are its members; clerks and admins need not be.
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
