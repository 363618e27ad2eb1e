"""The program as an operator runs it: commands and processes against the local Telegram over HTTP."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.telegram.server import FaultyTelegram, serve

TOKEN = "4711:real-program"  # noqa: S105
QINGLI = Path(sys.executable).with_name("qingli")
SECRETARY, MEMBER, LEADER = 501, 502, 503
ORGANIZATIONS = """名称,类型,上级,别名,督导组,支委会,启用日期
示例学校党委,党委,,,,有,2026-09-01
一支部,支部,示例学校党委,一支,,有,2026-09-01
二支部,支部,示例学校党委,二支,,无,2026-09-01
"""
PEOPLE = """姓名,角色,组织
示例甲,书记,一支部
示例乙,党员,一支部、二支部
示例丙,领导,示例学校党委
"""


class Operator:
    """Runs commands and the bot in a folder with a space in its name."""

    def __init__(self, folder: Path, telegram: FaultyTelegram, root: str, database: str) -> None:
        self.folder, self.telegram = folder, telegram
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("QINGLI_")},
            "QINGLI_TELEGRAM__TOKEN": TOKEN,
            "QINGLI_TELEGRAM__BASE_URL": f"{root}/",
            "QINGLI_DATABASE__URL": database,
        }

    async def command(self, *words: str) -> tuple[int, str, str]:
        """One command to its end: exit status, what it printed, and its errors."""
        process = await self._start(*words)
        out, errors = await asyncio.wait_for(process.communicate(), 30)
        return process.returncode or 0, out.decode(), errors.decode()

    async def data(self, *words: str) -> Any:
        """What a command prints as JSON."""
        status, out, errors = await self.command(*words)
        assert status == 0, errors
        return json.loads(out)

    async def run(self, as_of: str) -> asyncio.subprocess.Process:
        """The bot, once it listens."""
        self.telegram.updates.holding.clear()
        process = await self._start("run", "--as-of", as_of)
        await asyncio.wait_for(self.telegram.updates.holding.wait(), 20)
        return process

    async def hears(self, chat_id: int, words: str, count: int = 1) -> list[str]:
        """The texts of the bot in a chat, as soon as `count` of them hold the words."""
        version = 0
        async with asyncio.timeout(20):
            while True:
                texts = [m["text"] for m in self.telegram.history(chat_id) if m["from"]["is_bot"]]
                if sum(words in text for text in texts) >= count:
                    return texts
                version = await self.telegram.wait_change(version, 1.0)

    async def _start(self, *words: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            str(QINGLI),
            *words,
            cwd=self.folder,
            env=self.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )


async def ended(process: asyncio.subprocess.Process) -> tuple[int, str]:
    """Stop the bot as a service manager would; its exit status and what it wrote."""
    process.send_signal(signal.SIGTERM)
    out, errors = await asyncio.wait_for(process.communicate(), 20)
    return process.returncode or 0, out.decode() + errors.decode()


@pytest.fixture
async def operator(tmp_path: Path, address: str) -> AsyncIterator[Operator]:
    folder = tmp_path / "a folder with spaces"
    folder.mkdir()
    (folder / "organizations.csv").write_text(ORGANIZATIONS, encoding="utf-8")
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    telegram = FaultyTelegram(TOKEN)
    for user_id in (SECRETARY, MEMBER, LEADER):
        telegram.add_user(user_id, f"人{user_id}")
    async with serve(telegram) as root:
        yield Operator(folder, telegram, root, address)


async def test_from_an_empty_folder_to_a_reminder_a_record_and_the_status(operator: Operator) -> None:
    files = ("--organizations", "organizations.csv", "--people", "people.csv")
    assert (await operator.command("import", *files, "--yes"))[0] == 0
    invited = await operator.data("invite", "--all", "--json")
    assert [(row["name"], row["role"], row["organization"]) for row in invited] == [
        ("示例甲", "书记", "一支部"),
        ("示例乙", "党员", "一支部、二支部"),
        ("示例丙", "领导", "示例学校党委"),
    ]

    bot = await operator.run("2026-09-24T08:59:57+08:00")
    for user_id, row in zip((SECRETARY, MEMBER, LEADER), invited, strict=True):
        operator.telegram.say(user_id, user_id, f"/start {row['code']}")
        await operator.hears(user_id, "您已加入")
    for user_id in (SECRETARY, MEMBER, LEADER):
        texts = await operator.hears(user_id, "中秋思“正”")
        assert sum("中秋" in text for text in texts) == 1
    operator.telegram.say(SECRETARY, SECRETARY, "昨天主题党日，应到25实到23，学习《条例》")
    await operator.hears(SECRETARY, "已记录 一支部 · 主题党日 · 9月23日（周三）")
    operator.telegram.say(LEADER, LEADER, "9月情况")
    assert "二支部：主题党日（9月5日）" in (await operator.hears(LEADER, "逾期"))[-1]
    status, written = await ended(bot)
    assert status == 0, written
    assert TOKEN not in written

    records = await operator.data("records", "--json")
    assert [
        (row["organization"], row["requirement"], row["period"], row["held_on"], row["revision"])
        for row in records
    ] == [("一支部", "主题党日", "2026-09", "2026-09-23", 1)]
    assert records[0]["reported_at"].startswith("2026-09-24T0")
    data = await operator.data("status", "--json", "--as-of", "2026-09-24T12:00:00+08:00")
    states = {(row["organization"], row["requirement"]): row["state"] for row in data["occurrences"]}
    assert states["一支部", "主题党日"] == "done_late"
    assert states["二支部", "主题党日"] == "overdue"
    assert ("二支部", "支部委员会") not in states

    again = await operator.run("2026-09-24T09:05:00+08:00")
    operator.telegram.say(MEMBER, MEMBER, "状态")
    texts = await operator.hears(MEMBER, "情况 · ")
    assert sum("中秋思“正”" in text for text in texts) == 1
    assert (await ended(again))[0] == 0


async def test_wrong_settings_end_a_command_with_a_line_each(tmp_path: Path) -> None:
    operator = Operator(tmp_path, FaultyTelegram(TOKEN), "http://127.0.0.1:9", f"sqlite:///{tmp_path}/x.db")
    wrong = {
        "QINGLI_TELEGRAM__TOKN": "x",
        "QINGLI_DATABASE__URL": "mysql://x",
        "QINGLI_CALENDAR__TIMEZONE": "Asia/Nowhere",
        "QINGLI_REMINDERS__MEMBERS_AT": "25:00",
    }
    operator.environment |= wrong
    for command in ("run", "status"):
        status, out, errors = await operator.command(command)
        assert (status, out) == (2, "")
        lines = errors.splitlines()
        assert len(lines) == len(wrong)
        assert all(any(line.startswith(name) for line in lines) for name in wrong)


async def test_running_without_a_token_says_where_it_comes_from(tmp_path: Path) -> None:
    operator = Operator(tmp_path, FaultyTelegram(TOKEN), "http://127.0.0.1:9", f"sqlite:///{tmp_path}/x.db")
    del operator.environment["QINGLI_TELEGRAM__TOKEN"]
    status, _, errors = await operator.command("run")
    assert status == 2
    assert "QINGLI_TELEGRAM__TOKEN" in errors


async def test_check_says_of_each_part_that_it_is_well(operator: Operator) -> None:
    status, out, _ = await operator.command("check")
    assert status == 0
    assert [line.partition("：")[0] for line in out.splitlines()] == [
        "设置",
        "数据库",
        "令牌",
        "时区",
        "规则包",
        "放假安排",
    ]


async def test_check_names_what_is_wrong_in_one_line_each(tmp_path: Path) -> None:
    async with serve(FaultyTelegram("4711:another")) as root:
        operator = Operator(tmp_path, FaultyTelegram(TOKEN), root, "postgresql://nobody@127.0.0.1:9/none")
        status, out, errors = await operator.command("check")
    assert status == 1
    assert "数据库：用不了" in out
    assert "令牌：服务器不认" in out
    assert "Traceback" not in out + errors
