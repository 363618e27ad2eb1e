"""Permissions: one table of roles, actions and reach, asked to act and to send."""

from enum import StrEnum

from models.rules.people.organization_tree import Tree
from models.rules.people.roles import OrganizationKind, Person, Post, Role

ASK = "有问题请问"
ADMINS = f"{ASK}管理员"


class Action(StrEnum):
    """What can be allowed."""

    CALENDAR = "calendar"
    STATUS = "status"
    REPORT = "report"
    INVITE = "invite"
    BIND = "bind"
    HISTORY = "history"
    APPROVE = "approve"
    BROADCAST = "broadcast"
    ADMINISTER = "administer"


class Reach(StrEnum):
    """Where a role's action holds.

    OWN: the organization with its groups; BRANCH: the branch around it with its groups; SUBTREE: all
    that is under it; OVERSIGHT: the branches of the oversight; ALL: everywhere.
    """

    OWN = "own"
    BRANCH = "branch"
    SUBTREE = "subtree"
    OVERSIGHT = "oversight"
    ALL = "all"


ALLOWED: dict[Role, dict[Action, Reach]] = {
    Role.MEMBER: {Action.CALENDAR: Reach.BRANCH, Action.STATUS: Reach.BRANCH},
    Role.SECRETARY: {
        Action.CALENDAR: Reach.SUBTREE,
        Action.STATUS: Reach.SUBTREE,
        Action.REPORT: Reach.OWN,
        Action.INVITE: Reach.OWN,
        Action.BIND: Reach.OWN,
        Action.HISTORY: Reach.OWN,
    },
    Role.CLERK: {
        Action.CALENDAR: Reach.SUBTREE,
        Action.STATUS: Reach.SUBTREE,
        Action.REPORT: Reach.OWN,
        Action.HISTORY: Reach.OWN,
    },
    Role.SUPERVISOR: {Action.CALENDAR: Reach.OVERSIGHT, Action.STATUS: Reach.OVERSIGHT},
    Role.LEADER: {
        Action.CALENDAR: Reach.SUBTREE,
        Action.STATUS: Reach.SUBTREE,
        Action.HISTORY: Reach.SUBTREE,
        Action.APPROVE: Reach.SUBTREE,
        Action.BROADCAST: Reach.SUBTREE,
    },
    Role.ADMIN: dict.fromkeys(Action, Reach.ALL),
}


def list_permitted(person: Person, action: Action, tree: Tree) -> frozenset[int]:
    """The ids of the organizations in which the person may do this; empty when nowhere."""
    found: set[int] = set()
    for post in person.posts:
        found |= _list_reached(post, ALLOWED[post.role].get(action), tree)
    return frozenset(found)


def find_sender(person: Person, tree: Tree) -> str:
    """The organization in whose name this person is spoken to: the highest above the first post."""
    for post in person.posts:
        if post.organization_id in tree.nodes:
            return tree.get_name((post.organization_id, *tree.list_above(post.organization_id))[-1])
    return next((node.name for node in tree), "")


def may_admit(approver: Person, person: Person, tree: Tree) -> bool:
    """Whether the approver may give that person a way in.

    Whoever lets somebody in could come in as that somebody, so all that the person may do, beyond being
    a member, has to be what the approver may do as well: who leads, supervises or administers is let in
    by admins only, and nobody by themselves.
    """
    # Nobody lets themselves in: a stolen chat could give itself new ones.
    if approver.id == person.id:
        return False
    if approver.has_role(Role.ADMIN):
        return True
    places = list_permitted(approver, Action.INVITE, tree)
    inside = [post for post in person.posts if post.organization_id in places]
    # All posts are looked at, since a way in opens every one of them.
    return bool(inside) and all(
        post.role is Role.MEMBER or (post in inside and post.role in (Role.SECRETARY, Role.CLERK))
        for post in person.posts
    )


def find_contact(person: Person, tree: Tree, general: str = "") -> str:
    """The contact of a person: the nearest one set upwards, else the general one.

    Without any it is the secretary of the own branch, for who runs it the organization above it.
    """
    return _find_contact_set(person, tree) or general or _find_usual_contact(person, tree)


def _find_contact_set(person: Person, tree: Tree) -> str:
    for post in person.posts:
        if post.organization_id in tree.nodes:
            chain = (post.organization_id, *tree.list_above(post.organization_id))
            if found := next((tree.nodes[place].contact for place in chain if tree.nodes[place].contact), ""):
                return found
    return ""


def _find_usual_contact(person: Person, tree: Tree) -> str:
    for post in person.posts:
        if post.organization_id not in tree.nodes:
            continue
        place = tree.get_branch(post.organization_id)
        runs = any(each.organization_id == place and each.role is not Role.MEMBER for each in person.posts)
        if tree.nodes[place].kind is OrganizationKind.BRANCH and not runs:
            return f"{ASK}{tree.get_name(place)}书记"
        above = tree.nodes[place].parent_id
        return f"{ASK}{tree.get_name(above)}" if above in tree.nodes else ADMINS
    return ADMINS


def _list_reached(post: Post, reach: Reach | None, tree: Tree) -> frozenset[int]:
    match reach:
        case None:
            return frozenset()
        case Reach.ALL:
            return frozenset(tree.nodes)
        case Reach.OVERSIGHT:
            branches = tree.oversights.get(post.oversight_id or 0, frozenset())
            return frozenset().union(*(tree.list_below(branch) for branch in branches))
    if post.organization_id is None or post.organization_id not in tree.nodes:
        return frozenset()
    if reach is Reach.SUBTREE:
        return tree.list_below(post.organization_id)
    return tree.list_with_groups(
        tree.get_branch(post.organization_id) if reach is Reach.BRANCH else post.organization_id
    )
