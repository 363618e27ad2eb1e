"""Organizations and oversights, in the register's order."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.rules.people.organization_tree import Node, Tree
from models.rules.people.roles import Role
from models.rules.types import OrganizationFacts
from models.tables.people import Membership, Organization, Oversight, OversightBranch
from models.tables.records import Audit

REGISTER = "register"  # the audit's subject of every change of organizations and people
CALENDAR = "calendar"  # and of what they set or entered for the calendar

_AUDIT = Audit.__table__.c
_REGISTER, _CALENDAR = (
    func.coalesce(select(func.max(_AUDIT.id)).where(_AUDIT.subject == each).scalar_subquery(), 0)
    for each in (REGISTER, CALENDAR)
)
# The number of `version`, as a part of a statement.
VERSION = _REGISTER + _CALENDAR
_VERSION = select(VERSION)


def load_tree(session: Session, *, ended: bool = False) -> Tree:
    """All organizations with the branches of each oversight; with `ended` also ended ones."""
    rows = list_organizations(session, ended=ended)
    present = {row.id for row in rows}
    branches: dict[int, set[int]] = {}
    for oversight_id, organization_id in session.execute(
        select(OversightBranch.oversight_id, OversightBranch.organization_id)
    ):
        # An oversight may still name a branch that has ended.
        if organization_id in present:
            branches.setdefault(oversight_id, set()).add(organization_id)
    return Tree(
        [
            Node(row.id, row.name, row.kind, row.parent_id, tuple(row.aliases), row.contact or "")
            for row in rows
        ],
        {oversight: frozenset(found) for oversight, found in branches.items()},
    )


def list_organizations(session: Session, *, ended: bool = False) -> list[Organization]:
    """The rows in the order of the roster."""
    query = select(Organization).order_by(Organization.position, Organization.id)
    if not ended:
        query = query.where(Organization.ends_on.is_(None))
    return list(session.scalars(query))


def list_facts(session: Session) -> list[OrganizationFacts]:
    """What the calendar has to know of every organization, ended ones included, in roster order."""
    return [
        OrganizationFacts(
            id=row.id,
            name=row.name,
            kind=row.kind,
            parent_id=row.parent_id,
            has_committee=row.has_committee,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )
        for row in list_organizations(session, ended=True)
    ]


def list_names(session: Session, ids: Collection[int] | None = None) -> dict[int, str]:
    """Names by id, in the order of the roster, ended organizations included; None: all."""
    query = select(Organization.id, Organization.name).order_by(Organization.position, Organization.id)
    if ids is not None:
        query = query.where(Organization.id.in_(ids))
    return {row[0]: row[1] for row in session.execute(query)}


def list_oversight_names(session: Session) -> dict[int, str]:
    """The names of all 督导组 by id, in the order of the roster."""
    query = select(Oversight.id, Oversight.name).order_by(Oversight.position, Oversight.id)
    return {row[0]: row[1] for row in session.execute(query)}


def get_version(session: Session) -> int:
    """A number that grows with every change of the register and of the calendar's overrides.

    A value computed from them may be cached as long as it stays the same.
    """
    return session.scalar(_VERSION) or 0


def count_members(session: Session) -> dict[int, int]:
    """How many people belong to each organization and all below it, by id.

    Clerks and admins are not counted.
    """
    query = select(Membership.organization_id, Membership.member_id).where(
        Membership.valid_until.is_(None),
        Membership.organization_id.is_not(None),
        Membership.role.in_([Role.MEMBER, Role.SECRETARY, Role.LEADER]),
    )
    whole = load_tree(session)
    found: dict[int, set[int]] = {node.id: set() for node in whole}
    for organization_id, member_id in session.execute(query):
        if organization_id in found:
            # Sets of people: somebody with posts in two branches counts once in their superior.
            for place in (organization_id, *whole.list_above(organization_id)):
                found.get(place, set()).add(member_id)
    return {organization_id: len(people) for organization_id, people in found.items()}
