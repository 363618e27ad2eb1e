"""What the check says of packs and days off."""

from datetime import date
from pathlib import Path

import pytest

from bot.cli.calendar.rule_checks import check_rules
from bot.settings.load import load_settings

PACK = """title = "我校"
valid_from = 2026-01-01

[[requirement]]
name = "早读检查"
who = ["支部"]
every = "每周"
due = "第八个周五"
"""


def lines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, today: date, packs: str) -> tuple[list[str], bool]:
    monkeypatch.setenv("QINGLI_DATABASE__URL", f"sqlite:///{tmp_path / 'none.db'}")
    monkeypatch.setenv("QINGLI_CALENDAR__PACKS", packs)
    return check_rules(load_settings(None), today)


def test_a_wrong_line_of_a_pack_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(PACK, "utf-8")
    found, good = lines(monkeypatch, tmp_path, date(2026, 9, 1), f"national,{file}")
    assert not good
    assert found[0].startswith(f"规则包：{file} 第8行：due 的值不对：")
    assert found[1] == "放假安排：有 2024—2026 年"


TEXT = """
[[observance]]
name = "校庆"
when = "5月20日"
theme = "校庆从简"
texts = ["{festival}从简。"]
years = { 2026 = "TEXT" }
"""


@pytest.mark.parametrize(("text", "said"), [("{unknown}", "{festival}"), ("长" * 4097, "4097")])
def test_a_wrong_text_is_named_with_its_file_and_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(PACK.replace('due = "第八个周五"', "") + TEXT.replace("TEXT", text), "utf-8")
    found, good = lines(monkeypatch, tmp_path, date(2026, 9, 1), str(file))
    assert not good
    assert found[0].startswith(f"规则包：{file} 第15行：years 里 2026 的值不对：")
    assert said in found[0]


def test_a_long_text_is_pointed_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text((PACK + TEXT.replace("TEXT", "长" * 121)).replace('due = "第八个周五"\n', ""), "utf-8")
    found, good = lines(monkeypatch, tmp_path, date(2026, 9, 1), str(file))
    assert good
    assert "规则包：校庆 的提醒文字超过120个字，短一点大家才会看完" in found


def test_a_plan_that_has_ended_says_how_to_go_on_with_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found, good = lines(monkeypatch, tmp_path, date(2026, 9, 1), "jinfeng")
    assert good
    assert found[1].endswith("只到 2022-12-31，此后没有应办事项；要沿用就写 jinfeng@2026-01-01")
    found, good = lines(monkeypatch, tmp_path, date(2026, 9, 1), "jinfeng@2026-01-01")
    assert (len(found), good) == (2, True)


def test_from_november_on_the_next_year_is_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert lines(monkeypatch, tmp_path, date(2026, 10, 31), "national")[0][1] == "放假安排：有 2024—2026 年"
    found, good = lines(monkeypatch, tmp_path, date(2026, 11, 1), "national")
    assert found[1].endswith("2027 年还没有，公布后请运行 qingli holidays add 2027.json")
    assert good


def test_a_wrong_file_of_days_off_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "holidays").mkdir()
    (tmp_path / "holidays" / "2027.json").write_text("{}", "utf-8")
    found, good = lines(monkeypatch, tmp_path, date(2026, 10, 31), "national")
    assert not good
    assert found[0].startswith(f"放假安排：{tmp_path / 'holidays' / '2027.json'}：")
