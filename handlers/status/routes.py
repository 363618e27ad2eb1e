"""The routes of the conversations about the status."""

from handlers.core import callback_data
from handlers.core.context import Answers, Request
from handlers.core.routes import (
    DIGITS,
    WORD,
    Act,
    Callback,
    Command,
    HelpLine,
    Rest,
    Routes,
    deliver_in_private,
)
from handlers.reading.types import Intent, Reading
from handlers.status import query, web_link
from models.rules.deliveries import ReplyContext
from models.rules.people.permissions import Action


def _answer_question(request: Request, _reading: Reading, _replied: ReplyContext) -> Answers:
    return query.answer_question(request, request.message.text)


ROUTES = Routes(
    commands=(
        Command("status", query.answer_question, words=("状态",), menu="看情况：缺什么、办了什么"),
        Command("page", web_link.show_page_link, words=("网页",), rest=Rest.NAME),
    ),
    callbacks=(Callback(callback_data.STATUS, query.answer_press, (DIGITS, WORD, DIGITS, DIGITS)),),
    acts=(Act((Intent.QUERY,), _answer_question, deliver_in_private),),
    help_lines=(
        HelpLine(40, "状态：缺什么、办了什么；也可以发：11月情况、逾期"),
        HelpLine(50, "画个图、出台账：做成图片或表格", lambda offer: offer.several),
        HelpLine(60, "网页：在浏览器里看", lambda offer: offer.page),
        HelpLine(
            70, "截至11月5日，11月情况：那天知道的，和后来的变化", lambda offer: Action.BROADCAST in offer.may
        ),
    ),
)
