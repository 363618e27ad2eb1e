"""Texts about roster files, joining codes, phones, groups and the history. PURE."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from models.rules.output.zh_text import escape
from models.rules.roster.sheets import TOO_LARGE

LONGEST = 3_600  # characters of a list; leaves room for the text around it in one message


FILE_TOO_LARGE = TOO_LARGE
"""The file is larger than a roster may be."""


FILE_NOT_FETCHED = "文件没有取到，请再发一次。"
"""The file could not be fetched from the network."""


def format_import_plan(told: str, *, asks: bool) -> str:
    """What a roster file would change."""
    head = "名册文件收到，还没有写入。请核对：\n" if asks else "名册文件收到，没有写入。\n"
    return head + _cut_lines(escape(told))


def format_imported(told: str) -> str:
    """What a roster file has changed."""
    return "已导入名册。\n" + _cut_lines(escape(told))


NOT_IMPORTED = "好的，没有导入，文件已删去。"
"""The admin declined the import."""


class Code(Protocol):
    """The joining code of one person."""

    @property
    def name(self) -> str:
        """The person's name."""

    @property
    def code(self) -> str:
        """The code."""


def format_link(bot: str, code: str) -> str:
    """The link that opens the bot's chat with the code filled in."""
    return f"https://t.me/{bot}?start={code}"


def format_too_many_codes(until: datetime) -> str:
    """Too many wrong codes from one chat."""
    return f"试得太多了，请{_format_clock(until)}以后再试。也可以先向支部书记要一个新的加入码，到时发来。"


def format_no_more_until(until: datetime) -> str:
    """The last answer to a stranger within the hour."""
    return f"已经答复多次，{_format_clock(until)}以前不再答复。急事请直接找支部书记。"


def _format_clock(until: datetime) -> str:
    """The first full minute after a moment."""
    return f"{until + timedelta(seconds=59, microseconds=999_999):%H:%M}"


HOW_TO_CHANGE_PHONE = "换了新号，请写明支部和姓名，例如：换手机 理科支部 张三。书记同意后，消息就发到这里。"
"""How to ask for a new phone."""


CHAT_ALREADY_JOINED = "这个号已经能收消息。要换到别的号，请在那个号里发：换手机 支部 姓名"
"""换手机 from a chat that belongs to a person already."""


def format_passed_on(number: str) -> str:
    """The answer to 换手机, whether the person exists or not."""
    return (
        f"如果名册里有您，已转告支部书记。书记会向您核对，核对号是 {number}。"
        "没有回音，请直接找书记要一个加入码。"
    )


def format_new_chat_question(name: str, places: str, number: str) -> str:
    """The question to the secretary, who has to verify the person by phone."""
    return (
        f"有人说自己是{escape(name)}（{escape(places)}），换了新号。"
        f"请先打电话向本人核对：对方应说得出核对号 {number}。同意后，旧号不再收到消息。"
    )


def format_approved(name: str) -> str:
    """The new chat was approved."""
    return f"已同意，{escape(name)}的消息今后发到新号。"


def format_not_approved(name: str) -> str:
    """The new chat was refused."""
    return f"没有同意，{escape(name)}的号不变。"


CHAT_OF_ANOTHER_PERSON = "那个号已经是另一个人的了，没有改动。"
"""The new chat belongs to another person."""


MOVED_TO_NEW_CHAT = "您的消息已改发到新号，这里不再发。如果不是您本人换的，请马上告诉支部书记。"
"""The message to the old chat after a move."""


INVITE_NOT_ALLOWED = "加入码由支部书记来发。"
"""The speaker may not give joining codes."""


def format_unknown_person(name: str) -> str:
    """No person of that name in the speaker's scope."""
    return f"您的支部名册里没有“{escape(name)}”。"


def format_codes(found: Sequence[Code], more: int, bot: str) -> str:
    """The code and link of each person, and how many more have not joined."""
    if not found:
        return "您的支部都已加入。"
    lines = ["每人一个加入码，只发给本人，用一次就失效："]
    for row in found:
        way = format_link(bot, row.code) if bot else f"/start {row.code}"
        lines.append(f"{escape(row.name)}：{escape(way)}")
    if more:
        lines.append(f"还有 {more} 人，用：邀请 姓名")
    return "\n".join(lines)


HISTORY_NOT_ALLOWED = "变更记录由书记、干事和领导查看。"
"""The speaker may not see the history."""


def format_no_history(name: str) -> str:
    """The organization does not exist or is outside the speaker's scope."""
    return f"您看不到{escape(name)}的变更记录。"


ASK_THE_CONTACT = "这个问题要由人来答复，我只管提醒和登记，请找下面的联系人。"
"""A question of substance: the bot names the contact and answers nothing else."""


BIND_IN_GROUP = "请在要绑定的群里发：/bind 支部名称"
"""/bind in a private chat."""


BIND_NOT_ALLOWED = "只有支部书记能把群绑定到自己的支部。请写：/bind 支部名称"
"""Not the secretary of that branch, or no such branch: the same text for both."""


def format_bind_question(organization: str, name: str) -> str:
    """The question in the group before it is bound."""
    return f"把这个群绑定为{escape(organization)}的工作群？请{escape(name)}点按钮确认。"


def format_bound(organization: str) -> str:
    """The group was bound to the branch."""
    return (
        f"这个群已绑定为{escape(organization)}的工作群。"
        "在群里登记请@我或回复我的消息；状态、帮助等只在私聊里回答。"
    )


def format_bound_already(organization: str) -> str:
    """The group is bound to this branch already."""
    return f"这个群已经是{escape(organization)}的工作群。"


NOT_BOUND = "好的，没有绑定。"
"""The secretary declined to bind the group."""


UNBOUND = "已解除绑定。"
"""The group was released."""


def _cut_lines(text: str) -> str:
    """As many whole lines as fit into LONGEST characters."""
    lines: list[str] = []
    for line in text.split("\n"):
        if sum(len(each) + 1 for each in lines) + len(line) > LONGEST:
            return "\n".join([*lines, "……（太长，其余略；全部请用 qingli import 看）"])
        lines.append(line)
    return "\n".join(lines)


SENT_AGAIN = "好，马上再发一次，会注明可能重复。"
"""An uncertain delivery is sent again."""


NOT_SENT_AGAIN = "好，不再发。"
"""An uncertain delivery is not sent again."""


ALREADY_DECIDED = "这条已经处理过了。"
"""Another admin decided first, or the delivery was sent."""
