"""The register in both databases: imported, imported again, changed, and people who left kept."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select, update

from models.register import members, organizations, roster
from models.rules.people.roles import Post, Role
from models.rules.roster.import_plan import plan_import
from models.rules.roster.sheets import read_csv
from models.rules.roster.types import ImportPlan
from models.storage.database import Database
from models.tables.people import Chat, Member, Membership, Organization, Oversight
from models.tables.records import Audit

FIRST = date(2026, 9, 1)
LATER = date(2026, 10, 8)
NOON = datetime(2026, 9, 1, 4, tzinfo=UTC)
SCHOOL = """名称,类型,上级,别名,督导组
学校党委,党委,,,
理科支部,支部,学校党委,理科、理综支部,第一督导组
文科支部,支部,学校党委,,第二督导组、第一督导组
理科一组,小组,理科支部,,
"""
STAFF = """姓名,角色,组织
甲同志,领导,学校党委
乙同志,书记,理科支部
丙同志,党员,理科支部、文科支部
丁同志,督导,第一督导组
丙同志,党员,理科一组
"""


def bring_in(
    database: Database, school: str | None = SCHOOL, staff: str | None = STAFF, today: date = FIRST
) -> ImportPlan:
    with database.begin() as session:
        roster.lock_imports(session)
        plan = plan_import(
            roster.load_roster(session),
            None if school is None else read_csv("organizations.csv", school.encode()),
            None if staff is None else read_csv("people.csv", staff.encode()),
            today=today,
        )
        roster.apply_plan(session, plan, today=today)
    return plan


def whole(database: Database) -> list[tuple[object, ...]]:
    """Every row of the register's tables."""
    with database.read() as session:
        rows: list[tuple[object, ...]] = []
        for table in (Organization, Oversight, Member, Membership):
            found = session.execute(select(*table.__table__.columns).order_by(table.id))
            rows += [tuple(row) for row in found]
    return rows


def test_a_first_import_writes_the_tree_and_the_people(database: Database) -> None:
    bring_in(database)
    with database.read() as session:
        tree = organizations.load_tree(session)
        ids = {node.name: node.id for node in tree}
        assert list(ids) == ["学校党委", "理科支部", "文科支部", "理科一组"]
        assert tree.list_above(ids["理科一组"]) == (ids["理科支部"], ids["学校党委"])
        groups = {name: found for found, name in organizations.list_oversight_names(session).items()}
        assert list(groups) == ["第一督导组", "第二督导组"]
        assert tree.oversights[groups["第一督导组"]] == {ids["理科支部"], ids["文科支部"]}
        assert tree.list_below(ids["理科支部"]) == {ids["理科支部"], ids["理科一组"]}
        people = list(members.list_people(session).values())
        assert [person.name for person in people] == ["甲同志", "乙同志", "丙同志", "丁同志", "丙同志"]
        assert people[2].posts == (
            Post(Role.MEMBER, ids["理科支部"]),
            Post(Role.MEMBER, ids["文科支部"]),
        )
        assert people[3].posts == (Post(Role.SUPERVISOR, None, groups["第一督导组"]),)


def test_importing_the_same_files_again_changes_no_row(database: Database) -> None:
    bring_in(database)
    before = whole(database)
    plan = bring_in(database, today=LATER)
    assert plan.nothing
    assert whole(database) == before


def test_every_change_of_the_register_makes_a_new_version(database: Database) -> None:
    with database.read() as session:
        assert organizations.get_version(session) == 0
    bring_in(database)
    with database.read() as session:
        first = organizations.get_version(session)
    bring_in(database, today=LATER)
    with database.read() as session:
        assert organizations.get_version(session) == first
    bring_in(database, staff=STAFF.replace("丁同志,督导,第一督导组\n", ""))
    with database.read() as session:
        assert organizations.get_version(session) > first


def test_who_left_keeps_the_row_and_the_membership_is_closed(database: Database) -> None:
    bring_in(database)
    bring_in(database, staff=STAFF.replace("乙同志,书记,理科支部\n", ""), today=LATER)
    with database.read() as session:
        member = session.scalar(select(Member).where(Member.name == "乙同志"))
        assert member is not None
        assert members.find_person(session, member.id) is None
        assert members.list_names(session, [member.id]) == {member.id: "乙同志"}
        [held] = session.scalars(select(Membership).where(Membership.member_id == member.id))
        assert (held.valid_from, held.valid_until) == (FIRST, LATER)


def test_who_comes_back_has_the_old_row_and_a_new_membership(database: Database) -> None:
    bring_in(database)
    bring_in(database, staff=STAFF.replace("乙同志,书记,理科支部\n", ""), today=LATER)
    bring_in(database, today=date(2026, 11, 1))
    with database.read() as session:
        assert session.scalar(select(func.count()).where(Member.name == "乙同志")) == 1
        query = select(Membership.valid_until).join(Member, Member.id == Membership.member_id)
        closed = session.scalars(query.where(Member.name == "乙同志").order_by(Membership.id))
        assert list(closed) == [LATER, None]
    assert (bring_in(database, today=date(2026, 12, 1))).nothing


def test_a_renamed_branch_keeps_its_row_and_its_people(database: Database) -> None:
    bring_in(database)
    school = SCHOOL.replace("理科支部,支部,学校党委,理科、", "数理支部,支部,学校党委,理科支部、理科、")
    school = school.replace("小组,理科支部", "小组,数理支部")
    staff = STAFF.replace("理科支部", "数理支部")
    with database.read() as session:
        before = {row.name: row.id for row in organizations.list_organizations(session)}
    bring_in(database, school, staff, LATER)
    with database.read() as session:
        after = {row.name: row.id for row in organizations.list_organizations(session)}
        assert after["数理支部"] == before["理科支部"]
        assert session.scalar(select(func.count()).where(Membership.valid_until.is_not(None))) == 0
    assert bring_in(database, school, staff, LATER).nothing


def test_branches_may_be_renamed_again_and_again(database: Database) -> None:
    bring_in(database)
    head = "名称,类型,上级,别名,督导组\n学校党委,党委,,,\n"
    school = f"{head}乙部,支部,学校党委,理科支部,\n理科一部,支部,学校党委,文科支部,\n"
    bring_in(database, school, None, LATER)
    with database.read() as session:
        before = {row.id: row.name for row in organizations.list_organizations(session)}
    assert sorted(before.values()) == ["乙部", "学校党委", "理科一部"]
    names = f"{head}丙部,支部,学校党委,乙部,\n丁部,支部,学校党委,理科一部,\n"
    bring_in(database, names, None, LATER)
    with database.read() as session:
        after = {row.id: row.name for row in organizations.list_organizations(session)}
    assert {before[key]: name for key, name in after.items() if key in before} == {
        "学校党委": "学校党委",
        "乙部": "丙部",
        "理科一部": "丁部",
    }


def test_a_branch_that_is_gone_ends_and_comes_back_with_its_first_day(database: Database) -> None:
    bring_in(database)
    gone = SCHOOL.replace("文科支部,支部,学校党委,,第二督导组、第一督导组\n", "")
    bring_in(database, gone, None, LATER)
    with database.read() as session:
        assert "文科支部" not in [node.name for node in organizations.load_tree(session)]
        facts = {row.name: row for row in organizations.list_facts(session)}
        assert (facts["文科支部"].starts_on, facts["文科支部"].ends_on) == (FIRST, LATER)
        closed = session.scalars(select(Membership.valid_until).where(Membership.valid_until.is_not(None)))
        assert list(closed) == [LATER]
    bring_in(database, today=date(2026, 11, 1))
    with database.read() as session:
        facts = {row.name: row for row in organizations.list_facts(session)}
        assert (facts["文科支部"].starts_on, facts["文科支部"].ends_on) == (FIRST, None)
    assert (bring_in(database, today=date(2026, 12, 1))).nothing


def test_a_wrong_plan_is_refused_and_writes_nothing(database: Database) -> None:
    bring_in(database)
    before = whole(database)
    with database.begin() as session:
        plan = plan_import(
            roster.load_roster(session),
            read_csv("organizations.csv", SCHOOL.replace("文科支部,支部", "文科支部,车间").encode()),
            None,
            today=LATER,
        )
        with pytest.raises(roster.WrongRowsError):
            roster.apply_plan(session, plan, today=LATER)
    assert whole(database) == before


def test_the_order_follows_the_file(database: Database) -> None:
    bring_in(database)
    lines = SCHOOL.splitlines()
    lines[2], lines[3] = lines[3], lines[2]
    bring_in(database, "\n".join(lines), None, LATER)
    with database.read() as session:
        assert [node.name for node in organizations.load_tree(session)][1:3] == ["文科支部", "理科支部"]
        assert list(organizations.list_oversight_names(session).values()) == ["第二督导组", "第一督导组"]


def test_sizes_count_each_person_once_with_everything_below(database: Database) -> None:
    bring_in(database)
    with database.read() as session:
        tree = organizations.load_tree(session)
        sizes = {tree.get_name(found): size for found, size in organizations.count_members(session).items()}
    assert sizes == {"学校党委": 4, "理科支部": 3, "文科支部": 1, "理科一组": 1}


def test_an_import_is_written_down_with_who_did_it(database: Database) -> None:
    bring_in(database)
    with database.read() as session:
        [row] = session.scalars(select(Audit).where(Audit.action == "import"))
    assert (row.action, row.subject, row.by_member_id) == ("import", "register", None)
    assert row.after == {"organizations": 4, "people": 5}


def test_only_a_joined_private_chat_has_a_person_behind_it(database: Database) -> None:
    bring_in(database)
    with database.begin() as session:
        everybody = {person.name: person.id for person in members.list_people(session).values()}
        session.add_all(
            [
                Chat(address="1", member_id=everybody["甲同志"], joined_at=NOON),
                Chat(address="2", member_id=everybody["乙同志"], joined_at=NOON, suspended_at=NOON),
                Chat(address="3", kind="group", organization_id=1),
                Chat(address="4"),
            ]
        )
    with database.read() as session:
        found = [members.find_by_chat(session, channel="telegram", address=str(n)) for n in range(1, 6)]
        assert [person and person.name for person in found] == ["甲同志", "乙同志", None, None, None]
        assert members.find_by_chat(session, channel="other", address="1") is None
        assert [row.person.name for row in members.list_reachable(session)] == ["甲同志"]
        tree = organizations.load_tree(session)
        branch = next(node.id for node in tree if node.name == "理科支部")
        assert members.list_reachable(session, [branch]) == []
        secretaries = members.list_members_of(session, [branch], Role.SECRETARY)
        assert [person.name for person in secretaries.values()] == ["乙同志"]


def test_who_left_is_a_stranger_in_the_old_chat(database: Database) -> None:
    bring_in(database)
    with database.begin() as session:
        member_id = session.scalar(select(Member.id).where(Member.name == "乙同志"))
        session.add(Chat(address="2", member_id=member_id, joined_at=NOON))
    bring_in(database, staff=STAFF.replace("乙同志,书记,理科支部\n", ""), today=LATER)
    with database.read() as session:
        assert members.find_by_chat(session, channel="telegram", address="2") is None
        assert members.list_reachable(session) == []


def test_a_large_register_comes_in_and_the_same_again_changes_nothing(database: Database) -> None:
    branches = [f"第{number}支部" for number in range(20)]
    school = "名称,类型,上级,别名,督导组\n局党委,党委,,,\n" + "".join(
        f"{name},支部,局党委,,督导{number % 6}组\n" for number, name in enumerate(branches)
    )
    staff = "姓名,角色,组织\n" + "".join(
        f"同志{number % 300},党员,{branches[number % 20]}\n" for number in range(1000)
    )
    bring_in(database, school, staff)
    assert bring_in(database, school, staff).nothing


def test_every_changed_role_and_organization_is_written_down_without_names(database: Database) -> None:
    bring_in(database)
    bring_in(database, staff=STAFF.replace("乙同志,书记", "乙同志,党员"), today=LATER)
    with database.read() as session:
        member_id = session.scalar(select(Member.id).where(Member.name == "乙同志"))
        query = select(Audit).where(Audit.subject == f"member:{member_id}").order_by(Audit.id)
        first, second = session.scalars(query)
        assert (first.before, first.after) == (None, {"posts": ["理科支部书记"]})
        assert (second.before, second.after) == (
            {"posts": ["理科支部书记"]},
            {"posts": ["理科支部党员"]},
        )
        [branch] = session.scalars(select(Audit).where(Audit.subject == "organization:文科支部"))
        assert branch.before is None
        assert branch.after is not None
        assert branch.after["parent"] == "学校党委"


WITH_CHATS = """姓名,角色,组织,聊天号
甲同志,领导,学校党委,
乙同志,书记,理科支部,70001
丙同志,党员,文科支部,
"""


def test_a_chat_of_the_file_is_its_persons_but_not_joined(database: Database) -> None:
    bring_in(database, staff=WITH_CHATS)
    with database.read() as session:
        [chat] = session.scalars(select(Chat))
        assert (chat.address, chat.kind, chat.joined_at) == ("70001", "private", None)
        assert members.find_by_chat(session, channel="telegram", address="70001") is None
        assert members.list_reachable(session) == []
    assert bring_in(database, staff=WITH_CHATS, today=LATER).nothing


def test_a_chat_that_is_somebody_elses_is_a_wrong_cell(database: Database) -> None:
    bring_in(database, staff=WITH_CHATS)
    other = WITH_CHATS.replace("丙同志,党员,文科支部,", "丙同志,党员,文科支部,70001")
    twice = [str(found) for found in planned(database, other).wrong]
    assert twice == ["people.csv 第 4 行“聊天号”（D4）：聊天号和第 3 行相同；一个聊天号只能是一个人的"]
    moved = other.replace("乙同志,书记,理科支部,70001", "乙同志,书记,理科支部,")
    [problem] = planned(database, moved).wrong
    assert str(problem) == "people.csv 第 4 行“聊天号”（D4）：这个聊天号现在是“乙同志”的；请核对"


def test_a_chat_passes_on_when_its_person_has_left(database: Database) -> None:
    bring_in(database, staff=WITH_CHATS)
    with database.begin() as session:
        session.execute(update(Chat).values(joined_at=NOON))
    staff = "姓名,角色,组织,聊天号\n甲同志,领导,学校党委,\n丙同志,党员,文科支部,70001\n"
    bring_in(database, staff=staff, today=LATER)
    with database.read() as session:
        member_id = session.scalar(select(Member.id).where(Member.name == "丙同志"))
        [chat] = session.scalars(select(Chat))
        assert (chat.member_id, chat.joined_at) == (member_id, None)


def test_a_contact_is_kept_until_the_file_says_otherwise(database: Database) -> None:
    with_contact = SCHOOL.replace("督导组\n", "督导组,联系人\n", 1).replace(
        "学校党委,党委,,,", "学校党委,党委,,,,办公室 0000-0000"
    )
    bring_in(database, with_contact)
    assert bring_in(database, SCHOOL, today=LATER).nothing
    with database.read() as session:
        query = select(Organization.contact).where(Organization.name == "学校党委")
        assert session.scalar(query) == "办公室 0000-0000"
    bring_in(database, with_contact.replace("办公室 0000-0000", ""), today=LATER)
    with database.read() as session:
        assert session.scalar(query) is None


def planned(database: Database, staff: str) -> ImportPlan:
    with database.read() as session:
        stored = roster.load_roster(session)
    return plan_import(stored, None, read_csv("people.csv", staff.encode()), today=LATER)
