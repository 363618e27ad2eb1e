"""The words about the register: files, codes, telephones, groups, the history. Values in, text out. PURE."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from models.rules.output.zh_text import escape
from models.rules.roster.sheets import TOO_LARGE

LONGEST = 3_600  # characters of a list, with room for what stands around it in one message


FILE_TOO_LARGE = TOO_LARGE
"""A file that is no register."""


FILE_NOT_FETCHED = "文件没有取到，请再发一次。"
"""The network did not give the file."""


def import_plan(told: str, *, asks: bool) -> str:
    """What an uploaded register would change."""
    head = "名册文件收到，还没有写入。请核对：\n" if asks else "名册文件收到，没有写入。\n"
    return head + _cut(escape(told))


def imported(told: str) -> str:
    """What an uploaded register has changed."""
    return "已导入名册。\n" + _cut(escape(told))


NOT_IMPORTED = "好的，没有导入，文件已删去。"
"""The admin has thought better of it."""


class Code(Protocol):
    """Somebody's joining code."""

    @property
    def name(self) -> str:
        """Whose it is."""

    @property
    def code(self) -> str:
        """The code."""


def link(bot: str, code: str) -> str:
    """What opens the chat with the bot and brings the code with it."""
    return f"https://t.me/{bot}?start={code}"


def too_many_codes(until: datetime) -> str:
    """A chat has tried too often; says nothing about what was tried."""
    return f"试得太多了，请{_clock(until)}以后再试。也可以先向支部书记要一个新的加入码，到时发来。"


def no_more_until(until: datetime) -> str:
    """The last answer that somebody unknown gets for a while."""
    return f"已经答复多次，{_clock(until)}以前不再答复。急事请直接找支部书记。"


def _clock(until: datetime) -> str:
    """The first full minute after a moment."""
    return f"{until + timedelta(seconds=59, microseconds=999_999):%H:%M}"


HOW_TO_CHANGE_PHONE = "换了新号，请写明支部和姓名，例如：换手机 理科支部 张三。书记同意后，消息就发到这里。"
"""How to ask for a new telephone."""


CHAT_ALREADY_JOINED = "这个号已经能收消息。要换到别的号，请在那个号里发：换手机 支部 姓名"
"""换手机 from a chat that is somebody's already."""


def passed_on(number: str) -> str:
    """The same whoever exists."""
    return (
        f"如果名册里有您，已转告支部书记。书记会向您核对，核对号是 {number}。"
        "没有回音，请直接找书记要一个加入码。"
    )


def asks_for_new_chat(name: str, places: str, number: str) -> str:
    """To the secretary, who has to make sure of it."""
    return (
        f"有人说自己是{escape(name)}（{escape(places)}），换了新号。"
        f"请先打电话向本人核对：对方应说得出核对号 {number}。同意后，旧号不再收到消息。"
    )


def approved(name: str) -> str:
    """The secretary has let somebody in."""
    return f"已同意，{escape(name)}的消息今后发到新号。"


def not_approved(name: str) -> str:
    """The secretary has not."""
    return f"没有同意，{escape(name)}的号不变。"


CHAT_OF_ANOTHER_PERSON = "那个号已经是另一个人的了，没有改动。"
"""The new chat belongs to somebody else by now."""


MOVED_TO_NEW_CHAT = "您的消息已改发到新号，这里不再发。如果不是您本人换的，请马上告诉支部书记。"
"""To the old chat."""


INVITE_NOT_ALLOWED = "加入码由支部书记来发。"
"""Only who looks after a branch's people gives codes."""


def nobody_of_yours(name: str) -> str:
    """A name that is not among one's own people, whether it exists elsewhere or not."""
    return f"您的支部名册里没有“{escape(name)}”。"


def codes(found: Sequence[Code], more: int, bot: str) -> str:
    """Each one's code with its link, to be passed on to that person alone."""
    if not found:
        return "您的支部都已加入。"
    lines = ["每人一个加入码，只发给本人，用一次就失效："]
    for row in found:
        way = link(bot, row.code) if bot else f"/start {row.code}"
        lines.append(f"{escape(row.name)}：{escape(way)}")
    if more:
        lines.append(f"还有 {more} 人，用：邀请 姓名")
    return "\n".join(lines)


HISTORY_NOT_ALLOWED = "变更记录由书记、干事和领导查看。"
"""A member has no records to answer for."""


def no_history_of(name: str) -> str:
    """An organization that is not one's own, or none at all."""
    return f"您看不到{escape(name)}的变更记录。"


ASK_THE_CONTACT = "这个问题要由人来答复，我只管提醒和登记，请找下面的联系人。"
"""A question about the matter itself: the bot points to the contact under it, and says nothing else."""


BIND_IN_GROUP = "请在要绑定的群里发：/bind 支部名称"
"""/bind in a private chat."""


BIND_NOT_ALLOWED = "只有支部书记能把群绑定到自己的支部。请写：/bind 支部名称"
"""Not the secretary of that branch, or no such branch: nobody hears which."""


def asks_to_bind(organization: str, name: str) -> str:
    """In the group, to the one who asked."""
    return f"把这个群绑定为{escape(organization)}的工作群？请{escape(name)}点按钮确认。"


def bound(organization: str) -> str:
    """The group belongs to the branch now."""
    return (
        f"这个群已绑定为{escape(organization)}的工作群。"
        "在群里登记请@我或回复我的消息；状态、帮助等只在私聊里回答。"
    )


def bound_already(organization: str) -> str:
    """The same again."""
    return f"这个群已经是{escape(organization)}的工作群。"


NOT_BOUND = "好的，没有绑定。"
"""The secretary thought better of it."""


UNBOUND = "已解除绑定。"
"""The group belongs to nobody."""


def _cut(text: str) -> str:
    """As many whole lines as a message holds."""
    lines: list[str] = []
    for line in text.split("\n"):
        if sum(len(each) + 1 for each in lines) + len(line) > LONGEST:
            return "\n".join([*lines, "……（太长，其余略；全部请用 qingli import 看）"])
        lines.append(line)
    return "\n".join(lines)


SENT_AGAIN = "好，马上再发一次，会注明可能重复。"
"""An admin had an uncertain message sent again."""


NOT_SENT_AGAIN = "好，不再发。"
"""An admin left an uncertain message as it is."""


ALREADY_DECIDED = "这条已经处理过了。"
"""Somebody else was quicker, or it has gone out."""
