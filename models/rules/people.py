"""The kinds of organization and the roles people hold in them."""

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
