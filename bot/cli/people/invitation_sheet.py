"""The printable sheet of joining codes: a page for each branch, a slip with a QR code each."""

from collections.abc import Iterable
from datetime import date
from html import escape

import segno

from handlers.people.texts import format_link
from models.register.invitations import IssuedInvitation

STYLE = """
body { font-family: "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif; margin: 0; }
section { break-after: page; padding: 8mm; }
h1 { font-size: 14pt; margin: 0 0 2mm; }
p { font-size: 9pt; margin: 0 0 4mm; }
div { display: grid; grid-template-columns: 1fr 1fr; gap: 4mm; }
article { border: 1px dashed #888; padding: 4mm; display: flex; gap: 4mm; break-inside: avoid; }
article svg { width: 32mm; height: 32mm; flex: none; }
b { font-size: 13pt; display: block; }
span { font-size: 9pt; display: block; margin-top: 1.5mm; }
code { font-size: 12pt; letter-spacing: 1px; }
"""


def format_sheet(found: Iterable[IssuedInvitation], *, bot: str, sender: str, until: date) -> str:
    """Return a self-contained HTML page; without the bot's name it has codes but no QR codes.

    Each person has one slip, under the first of their organizations.
    """
    branches: dict[str, list[str]] = {}
    for row in found:
        branches.setdefault(row.organization.split("、")[0], []).append(_format_slip(row, bot))
    how = _format_instructions(sender, until)
    pages = [
        f"<section><h1>{escape(branch)} · 加入码</h1>\n{how}\n<div>{''.join(slips)}</div></section>"
        for branch, slips in branches.items()
    ]
    title = f"<title>{escape(sender or '清历')} 加入码</title>"
    head = f'<head><meta charset="utf-8">{title}<style>{STYLE}</style></head>'
    return "\n".join(['<!doctype html>\n<html lang="zh-CN">', head, "<body>", *pages, "</body></html>\n"])


def _format_instructions(sender: str, until: date) -> str:
    who = f"{escape(sender)}。" if sender else ""
    return (
        f"<p>{who}沿虚线裁开，只交给本人；每码用一次就失效，{until.month}月{until.day}日前有效。"
        "不想再收消息，发“退出”。</p>"
    )


def _format_slip(row: IssuedInvitation, bot: str) -> str:
    address = format_link(bot, row.code)
    picture = segno.make(address, error="m").svg_inline(border=2, omitsize=True) if bot else ""
    how = f"扫码打开与 @{escape(bot)} 的对话，点“开始”；或发送" if bot else "打开与机器人的对话，发送"
    return (
        f"<article>{picture}<aside><b>{escape(row.name)}</b>"
        f"<span>{escape(row.organization)} · {escape(row.role)}</span>"
        f"<span>{how}</span><span><code>/start {escape(row.code)}</code></span></aside></article>"
    )
