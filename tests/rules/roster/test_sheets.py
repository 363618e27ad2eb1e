"""The register's files: how rows are read, what is wrong with them, and what an import would change."""

from dataclasses import replace
from datetime import date

from models.rules.people.roles import OrganizationKind, Role
from models.rules.roster.cells import clean_text, get_identity, parse_day, split_values
from models.rules.roster.import_plan import plan_import
from models.rules.roster.sheets import Sheet, format_column, read_csv
from models.rules.roster.summary import format_summary
from models.rules.roster.types import ImportPlan, OrganizationEntry, PersonEntry, Place, Roster
from tests.tables import each_row

TODAY = date(2026, 9, 1)
LATER = date(2026, 10, 8)
SCHOOL = """名称,类型,上级,别名,督导组
学校党委,党委,,,
理科支部,支部,学校党委,理科、理综支部,第一督导组
文科支部,支部,学校党委,,第一督导组、第二督导组
理科一组,小组,理科支部,,
"""
STAFF = """姓名,角色,组织
甲同志,领导,学校党委
乙同志,书记,理科支部
丙同志,党员,理科支部、文科支部
丁同志,督导,第一督导组
戊同志,党员,理科一组
"""


def organizations(text: str) -> Sheet:
    return read_csv("organizations.csv", text.encode())


def people(text: str) -> Sheet:
    return read_csv("people.csv", text.encode())


NOBODY = Roster()


def stored(plan: ImportPlan, before: Roster = NOBODY) -> Roster:
    """The register after a plan, as a database would give it back."""
    entries = {entry.id: entry for entry in before.organizations}
    for change in plan.organizations:
        if change.after is None and change.before is not None:
            entries[change.before.id] = replace(change.before, ended=True)
        elif change.after is not None:
            key = change.after.id or 1 + max([0, *(found for found in entries if found)])
            entries[key] = replace(change.after, id=key)
    humans = {person.id: person for person in before.people}
    for change in plan.people:
        if change.after is None and change.before is not None:
            names = frozenset(place.name for place in change.before.places)
            humans[change.before.id] = replace(change.before, places=(), former=names)
        elif change.after is not None:
            key = change.after.id or 1 + max([0, *(found for found in humans if found)])
            humans[key] = replace(change.after, id=key)
    return Roster(
        tuple(sorted(entries.values(), key=lambda entry: entry.position)),
        tuple(sorted(humans.values(), key=lambda person: person.position)),
    )


def imported(organization_file: str = SCHOOL, people_file: str = STAFF) -> Roster:
    plan = plan_import(Roster(), organizations(organization_file), people(people_file), today=TODAY)
    assert plan.wrong == ()
    return stored(plan)


def planned(before: Roster, organization_file: str = SCHOOL, people_file: str = STAFF) -> ImportPlan:
    return plan_import(before, organizations(organization_file), people(people_file), today=LATER)


def wrong(organization_file: str = SCHOOL, people_file: str = STAFF) -> list[str]:
    plan = planned(Roster(), organization_file, people_file)
    assert plan.organizations == ()
    assert plan.people == ()
    return [str(problem) for problem in plan.wrong]


@each_row(
    ("written", "meant"),
    [
        ("  理科支部 ", "理科支部"),
        ("　王　芳　", "王芳"),
        ("王\u200b芳\ufeff", "王芳"),
        ("第１支部", "第1支部"),
        ("ＡＢ 支部", "AB支部"),
        ("离退休支部（东区）", "离退休支部（东区）"),
        ("Anna  Li", "Anna Li"),
        ("\t\n", ""),
    ],
)
def test_a_cell_loses_what_nobody_means(written: str, meant: str) -> None:
    assert clean_text(written) == meant


def test_width_case_and_spaces_do_not_tell_names_apart() -> None:
    assert get_identity("离退休支部（Ａ区）") == get_identity("离退休 支部(a区)")
    assert get_identity("理科支部") != get_identity("文科支部")


def test_values_stand_between_separators_and_count_once() -> None:
    assert split_values("理科、理综 支部， 理科;") == ("理科", "理综支部")
    assert split_values("甲\n乙") == ("甲", "乙")
    assert split_values(" ") == ()


@each_row(
    "text",
    [
        "2026-09-01",
        "2026/9/1",
        "2026.9.1",
        "2026年9月1日",
        "20260901",
        "２０２６-０９-０１",
        "2026-09-01 00:00:00",
    ],
)
def test_a_day_is_read_as_spreadsheets_write_it(text: str) -> None:
    assert parse_day(text) == date(2026, 9, 1)


@each_row("text", ["2026-02-30", "9月1日", "明天", "2026-13-01"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert parse_day(text) is None


def test_columns_have_a_spreadsheets_letters() -> None:
    assert [format_column(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_first_import_is_all_new() -> None:
    register = imported()
    assert [(entry.name, entry.parent) for entry in register.organizations] == [
        ("学校党委", None),
        ("理科支部", "学校党委"),
        ("文科支部", "学校党委"),
        ("理科一组", "理科支部"),
    ]
    branch = register.organizations[1]
    assert branch.kind is OrganizationKind.BRANCH
    assert branch.aliases == ("理科", "理综支部")
    assert branch.starts_on == TODAY
    assert branch.has_committee
    assert register.oversights == ("第一督导组", "第二督导组")
    assert register.people[2].places == (Place(Role.MEMBER, "理科支部"), Place(Role.MEMBER, "文科支部"))
    assert register.people[3].places == (Place(Role.SUPERVISOR, "第一督导组"),)


def test_the_same_files_again_change_nothing() -> None:
    plan = planned(imported())
    assert plan.nothing
    assert format_summary(plan) == "名册没有变化：新增 0，变更 0，退出 0，有误 0"


@each_row("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    plan = plan_import(
        Roster(),
        read_csv("o.csv", SCHOOL.encode(encoding)),
        read_csv("p.csv", STAFF.replace("\n", "\r\n").encode(encoding)),
        today=TODAY,
    )
    assert stored(plan) == imported()


def test_tabs_titles_and_empty_rows_are_taken_as_they_come() -> None:
    tabs = "某校党组织一览\t\t\t\t\n" + SCHOOL.replace(",", "\t").replace(
        "文科支部\t支", "\t\t\t\t\n文科支部\t支"
    )
    plan = plan_import(Roster(), organizations(tabs), people(STAFF), today=TODAY)
    assert plan.wrong == ()
    assert [change.after and change.after.name for change in plan.organizations][2] == "文科支部"


def test_optional_columns_are_read() -> None:
    text = "名称,类型,上级,别名,督导组,支委会,启用日期\n甲支部,支部,,,,无,2026/3/1\n乙支部,党支部,,,,有,\n"
    plan = plan_import(Roster(), organizations(text), None, today=TODAY)
    first, second = (change.after for change in plan.organizations)
    assert first is not None
    assert second is not None
    assert (first.has_committee, first.starts_on) == (False, date(2026, 3, 1))
    assert (second.has_committee, second.starts_on) == (True, TODAY)


def test_a_first_day_and_a_committee_stay_when_the_file_does_not_name_them() -> None:
    text = "名称,类型,上级,别名,督导组,支委会,启用日期\n甲支部,支部,,,,无,2026-03-01\n"
    before = stored(plan_import(Roster(), organizations(text), None, today=TODAY))
    plan = plan_import(
        before, organizations("名称,类型,上级,别名,督导组\n甲支部,支部,,,\n"), None, today=LATER
    )
    assert plan.nothing


@each_row(
    ("right", "mistaken", "column", "address", "words"),
    [
        ("文科支部,支部", "文科支部,车间", "类型", "B4", "不认识类型“车间”；请写 教育局、党委、总支"),
        ("文科支部,支部", "文科支部,", "类型", "B4", "没有类型；请写 教育局、党委、总支、支部、小组 之一"),
        ("文科支部,支部,学校", "文科支部,支部,总校", "上级", "C4", "没有名称为“总校党委”的组织；请改正"),
        ("党委,,,", "党委,学校党委,,", "上级", "C2", "上级不能是自己；请改正其中一个上级"),
        ("理科一组", "文 科支部", "名称", "A5", "“文科支部”与第 4 行重名；请改名，或删去一行"),
        (",,第一督导组、", ",理科支部,第一督导组、", "别名", "D4", "别名“理科支部”是第 3 行的名称"),
        (",,第一督导组、", ",理科,第一督导组、", "别名", "D4", "别名“理科”已给了第 3 行“理科支部”"),
        ("小组,理科支部", "小组,", "上级", "C5", "小组要有上级；请写它所在的支部"),
        ("小组,理科支部", "小组,学校党委", "上级", "C5", "小组不能放在党委“学校党委”下面；请改类型或上级"),
        ("理科支部,支部", ",支部", "名称", "A3", "没有名称；请填写，或删去这一行"),
        ("别名,", "名称,", "名称", "D1", "这一列写了两次；请只留一列"),
    ],
)  # fmt: skip
def test_a_wrong_organization_names_the_cell_and_the_fix(
    right: str, mistaken: str, column: str, address: str, words: str
) -> None:
    line = f"organizations.csv 第 {address[1:]} 行“{column}”（{address}）：{words}"
    assert [found for found in wrong(SCHOOL.replace(right, mistaken)) if found.startswith(line)]


@each_row(
    ("file", "words"),
    [
        (SCHOOL.replace(",别名", ""), " 第 1 行：缺少列 别名；第一行请写 名称、类型、上级"),
        (SCHOOL.replace("党委,,,", "党委,,,,,多"), " 第 2 行：格子比列名多；名称里有逗号时"),
        (SCHOOL.replace("文科支部", '"文科支部'), " 第 4 行：从第 4 行起引号不成对；请改好这一行的引号"),
        ("", "：文件是空的；第一行请写列名：名称、类型、上级、别名、督导组"),
        ("\n,,\n", "：文件是空的；第一行请写列名：名称、类型、上级、别名、督导组"),
        ("名称,类型,上级,别名,督导组\n", "：只有列名，没有内容；请从第二行起逐行填写"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_says_what_is_missing(file: str, words: str) -> None:
    assert wrong(file)[0].startswith(f"organizations.csv{words}")


def test_superiors_in_a_circle_are_named_once() -> None:
    text = "名称,类型,上级,别名,督导组\n甲,党委,丙,,\n乙,党委,甲,,\n丙,党委,乙,,\n丁,支部,丙,,\n"
    plan = plan_import(Roster(), organizations(text), None, today=TODAY)
    assert [str(problem) for problem in plan.wrong] == [
        "organizations.csv 第 2 行“上级”（C2）：上级绕成了一圈：甲 → 丙 → 乙 → 甲；请改正其中一个上级"
    ]


@each_row(
    ("row", "cell", "words"),
    [
        ("己同志,副书记,理科支部", "“角色”（B7）", "不认识角色“副书记”；请写 党员、书记、干事"),
        ("己同志,,理科支部", "“角色”（B7）", "没有角色；请写 党员、书记、干事、督导、领导、管理员 之一"),
        ("己同志,党员,", "“组织”（C7）", "没有组织；请写所在的组织，督导写督导组"),
        ("己同志,党员,工科支部", "“组织”（C7）", "没有组织“工科支部”；请在组织文件里加上，或改正"),
        ("己同志,督导,九组", "“组织”（C7）", "没有督导组“九组”；请在组织文件的“督导组”一列写上，或改正"),
        ("己同志,督导,理科支部", "“组织”（C7）", "“理科支部”：督导的“组织”要写督导组；请改正"),
        ("己同志,党员,第一督导组", "“组织”（C7）", "“第一督导组”：党员的“组织”不能是督导组；请改正"),
        (",党员,理科支部", "“姓名”（A7）", "没有姓名；请填写，或删去这一行"),
        ("己同志,书记、党员,理科支部、文科支部、学校党委", "“组织”（C7）", "2 个角色对不上 3 个组织"),
    ],
)  # fmt: skip
def test_a_wrong_person_names_the_cell_and_the_fix(row: str, cell: str, words: str) -> None:
    [line] = wrong(people_file=f"{STAFF}{row}\n")
    assert line.startswith(f"people.csv 第 7 行{cell}：{words}")


def test_all_wrong_cells_of_both_files_are_told_at_once() -> None:
    lines = wrong(SCHOOL.replace("理科支部,支部", "理科支部,车间"), STAFF.replace("书记", "书计"))
    assert [line.partition("：")[0] for line in lines] == [
        "organizations.csv 第 3 行“类型”（B3）",
        "people.csv 第 3 行“角色”（B3）",
    ]


def test_an_unknown_column_is_mentioned_and_not_read() -> None:
    plan = planned(Roster(), SCHOOL.replace("督导组\n", "督导组,启用时间,备注\n"))
    assert [str(note) for note in plan.notes] == [
        "organizations.csv 第 1 行“启用时间”（F1）：不认识的列；是不是“启用日期”？",
        "organizations.csv 第 1 行“备注”（G1）：不认识的列；这一列没有读",
    ]
    assert plan.wrong == ()


def test_roles_and_places_of_the_same_number_go_in_pairs() -> None:
    register = imported(
        people_file=STAFF + "己同志,书记、督导,文科支部、第二督导组\n庚同志,书记、领导,理科支部\n"
    )
    assert register.people[5].places == (
        Place(Role.SECRETARY, "文科支部"),
        Place(Role.SUPERVISOR, "第二督导组"),
    )
    assert register.people[6].places == (Place(Role.SECRETARY, "理科支部"), Place(Role.LEADER, "理科支部"))


def test_a_place_may_be_named_by_its_alias() -> None:
    register = imported(people_file=STAFF.replace("书记,理科支部", "书记,理 综支部"))
    assert register.people[1].places == (Place(Role.SECRETARY, "理科支部"),)


def test_two_rows_of_one_name_are_two_people_and_stay_so() -> None:
    staff = STAFF + "丙同志,书记,文科支部\n丙同志,党员,理科一组\n"
    before = imported(people_file=staff)
    assert [person.name for person in before.people].count("丙同志") == 3
    assert planned(before, people_file=staff).nothing


def test_people_of_one_name_are_told_apart_by_where_they_are() -> None:
    before = imported(people_file="姓名,角色,组织\n丙同志,党员,理科支部\n丙同志,党员,文科支部\n")
    plan = planned(before, people_file="姓名,角色,组织\n丙同志,书记,文科支部\n丙同志,党员,理科支部\n")
    [change] = plan.people
    assert change.before == before.people[1]
    assert change.after is not None
    assert change.after.id == before.people[1].id
    assert plan.reordered


def test_two_of_one_name_in_one_branch_are_asked_about_once() -> None:
    staff = STAFF + "乙同志,党员,理科支部\n"
    plan = planned(Roster(), people_file=staff)
    assert [str(note) for note in plan.notes] == [
        "people.csv 第 7 行“姓名”（A7）：第 3 行在“理科支部”也有“乙同志”，是两个人吗？"
        "是就这样导入，按两个人登记；是同一人请合成一行"
    ]
    again = planned(stored(plan), people_file=staff)
    assert again.nothing
    assert again.notes == ()


def test_the_only_one_of_a_name_has_moved() -> None:
    plan = planned(imported(), people_file=STAFF.replace("乙同志,书记,理科支部", "乙同志,党员,文科支部"))
    assert format_summary(plan).splitlines() == [
        "组织：新增 0，变更 0，退出 0",
        "人员：新增 0，变更 1，退出 0",
        "  变更 乙同志：理科支部书记 → 文科支部党员",
        "有误 0",
    ]


def test_who_is_not_in_the_file_has_left_and_is_known_again_when_back() -> None:
    before = imported()
    plan = planned(before, people_file=STAFF.replace("乙同志,书记,理科支部\n", ""))
    [gone] = plan.people
    assert gone.before == before.people[1]
    assert gone.after is None
    back = planned(stored(plan, before))
    assert [change.after and change.after.id for change in back.people] == [before.people[1].id]
    assert "变更 乙同志：重新加入，理科支部书记" in format_summary(back)


def test_a_newcomer_of_a_leavers_name_elsewhere_is_somebody_else() -> None:
    before = imported()
    without = planned(before, people_file=STAFF.replace("乙同志,书记,理科支部\n", ""))
    plan = planned(
        stored(without, before), people_file=STAFF.replace("乙同志,书记,理科支部", "乙同志,党员,文科支部")
    )
    assert [change.after and change.after.id for change in plan.people] == [None]


def test_an_organization_that_is_gone_takes_its_places_with_it() -> None:
    before = imported()
    file = SCHOOL.replace("文科支部,支部,学校党委,,第一督导组、第二督导组\n", "")
    plan = plan_import(before, organizations(file), None, today=LATER)
    assert [change.before and change.before.name for change in plan.organizations] == ["文科支部"]
    [change] = plan.people
    assert change.after is not None
    assert change.after.places == (Place(Role.MEMBER, "理科支部"),)
    assert plan.oversights == ("第一督导组",)


def test_a_new_name_with_the_old_one_as_alias_is_the_same_organization() -> None:
    before = imported()
    school = SCHOOL.replace("理科支部,支部,学校党委,理科、", "数理支部,支部,学校党委,理科支部、理科、")
    school = school.replace("小组,理科支部", "小组,数理支部")
    plan = planned(before, school, STAFF.replace("理科支部", "数理支部"))
    assert format_summary(plan).splitlines() == [
        "组织：新增 0，变更 1，退出 0",
        "  变更 数理支部：名称 理科支部 → 数理支部；别名 理科、理综支部 → 理科支部、理科、理综支部",
        "人员：新增 0，变更 0，退出 0",
        "有误 0",
    ]


def test_an_organization_that_comes_back_is_taken_up_again() -> None:
    before = imported()
    file = SCHOOL.replace("文科支部,支部,学校党委,,第一督导组、第二督导组\n", "")
    staff = STAFF.replace("、文科支部", "")
    without = stored(planned(before, file, staff), before)
    plan = planned(without)
    [change] = plan.organizations
    assert change.after is not None
    assert (change.after.id, change.after.starts_on) == (before.organizations[2].id, TODAY)
    assert "变更 文科支部：恢复使用" in format_summary(plan)


def test_a_row_put_in_between_does_not_count_as_another_order() -> None:
    plan = planned(imported(), people_file=STAFF.replace("乙同志", "己同志,党员,文科支部\n乙同志"))
    assert not plan.reordered
    assert len(plan.people) == 1
    assert len(plan.people_order) == 4


def test_another_order_alone_is_a_change() -> None:
    rows = STAFF.splitlines()
    plan = planned(imported(), people_file="\n".join([rows[0], *reversed(rows[1:])]))
    assert plan.people == ()
    assert not plan.nothing
    assert "次序有调整，按文件排列" in format_summary(plan)


def test_a_long_summary_is_cut_and_says_so() -> None:
    staff = STAFF + "".join(f"群众{number},党员,文科支部\n" for number in range(50))
    lines = format_summary(planned(imported(), people_file=staff), most=10).splitlines()
    assert lines[1] == "人员：新增 50，变更 0，退出 0"
    assert lines[-2:] == ["  …… 另有 40 行", "有误 0"]


def test_nothing_is_written_with_a_wrong_row_and_the_summary_says_so() -> None:
    text = format_summary(planned(imported(), SCHOOL.replace("理科支部,支部", "理科支部,车间")))
    assert text.splitlines()[0] == "有误 1 处，一行也不写入；请改好文件再导入："


def test_people_alone_are_compared_with_the_stored_organizations() -> None:
    before = imported()
    plan = plan_import(before, None, people(STAFF + "己同志,党员,文科支部\n"), today=LATER)
    assert plan.organizations == ()
    assert [change.after and change.after.name for change in plan.people] == ["己同志"]


def test_entries_compare_by_value() -> None:
    entry = OrganizationEntry("甲", OrganizationKind.BRANCH, None, (), (), True, TODAY, 1)
    assert entry == replace(entry)
    assert PersonEntry("乙", (), 1) != PersonEntry("乙", (), 2)
