"""Texts about the approval of reminder texts. PURE."""

from collections.abc import Sequence
from datetime import datetime

from models.rules.output.templates import PLACEHOLDERS
from models.rules.output.zh_text import escape, format_full_day

SHORTEST = 8
CHANGE_OF_MIND_ABOVE = "想法变了，发出之前还可以在各条下面点“修改”或“不发”。"
CHANGE_OF_MIND = "想法变了，发出之前还可以再点下面的按钮。"


def format_approved(festival: str, goes_at: datetime, seen: str) -> str:
    """A text was approved; with the message as it will be sent."""
    return f"已同意。{_format_text(festival, goes_at)}照这样发：\n{_quote(seen)}\n{CHANGE_OF_MIND}"


def format_undecided(others: Sequence[tuple[str, datetime]]) -> str:
    """Under an approval: the texts that are still undecided."""
    return f"还等您审定：{_format_texts(others)}。"


def format_rest_button(count: int) -> str:
    """The label of the button that approves all other texts."""
    return f"其余{count}条也同意"


def format_rest_approved(others: Sequence[tuple[str, datetime]]) -> str:
    """All waiting texts were approved."""
    return f"都已同意，照您看过的样子发：{_format_texts(others)}。{CHANGE_OF_MIND_ABOVE}"


def format_stopped(festival: str, goes_at: datetime) -> str:
    """A text was stopped."""
    return f"好的，{_format_text(festival, goes_at)}不发了。{CHANGE_OF_MIND}"


def format_how_to_change(festival: str, text: str) -> str:
    """How to change a text: the reply to this message is the new text."""
    names = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    return (
        f"请回复这条消息，写上{escape(festival)}提醒的新文字，只写正文，题目和落款会自动加上。"
        f"可以用 {names}，发出时填上。现在的文字：\n{_quote(escape(text))}"
    )


def format_changed(festival: str, goes_at: datetime, seen: str) -> str:
    """A text was changed; with the message as it will be sent, for approval."""
    return f"已改好，请再看一遍。{_format_text(festival, goes_at)}是这样：\n{_quote(seen)}\n可以就点“同意”。"


def format_not_changed(mistakes: Sequence[str]) -> str:
    """The new text has these mistakes."""
    return f"没有改：{escape('；'.join(mistakes))}。请再回复这条消息。"


TOO_SHORT = f"没有改：正文至少{SHORTEST}个字。请再回复这条消息，写上完整的新文字。"
"""The new text is too short."""


def format_too_late(festival: str) -> str:
    """The time to send the text is over."""
    return f"{escape(festival)}提醒的发送时间已过，没有改动。"


def _format_texts(others: Sequence[tuple[str, datetime]]) -> str:
    return "、".join(_format_text(festival, goes_at) for festival, goes_at in others)


def _format_text(festival: str, goes_at: datetime) -> str:
    return f"{escape(festival)}提醒（{format_full_day(goes_at.date())} {goes_at:%H:%M}）"


def _quote(text: str) -> str:
    return f"<blockquote>{text}</blockquote>"
