"""The settings: what the example says, which source wins, and how mistakes are told."""

import os
import re
import tomllib
from datetime import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings.errors import SettingsError, check_requirements
from bot.settings.load import Settings, list_keys, load_settings

EXAMPLE = Path(__file__).parents[3] / "config.example.toml"
TOKEN = ":".join(("7123456789", "AAF0-not-a-real-token_0123456789abc"))


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.upper().startswith("QINGLI_"):
            monkeypatch.delenv(name)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def wrong(path: Path | None, text: str | bytes = "") -> list[str]:
    """The lines of the error for a settings file of this text."""
    if path is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    assert str(caught.value) == "\n".join(caught.value.lines)
    return list(caught.value.lines)


def uncommented(text: str) -> str:
    """The example with the settings that are empty by default written out."""
    return re.sub(r"^# (\w+ = |\[)", r"\1", text, flags=re.MULTILINE)


def test_the_example_is_the_defaults() -> None:
    assert load_settings(EXAMPLE) == load_settings(None)


def test_the_example_names_every_setting_and_no_other() -> None:
    table = tomllib.loads(uncommented(EXAMPLE.read_text("utf-8")))
    written = {
        f"{section}.{name}"
        for section, inside in table.items()
        if section != "requirements"
        for name in inside
    }
    written |= {f"requirements.*.{name}" for inside in table["requirements"].values() for name in inside}
    assert written == set(list_keys())


def test_the_example_loads_with_its_examples(file: Path) -> None:
    file.write_text(uncommented(EXAMPLE.read_text("utf-8")), "utf-8")
    settings = load_settings(file)
    assert settings.requirements["主题党日"].due == "第一个周五"
    assert settings.organization.sender == "示范学校党委"


def test_every_setting_says_what_it_is_for() -> None:
    assert [key for key, field in list_keys().items() if not field.description] == []


def test_a_variable_wins_over_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('[telegram]\nbase_url = "http://file"\n[reminders]\nmembers_at = "10:00"\n', "utf-8")
    monkeypatch.setenv("QINGLI_TELEGRAM__BASE_URL", "http://variable")
    monkeypatch.setenv("QINGLI_TELEGRAM__TOKEN", TOKEN)
    settings = load_settings(file)
    assert settings.telegram.base_url == "http://variable"
    assert settings.telegram.token is not None
    assert settings.telegram.token.get_secret_value() == TOKEN
    assert settings.reminders.members_at == time(10)


@pytest.mark.parametrize(
    ("variable", "value", "read"),
    [
        ("QINGLI_DATABASE__URL", "postgresql://me:pw@host/name", "postgresql://me:pw@host/name"),
        ("QINGLI_DATABASE__URL", "postgres://me@host/name", "postgresql://me@host/name"),
        ("QINGLI_CALENDAR__PACKS", "national,school", ("national", "school")),
        ("QINGLI_CALENDAR__PACKS", '["national"]', ("national",)),
        ("QINGLI_CALENDAR__HOLIDAYS_FOLDER", "days off", Path("days off")),
        ("QINGLI_REMINDERS__QUESTIONS_AT", "8：05", time(8, 5)),
        ("QINGLI_REMINDERS__SECRETARIES_DAYS_BEFORE", "5", 5),
        ("QINGLI_LOG__LEVEL", "debug", "DEBUG"),
        ("qingli_demo__port", "9000", 9000),
        ("QINGLI_TELEGRAM__TOKEN", "", None),
    ],
)
def test_every_kind_of_setting_can_be_a_variable(
    variable: str, value: str, read: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    _, section, name = variable.lower().replace("qingli_", "qingli__", 1).split("__")
    assert getattr(getattr(load_settings(None), section), name) == read


@pytest.mark.parametrize("written", ["my_bot", "@my_bot", " https://t.me/my_bot "])
def test_the_bots_name_may_be_written_as_people_do(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGLI_TELEGRAM__USERNAME", written)
    assert load_settings(None).telegram.username == "my_bot"


def test_a_requirement_can_be_set_by_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGLI_REQUIREMENTS__主题党日__DUE", "第二个周五")
    monkeypatch.setenv("QINGLI_REQUIREMENTS__主题党日__ENABLED", "false")
    found = load_settings(None).requirements["主题党日"]
    assert (found.due, found.lead_days, found.enabled) == ("第二个周五", None, False)


@pytest.mark.parametrize(("begin", "end"), [("", ""), ("", "/"), ("", "/bot"), (" ", "/bot/ "), ("", "//")])
def test_the_servers_root_is_the_same_however_it_ends(
    begin: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QINGLI_TELEGRAM__BASE_URL", f"{begin}http://127.0.0.1:8081{end}")
    assert load_settings(None).telegram.base_url == "http://127.0.0.1:8081"


@pytest.mark.parametrize(
    ("text", "begin", "fix"),
    [
        ('[telegram]\nusername = "机器人"', 'telegram.username = "机器人"：', '"my_school_bot"'),
        ("[demo]\nport = 99999", "demo.port = 99999：", "不能大于 65535"),
        ('[demo]\nport = "8088"', 'demo.port = "8088"：', "请写整数"),
        ("[demo]\nport = true", "demo.port = true：", "请写整数"),
        ("[demo]\nport = 1.5", "demo.port = 1.5：", "请写整数"),
        ('[demo]\nprot = 1', "demo.prot = 1：", "是不是 demo.port？"),
        ('[log]\nlevel = "loud"', 'log.level = "loud"：', '只能是 "DEBUG"、"INFO"、"WARNING"、"ERROR"'),
        ('[reminders]\nmembers_at = "9点"', 'reminders.members_at = "9点"：', '例如 "09:00"'),
        ('[reminders]\nmembers_at = "24:00"', 'reminders.members_at = "24:00"：', '例如 "09:00"'),
        ("[reminders]\nmembers_at = 9", "reminders.members_at = 9：", '例如 "09:00"'),
        ('[reminders]\nmembers_at = "21:00"', 'reminders.joiners_until = "20:00"：', "要晚于"),
        ('[calendar]\ntimezone = "Asia/Beijing"', 'calendar.timezone = "Asia/Beijing"：', "没有这个时区"),
        ('[calendar]\ntimezone = "../zone"', 'calendar.timezone = "../zone"：', "没有这个时区"),
        ('[calendar]\npacks = "national"', 'calendar.packs = "national"：', '["national"]'),
        ("[calendar]\npacks = []", "calendar.packs = []：", "至少写一项"),
        ("[calendar]\npacks = [1]", "calendar.packs 第 1 项 = 1：", "引号"),
        ("[calendar]\nholidays_folder = 1", "calendar.holidays_folder = 1：", "文件夹"),
        ('[telegram]\nbase_url = "telegram.org"', 'telegram.base_url = "telegram.org"：', "根地址"),
        ('[database]\nurl = "qingli.db"', 'database.url = "qingli.db"：', '"sqlite:///文件名"'),
        ('[database]\nurl = "sqlite://"', 'database.url = "sqlite://"：', '"sqlite:///文件名"'),
        ('[database]\nurl = "mysql://me:pw@host/a"', 'database.url = "mysql://me:***@host/a"：', '"sqlite'),
        ('[requirements."党课"]\ndue = "某天"', 'requirements."党课".due = "某天"：', "第一个周五"),
        ('[requirements."党课"]\ndeu = "5日"', 'requirements."党课".deu = "5日"：', '."党课".due？'),
        ('[requirements."党课"]\nenabled = "no"', 'requirements."党课".enabled = "no"：', "true 或 false"),
        ('[organization]\nsender = ""', 'organization.sender = ""：', "不能空着"),
        ('[databse]\nurl = "x"', "[databse]：", "是不是 [database]？"),
        ("[something]\na = 1", "[something]：", "可以写的有 telegram、database"),
        ("demo = 8088", "demo：", "请写成 [demo]"),
        ("port = 8088", "port = 8088：", "是不是 web.port？"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_with_key_value_and_fix(file: Path, text: str, begin: str, fix: str) -> None:
    [line] = wrong(file, text)
    assert line.startswith(begin)
    assert fix in line


def test_a_requirement_that_no_pack_has_is_named_with_the_nearest_one() -> None:
    check_requirements(["党课"], ["党课", "主题党日"])
    with pytest.raises(SettingsError) as caught:
        check_requirements(["主题党曰", "读书会"], ["党课", "主题党日"])
    assert caught.value.lines == (
        'requirements."主题党曰"：所用的规则包里没有这一项；是不是“主题党日”？',
        'requirements."读书会"：所用的规则包里没有这一项；可以写的有 党课、主题党日',
    )


def test_every_mistake_has_its_own_line(file: Path) -> None:
    lines = wrong(file, '[demo]\nport = 0\n[privacy]\nkeep_messages_days = "x"\n[log]\nlvl = "INFO"\n')
    assert [line.partition(" =")[0] for line in lines] == [
        "log.lvl",
        "privacy.keep_messages_days",
        "demo.port",
    ]


def test_a_wrong_variable_is_called_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGLI_DEMO__PORT", "many")
    assert wrong(None) == ['QINGLI_DEMO__PORT = "many"：请写整数（默认 8088）']


@pytest.mark.parametrize(
    ("variable", "line"),
    [
        ("QINGLI_DEMO__PROT", 'QINGLI_DEMO__PROT = "1"：没有这项设置；是不是 QINGLI_DEMO__PORT？'),
        ("QINGLI_DEMO_PORT", 'QINGLI_DEMO_PORT = "1"：没有这项设置；是不是 QINGLI_DEMO__PORT？'),
        ("QINGLI_DATABASE_URL", 'QINGLI_DATABASE_URL = "1"：没有这项设置；是不是 QINGLI_DATABASE__URL？'),
        ("QINGLI_XYZ", 'QINGLI_XYZ = "1"：没有这项设置；全部设置见 config.example.toml'),
        ("QINGLI_DEMO", "QINGLI_DEMO：这是一节设置，不能整节给；请逐项给，例如 QINGLI_DEMO__PORT"),
    ],
)
def test_an_unknown_variable_is_named_with_the_nearest_one(
    variable: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "1")
    assert wrong(None) == [line]


@pytest.mark.parametrize(
    "text",
    [
        f'[telegram]\ntoken = "{TOKEN} "\nport = 1',
        f'[telegram]\ntoken = "{TOKEN} x"',
        f'[telegram]\ntokn = "{TOKEN}"',
        f'token = "{TOKEN}"',
        f'[telegram]\nbase_url = "https://api.telegram.org/bot{TOKEN}"',
        f'telegram = "{TOKEN}"',
        f'[demo]\nport = "{TOKEN}"',
        f"[telegram]\ntoken = {TOKEN}",
        f"[telegram]\ntoken = “{TOKEN}”",
    ],
)
def test_no_message_ever_shows_the_token(file: Path, text: str) -> None:
    told = "\n".join(wrong(file, text))
    assert TOKEN.partition(":")[2] not in told


def test_no_message_shows_a_token_from_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QINGLI_TOKEN", "QINGLI_TELEGRAM", "QINGLI_TELEGRAM__TOKN"):
        monkeypatch.setenv(name, TOKEN)
    monkeypatch.setenv("QINGLI_TELEGRAM__TOKEN", f"{TOKEN}/x")
    lines = wrong(None)
    assert len(lines) == 4
    assert TOKEN.partition(":")[2] not in "\n".join(lines)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    assert str(caught.value).startswith(f"找不到设置文件 {path}；")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[demo]\nport = 8088\n[log]\nlevel = “INFO”\n", " 第 4 行（level …）：写法不合 TOML；"),
        ("[demo\nport = 8088\n", " 第 1 行（[demo …）：写法不合 TOML；"),
        ("[demo]\nport = 1\nport = 2\n", " 第 3 行（port …）：这一项或这一节写了两次；"),
        ("[demo]\nport = ", " 第 2 行（port …）：写法不合 TOML；"),
        ("[demo]\n主题 = 1", " 第 2 行（主题 …）：写法不合 TOML；"),
        ("设置".encode("gbk"), " 不是 UTF-8 编码；"),
    ],
)
def test_what_is_no_toml_is_named_with_its_line(file: Path, text: str | bytes, line: str) -> None:
    assert wrong(file, text)[0].startswith(f"设置文件 {file}{line}")


def test_a_byte_order_mark_does_no_harm(file: Path) -> None:
    file.write_text("[demo]\nport = 9000\n", "utf-8-sig")
    assert load_settings(file).demo.port == 9000


def test_settings_cannot_be_changed_later() -> None:
    settings: Settings = load_settings(None)
    with pytest.raises(ValidationError, match="frozen"):
        settings.demo.port = 1  # type: ignore[misc]
