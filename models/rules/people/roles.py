"""The kinds of organization and the roles people hold in them."""

from dataclasses import dataclass
from enum import StrEnum


class OrganizationKind(StrEnum):
    """A node of the tree, from the bureau down to a group inside a branch."""

    BUREAU = "bureau"
    COMMITTEE = "committee"
    GENERAL_BRANCH = "general_branch"
    BRANCH = "branch"
    GROUP = "group"


class Role(StrEnum):
    """What somebody is in one organization (a supervisor: in one oversight)."""

    MEMBER = "member"
    SECRETARY = "secretary"
    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    ADMIN = "admin"


KIND_NAMES = {
    OrganizationKind.BUREAU: "教育局",
    OrganizationKind.COMMITTEE: "党委",
    OrganizationKind.GENERAL_BRANCH: "总支",
    OrganizationKind.BRANCH: "支部",
    OrganizationKind.GROUP: "小组",
}

ROLE_NAMES = {
    Role.MEMBER: "党员",
    Role.SECRETARY: "书记",
    Role.CLERK: "干事",
    Role.SUPERVISOR: "督导",
    Role.LEADER: "领导",
    Role.ADMIN: "管理员",
}


@dataclass(frozen=True, slots=True)
class Post:
    """One open membership: a role in an organization, or (a supervisor) in an oversight."""

    role: Role
    organization_id: int | None = None
    oversight_id: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the register with all open memberships."""

    id: int
    name: str
    posts: tuple[Post, ...]

    def has_role(self, *roles: Role) -> bool:
        """Whether one of the roles is held anywhere."""
        return any(post.role in roles for post in self.posts)
