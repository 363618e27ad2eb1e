"""The routes of the conversations of leaders."""

import re

from handlers.core import callback_data
from handlers.core.routes import DIGITS, WORD, Callback, Command, HelpLine, Offer, Rest, Routes
from handlers.leaders import approve_text, broadcast, close_month, nudge, read_receipts, waive_or_move
from models.rules.people.permissions import Action

BROADCAST_PHRASE = re.compile(r"通知\s*([^：:\n]{1,30}[：:].+)", re.DOTALL)


def _may_broadcast(offer: Offer) -> bool:
    return Action.BROADCAST in offer.may


ROUTES = Routes(
    commands=(
        Command(
            "close",
            close_month.ask_close,
            words=("封账",),
            rest=Rest.JOINED,
            menu="领导：封账，把一个月的数字留底",
        ),
        Command(
            "urge", nudge.ask_nudge, words=("催办",), rest=Rest.JOINED, menu="领导：催办逾期的，发出前先看"
        ),
        Command(
            "broadcast",
            broadcast.ask_broadcast,
            phrase=BROADCAST_PHRASE,
            menu="领导：发通知，发出前先看",
            fits=broadcast.is_broadcast,
        ),
        Command("receipts", read_receipts.show_counts, words=("已阅",)),
    ),
    callbacks=(
        Callback(callback_data.APPROVE, approve_text.answer_press, (WORD, WORD)),
        Callback(callback_data.CLOSE, close_month.answer_press, (DIGITS, WORD)),
        Callback(callback_data.URGE, nudge.answer_press, (DIGITS, WORD)),
        Callback(callback_data.URGE_OF, nudge.ask_under_status, (DIGITS, DIGITS)),
        Callback(callback_data.BROADCAST, broadcast.answer_press, (DIGITS, WORD)),
        Callback(callback_data.STOP, broadcast.stop_broadcast, (DIGITS, DIGITS)),
        Callback(callback_data.ALTER, waive_or_move.answer_press, (DIGITS, DIGITS)),
        Callback(callback_data.ALTER_OF, waive_or_move.ask_under_branch, (DIGITS, DIGITS)),
        Callback(callback_data.UNALTER, waive_or_move.undo_change, (DIGITS, DIGITS)),
        Callback(callback_data.READ, read_receipts.record_receipt),
    ),
    help_lines=(
        HelpLine(80, "催办：提醒还没办的，发出前先给您看", _may_broadcast),
        HelpLine(90, "通知第二督导组：明天下午3点开会", _may_broadcast),
        HelpLine(110, "封账11月：把这个月的数字留底", _may_broadcast),
        HelpLine(
            120, "免办或改期：点开支部的情况，下面有这个按钮", lambda offer: Action.APPROVE in offer.may
        ),
        HelpLine(
            130,
            "审定：节日提醒发出前先请您看，点按钮就行",
            lambda offer: Action.APPROVE in offer.may and offer.approval,
        ),
        HelpLine(140, "已阅：最近的提醒有多少人看了", _may_broadcast),
    ),
    history={
        "waive": "免办",
        "text": "提醒文字",
        "close": "封账",
        "urge": "催办",
        "broadcast": "群发通知",
        "stop": "停止群发",
    },
)
