"""What the real program writes while people use it and things fail: never the token, never a name."""

import logging
import sys
from pathlib import Path

from bot.app.logs import PrivateFormatter
from tests.chat.test_real_program import LEADER, MEMBER, SECRETARY, TOKEN, Operator, ended, operator

__all__ = ["operator"]
NAMES = ("示例甲", "示例乙", "示例丙", "李四维")
STRANGER = 504
SECRET = TOKEN.partition(":")[2]


async def test_no_name_and_no_token_is_ever_written(operator: Operator) -> None:
    operator.environment["QINGLI_LOG__LEVEL"] = "DEBUG"  # which writes all that the others write
    said = [await operator.command("import", "organizations.csv", "people.csv", "--yes")]
    said.append(await operator.command("check"))
    invited = await operator.data("invite", "--all", "--json")
    bot = await operator.run("2026-09-24T08:59:57+08:00")
    telegram = operator.telegram
    for user_id, row in zip((SECRETARY, MEMBER, LEADER), invited, strict=True):
        telegram.say(user_id, user_id, f"/start {row['code']}")
        await operator.hears(user_id, "您已加入")
    telegram.faults.add("sendMessage", chat=STRANGER, status=502)
    telegram.faults.add("getUpdates", status=500, times=1)
    telegram.add_user(STRANGER, "李四维")
    telegram.say(STRANGER, STRANGER, "/start 李四维")
    telegram.push(broken("李四维在家，138开头"))
    telegram.say(SECRETARY, SECRETARY, "昨天主题党日，应到25实到23，示例甲主持，学习《李四维同志》")
    await operator.hears(SECRETARY, "已记录")
    telegram.say(MEMBER, MEMBER, "家长李四维送的月饼能收吗")
    await operator.hears(MEMBER, "由人来答复")
    telegram.send_file(LEADER, LEADER, "李四维.xlsx", b"PK nonsense")
    await operator.hears(LEADER, "只看文字")
    telegram.say(LEADER, LEADER, "9月情况")
    await operator.hears(LEADER, "逾期")
    status, written = await ended(bot)
    assert status == 0
    assert "cannot be handled" in written  # the broken update left its trace
    for name in NAMES:
        assert name not in written
    said.append((status, written, ""))
    for _, out, errors in said:
        assert SECRET not in out + errors
    assert SECRET.encode() not in kept_in(operator.folder.parent)


def kept_in(folder: Path) -> bytes:
    """The content of every file."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def broken(text: str) -> dict[str, object]:
    """An update that the library cannot read, with somebody's name in it."""
    sender = {"id": MEMBER, "is_bot": False, "first_name": text}
    chat = {"id": MEMBER, "type": "private", "first_name": text}
    message = {"message_id": 1, "date": text, "from": sender, "chat": chat, "text": text}
    return {"update_id": 1, "message": message}


def failing(name: str) -> None:
    try:
        raise KeyError(name)
    except KeyError as error:
        raise ValueError(f"{name} with {TOKEN}") from error


def test_a_traceback_tells_where_and_what_kind_but_nothing_that_was_said() -> None:
    name = NAMES[-1]
    try:
        failing(name)
    except ValueError:
        record = logging.LogRecord("bot", logging.ERROR, "x", 1, f"failed {TOKEN}", (), sys.exc_info())
    text = PrivateFormatter([TOKEN]).format(record)
    assert name not in text
    assert TOKEN not in text
    assert "failed ***" in text
    assert text.index("builtins.KeyError") < text.index("builtins.ValueError")
    assert "in failing" in text
