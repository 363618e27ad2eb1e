"""The bundled packs: what each holds, and that every rule says where it stands."""

import re
from datetime import date

from models.packs.load import list_pack_names, load_pack, load_packs, load_workdays
from models.rules.calendar.periods import PeriodKind
from models.rules.people.roles import OrganizationKind, Role
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.occurrences import list_occurrences
from models.rules.requirements.types import GoalKind, Strength, count_unchecked, format_due
from models.rules.types import OrganizationFacts
from tests.tables import each_row

PACKS = ["jinfeng", "luolong", "national", "xuchang_bureau", "xuchang_school", "yizheng"]
REPORTS = {
    "xuchang_bureau": "000_",
    "xuchang_school": "001_",
    "luolong": "002_",
    "yizheng": "003_",
    "jinfeng": "004_",
}


def test_the_packs_are_there() -> None:
    assert list_pack_names() == PACKS


@each_row("name", PACKS)
def test_every_rule_and_day_says_where_it_stands_and_that_nobody_checked_it(name: str) -> None:
    pack = load_pack(name)
    for each in (*pack.requirements, *pack.observances):
        assert each.source, each.key
        assert each.article, each.key
        assert each.pack == name
        assert not each.checked, each.key
    for rule in pack.requirements:
        assert rule.version, rule.key
        assert rule.frequency, rule.key
    assert pack.unchecked == len(pack.requirements) + len(pack.observances)
    assert count_unchecked(pack.requirements) == len(pack.requirements)


@each_row(("name", "document"), REPORTS.items())
def test_a_packs_source_is_its_document(name: str, document: str) -> None:
    pack = load_pack(name)
    assert all(each.source.startswith(document) for each in (*pack.requirements, *pack.observances))


@each_row("name", PACKS)
def test_every_message_is_short_and_has_a_theme(name: str) -> None:
    for each in load_pack(name).observances:
        assert each.theme
        assert each.texts
        assert all(10 < len(text) <= 120 for text in each.texts), each.key
        assert not any(re.search(r"[{}]|今天|明天|后天", text) for text in each.texts), each.key


@each_row("name", PACKS)
def test_no_other_name_means_two_things(name: str) -> None:
    seen: dict[str, str] = {}
    for rule in load_pack(name).requirements:
        for word in {rule.key, rule.name, *rule.aliases}:
            assert seen.setdefault(word, rule.key) == rule.key, word


@each_row(("name", "year"), [("yizheng", 2024), ("jinfeng", 2022)])
def test_a_plan_of_a_past_year_is_an_example_and_says_so(name: str, year: int) -> None:
    pack = load_pack(name)
    assert (pack.valid_from, pack.valid_until) == (date(year, 1, 1), date(year, 12, 31))
    assert "示例" in pack.title
    assert any("不是现行规定" in note for note in pack.notes)
    assert {each.valid_until for each in pack.requirements} == {date(year, 12, 31)}


def national() -> dict[str, tuple[PeriodKind, str, str]]:
    return {r.key: (r.period, format_due(r.due), r.article) for r in load_pack("national").requirements}


def test_the_national_rules_are_those_of_the_regulations() -> None:
    assert national() == {
        "支部党员大会": (PeriodKind.QUARTER, "期末", "第十一条"),
        "支部委员会": (PeriodKind.MONTH, "期末", "第十二条"),
        "党小组会": (PeriodKind.MONTH, "期末", "第十三条、第十四条"),
        "党课": (PeriodKind.QUARTER, "期末", "第十六条"),
        "主题党日": (PeriodKind.MONTH, "5日", "第十六条"),
        "组织生活会": (PeriodKind.YEAR, "次年3月31日", "第十七条"),
        "民主评议党员": (PeriodKind.YEAR, "次年3月31日", "第十八条"),
        "谈心谈话": (PeriodKind.YEAR, "次年3月31日", "第十九条"),
        "交纳党费": (PeriodKind.MONTH, "期末", "党费收缴"),
    }


def test_a_committee_meeting_needs_a_committee_and_a_group_meeting_a_group() -> None:
    rules = {each.key: each for each in load_pack("national").requirements}
    assert [key for key, each in rules.items() if each.needs_committee] == ["支部委员会"]
    assert [key for key, each in rules.items() if each.kinds == {OrganizationKind.GROUP}] == ["党小组会"]
    assert [key for key, each in rules.items() if each.covered_by_superior] == ["党课"]
    assert all(each.strength is Strength.MUST for each in rules.values())


def test_the_national_days_have_their_themes() -> None:
    themes = {each.name: each.theme for each in load_pack("national").observances}
    assert list(themes) == [
        "元旦",
        "春节",
        "清明节",
        "劳动节",
        "端午节",
        "教师节",
        "中秋节",
        "国庆节",
        "国际反腐败日",
    ]
    assert (themes["清明节"], themes["端午节"], themes["中秋节"], themes["春节"]) == (
        "清明话“清”", "端午颂“洁”", "中秋思“正”", "新春贺“廉”",
    )  # fmt: skip


def test_yizheng_studies_four_topics_every_half_year_and_watches_terms_and_appointments() -> None:
    rules = {each.key: each for each in load_pack("yizheng").requirements}
    assert rules["半年专题研究"].goal.kind is GoalKind.PARTS
    assert rules["半年专题研究"].goal.parts == ("全面从严治党", "党风廉政建设", "思政建设", "意识形态")
    assert (rules["按期换届"].period, rules["按期换届"].years, rules["按期换届"].event) == (
        PeriodKind.TERM,
        3,
        "换届",
    )
    assert [(lead.months, lead.audience) for lead in rules["按期换届"].leads][:2] == [
        (6, Role.SECRETARY),
        (6, Role.LEADER),
    ]
    assert (rules["新任职谈话"].period, format_due(rules["新任职谈话"].due)) == (PeriodKind.EVENT, "30天内")
    assert {each.article for each in rules.values()} == {"第5条", "第8条", "第11条", "第13条"}


def test_jinfeng_counts_lessons_hours_people_and_shares() -> None:
    goals = {
        each.key: (each.period, each.goal.amount, each.goal.unit)
        for each in load_pack("jinfeng").requirements
    }
    assert goals["书记听思政课"] == (PeriodKind.SEMESTER, 4, "节")
    assert goals["书记讲思政课"] == (PeriodKind.SEMESTER, 4, "课时")
    assert goals["思政教师培训"] == (PeriodKind.YEAR, 24, "学时")
    assert goals["发展党员"] == (PeriodKind.YEAR, 1, "名")
    assert goals["党务轮训"] == (PeriodKind.YEAR, 1.0, "%")
    assert goals["每周学习"][0] is PeriodKind.WEEK


def test_luolong_reports_every_two_months_and_works_backwards_from_a_date() -> None:
    rules = {each.key: each for each in load_pack("luolong").requirements}
    assert rules["创星进展上报"].period is PeriodKind.TWO_MONTHS
    assert rules["季度考核"].period is PeriodKind.QUARTER
    assert (rules["创星任务"].period, [lead.days for lead in rules["创星任务"].leads]) == (
        PeriodKind.ONCE,
        [30, 14, 7, 3],
    )


def test_xuchang_has_its_ledger_its_seasons_and_its_free_records() -> None:
    bureau = load_pack("xuchang_bureau")
    assert {each.key: each.period for each in bureau.requirements}["工作要点月台账"] is PeriodKind.MONTH
    assert {"新生入学季", "毕业季"} <= {each.name for each in bureau.observances}
    free = [each.key for each in load_pack("xuchang_school").requirements if each.period is PeriodKind.FREE]
    assert free == ["双重组织生活", "志愿服务", "共建"]


def test_all_packs_together_never_owe_one_thing_twice() -> None:
    packs = load_packs(PACKS)
    branch = OrganizationFacts(1, "理科支部", OrganizationKind.BRANCH, None, True, date(2020, 1, 1))
    query = DueQuery([branch], date(2022, 1, 1), date(2027, 12, 31))
    found = list_occurrences(packs.requirements, query, load_workdays())
    marks = [(each.requirement, each.period) for each in found]
    assert len(marks) == len(set(marks))
    assert len({each.key for each in packs.list_in_force(date(2024, 6, 1))}) == len(
        packs.list_in_force(date(2024, 6, 1))
    )


def test_an_old_plan_is_adopted_from_a_day_on() -> None:
    branch = OrganizationFacts(1, "理科支部", OrganizationKind.BRANCH, None, True, date(2020, 1, 1))

    def semesters(name: str) -> list[str]:
        query = DueQuery([branch], date(2026, 1, 1), date(2027, 12, 31))
        found = list_occurrences(load_pack(name).requirements, query, load_workdays())
        return [each.period for each in found if each.requirement == "书记听思政课"]

    assert semesters("jinfeng") == []
    assert semesters("jinfeng@2026-09-01") == ["2026-S1", "2026-S2"]
