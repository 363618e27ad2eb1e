"""A school's own pack: what may stand in it, and mistakes named with file and line."""

from datetime import date
from pathlib import Path

import pytest

from models.packs.build import PackError
from models.packs.load import load_pack, load_packs
from models.rules.calendar.periods import PeriodKind

HEAD = 'title = "我校"\nvalid_from = 2026-09-01\n'
RULE = '\n[[requirement]]\nname = "校务公开"\nwho = ["支部"]\nevery = "每月"\n'
DAY = '\n[[observance]]\nname = "校庆"\nwhen = "5月20日"\ntheme = "校庆守“廉”"\ntext = "校庆从简。"\n'


def write(folder: Path, text: str, name: str = "我校.toml") -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(PackError) as caught:
        load_pack(write(folder, text))
    return str(caught.value).splitlines()


def test_a_small_pack_has_sensible_defaults(tmp_path: Path) -> None:
    pack = load_pack(write(tmp_path, HEAD + RULE + DAY))
    (rule,), (day,) = pack.requirements, pack.observances
    assert (pack.name, rule.key, rule.period, rule.valid_from) == (
        "我校",
        "校务公开",
        PeriodKind.MONTH,
        date(2026, 9, 1),
    )
    assert (rule.frequency, rule.due.kind.value, rule.checked) == ("每月1次", "end", False)
    assert (day.key, day.texts, day.leads[0].workday) == ("校庆", ("校庆从简。",), True)


@pytest.mark.parametrize(
    ("line", "row", "said"),
    [
        ('due = "每月32日"', 8, "32日"),
        ('goal = "很多"', 8, "各1次"),
        ('strength = "可能"', 8, "必须、一般"),
        ('grace_days = "3"', 8, "0 到 366"),
        ('leads = ["明年"]', 8, "提前3天"),
        ('leads = "提前3天"', 8, "方括号"),
        ('valid_from = "2026-09-01"', 8, "不加引号"),
        ("valid_until = 2026-01-01", 8, "早于"),
        ('needs_committee = "有"', 8, "true 或 false"),
        ('colour = "red"', 8, "没有“colour”这一项"),
        ('due = "2026-12-20"', 8, "每年的日子"),
        ('due = "3月31日"', 8, "末月20日"),
        ('due = "30天内"', 8, "事件"),
        ('event = "新任职"', 8, "event"),
        ('aliases = ["", "公开"]', 8, "一段文字"),
    ],
)
def test_a_wrong_value_is_named_with_its_line(tmp_path: Path, line: str, row: int, said: str) -> None:
    (problem,) = problems(tmp_path, HEAD + RULE + line + "\n" + DAY)
    assert f"我校.toml 第{row}行" in problem
    assert said in problem


@pytest.mark.parametrize(
    ("old", "new", "row", "said"),
    [
        ('who = ["支部"]', 'who = ["班级"]', 6, "教育局、党委、总支、支部、小组"),
        ('who = ["支部"]', "who = []", 6, "至少写一种"),
        ('every = "每月"', 'every = "常常"', 7, "每学期"),
        ('every = "每月"', 'every = "一次"', 4, "2026-12-20"),
        ('every = "每月"\n', "", 4, "缺少 every"),
        ('every = "每月"', 'every = "事件"', 4, "event"),
        ('when = "5月20日"', 'when = "5月32日"', 11, "5月32日"),
        ('when = "5月20日"', 'when = "校庆日 - 1 天"', 11, "不是节日"),
        ('when = "5月20日"', 'when = "农历十三月初一"', 11, "农历"),
        ('text = "校庆从简。"', 'text = "{password}"', 13, "{organization}"),
        ('text = "校庆从简。"', 'text = "{name.__class__}"', 13, "{organization}"),
        ('text = "校庆从简。"', 'text = "{"', 13, "{festival}"),
        ('text = "校庆从简。"', 'texts = ["一", "{0}"]', 13, "{festival}"),
        ('text = "校庆从简。"', 'years = { 2027 = "{x}" }', 13, "2027"),
        ('text = "校庆从简。"', '\n[observance.years]\n2026 = "{year}"\n2027 = "{x}"', 16, "2027"),
        ('text = "校庆从简。"', 'years = { 27 = "字" }', 13, "四位年份"),
        ('text = "校庆从简。"', 'years = "字"', 13, "2027"),
        ('text = "校庆从简。"', f'text = "{"长" * 4097}"', 13, "不要超过3500个字"),
        ('title = "我校"', 'titel = "我校"', 1, "titel"),
        ("valid_from = 2026-09-01", "", 1, "缺少 valid_from"),
        ("[[requirement]]", "[requirement]", 4, "两层方括号"),
        ("[[observance]]", "[[observence]]", 9, "没有“observence”"),
    ],
)
def test_a_wrong_line_is_found_wherever_it_stands(
    tmp_path: Path, old: str, new: str, row: int, said: str
) -> None:
    found = problems(tmp_path, (HEAD + RULE + DAY).replace(old, new))
    assert any(f"第{row}行" in problem and said in problem for problem in found), found


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    assert len(problems(tmp_path, HEAD + RULE + 'due = "?"\n' + RULE.replace("每月", "?") + DAY)) == 2


def test_a_thing_written_twice_is_an_error_unless_its_versions_are_apart(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, HEAD + RULE + RULE)
    assert "第10行" in problem
    assert "写了两次" in problem
    older = RULE + "valid_until = 2026-12-31\n"
    newer = RULE + 'valid_from = 2027-01-01\ndue = "每月5日"\n'
    assert len(load_pack(write(tmp_path, HEAD + older + newer)).requirements) == 2


def test_a_file_that_is_no_toml_is_named_with_its_line(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, HEAD + "name = \n")
    assert "我校.toml" in problem
    assert "line 3" in problem


def test_a_file_that_is_not_there_or_not_utf8_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="自带的有 jinfeng"):
        load_pack("nanjing")
    file = tmp_path / "gbk.toml"
    file.write_bytes('title = "我校"'.encode("gbk"))
    with pytest.raises(PackError, match="UTF-8"):
        load_pack(file)


def test_a_school_takes_over_a_plan_and_changes_one_rule(tmp_path: Path) -> None:
    own = HEAD + 'include = ["jinfeng"]\n' + RULE.replace("校务公开", "专题研讨").replace("每月", "每季度")
    pack = load_pack(write(tmp_path, own))
    rules = {each.key: each for each in pack.requirements}
    assert rules["专题研讨"].period is PeriodKind.QUARTER
    assert rules["书记听思政课"].period is PeriodKind.SEMESTER
    assert {(each.valid_from, each.valid_until) for each in rules.values()} == {(date(2026, 9, 1), date.max)}
    assert rules["书记听思政课"].article == "第8条"


def test_packs_that_include_each_other_are_refused(tmp_path: Path) -> None:
    write(tmp_path, HEAD + 'include = ["b.toml"]\n', "a.toml")
    write(tmp_path, HEAD + 'include = ["a.toml"]\n', "b.toml")
    with pytest.raises(PackError, match="绕回"):
        load_pack(tmp_path / "a.toml")


def test_two_packs_become_one_with_all_versions(tmp_path: Path) -> None:
    own = write(tmp_path, HEAD + RULE.replace("校务公开", "主题党日"))
    both = load_packs(["national", own])
    assert [each.pack for each in both.requirements if each.key == "主题党日"] == ["national", "我校"]
    law = {each.key: each.pack for each in both.list_in_force(date(2026, 10, 1))}
    assert (law["主题党日"], law["组织生活会"]) == ("我校", "national")
    assert {each.key: each.pack for each in both.list_in_force(date(2026, 8, 31))}["主题党日"] == "national"


def test_a_day_for_adopting_must_be_a_date() -> None:
    with pytest.raises(PackError, match="jinfeng@2026-09-01"):
        load_pack("jinfeng@今年")
