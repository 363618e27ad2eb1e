"""The commands: a word with a slash, or the plain Chinese word that stands beside it. PURE."""

import re

COMMAND = re.compile(r"/([a-z_]+)(?:@\w+)?(?:\s+(.*))?", re.DOTALL | re.IGNORECASE)
PLAIN = {
    "退出": "leave",
    "退订": "leave",
    "帮助": "help",
    "状态": "status",
    "日历": "calendar",
    "预览": "preview",
    "网页": "page",
    "订阅": "subscribe",
    "订阅日历": "subscribe",
    "撤回": "withdraw",
    "邀请": "invite",
    "加入码": "invite",
    "变更记录": "history",
    "历史": "history",
    "绑定": "bind",
    "解绑": "unbind",
    "封账": "close",
    "催办": "urge",
    "已阅": "receipts",
}
# Only what can mean nothing else: 不要发了 under a preview is about what it shows.
LEAVING = re.compile(
    r"(?:请|我)?(?:不要|别|不想|不用)(?:再(?:给我)?(?:发|收到?|接收)(?:消息|提醒|信息)?"
    r"|(?:给我)?(?:发|收到?|接收)(?:消息|提醒|信息))了?|停止(?:发|接收)?(?:消息|提醒)"
)
WITH_NAME = re.compile(r"(邀请|加入码|绑定|变更记录|历史|日历|预览|订阅|网页)\s+(\S{1,20})")
WITH_MORE = re.compile(r"(封账|催办)\s*([^\s，。,.!！?？]{1,20})")
TELLING = re.compile(r"通知\s*([^：:\n]{1,30}[：:].+)", re.DOTALL)


def command_in(text: str) -> tuple[str | None, str]:
    """The command and the words after it: `/status 2026Q3`, 封账11月; None for anything else."""
    message = text.strip()
    bare = message.rstrip("。.！!")
    plain = "leave" if LEAVING.fullmatch(bare) else PLAIN.get(bare)
    if plain is not None:
        return plain, ""
    if (named := WITH_NAME.fullmatch(message) or WITH_MORE.fullmatch(message)) is not None:
        return PLAIN[named[1]], named[2]
    if (telling := TELLING.fullmatch(message)) is not None:
        return "broadcast", telling[1]
    found = COMMAND.fullmatch(message)
    return (found[1].lower(), (found[2] or "").strip()) if found else (None, "")
