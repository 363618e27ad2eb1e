"""The routes of the conversations about reports."""

from handlers.core import callback_data
from handlers.core.context import Answers, Request
from handlers.core.routes import (
    DIGITS,
    WORD,
    Act,
    Callback,
    Command,
    HelpLine,
    Offer,
    Routes,
    deliver_in_branch_group,
    deliver_in_private,
)
from handlers.reading.types import Intent, Reading
from handlers.reports import correct, leave, questions, record, replies, reschedule
from models.rules.deliveries import ReplyContext
from models.rules.people.permissions import Action


def _withdraw_by_command(request: Request, _rest: str) -> Answers:
    return correct.withdraw_report(request, replies.find_report(request))


def _withdraw_by_text(request: Request, _reading: Reading, replied: ReplyContext) -> Answers:
    return correct.withdraw_report(request, replies.find_report_in(request, replied))


def _correct_by_text(request: Request, reading: Reading, replied: ReplyContext) -> Answers:
    return correct.correct_report(request, reading, replies.find_report_in(request, replied))


def _ask_for_leave(request: Request, reading: Reading, _replied: ReplyContext) -> Answers:
    return leave.ask_for_leave(request, reading)


def _stay_silent(_request: Request, _reading: Reading, _replied: ReplyContext) -> Answers:
    return []


def _may_report(offer: Offer) -> bool:
    return Action.REPORT in offer.may


ROUTES = Routes(
    commands=(Command("withdraw", _withdraw_by_command, deliver_in_branch_group, words=("撤回",)),),
    callbacks=(
        Callback(
            callback_data.ANSWER, questions.answer_press, (DIGITS, DIGITS, WORD), deliver_in_branch_group
        ),
        Callback(callback_data.FIX, correct.explain_correction, (DIGITS,), deliver_in_branch_group),
        Callback(callback_data.UNDO, correct.withdraw_pressed, (DIGITS,)),
        Callback(callback_data.WAITING, questions.show_oldest_question, (), deliver_in_private),
    ),
    acts=(
        Act((Intent.RECORD,), record.record_report),
        Act((Intent.CORRECT,), _correct_by_text),
        Act((Intent.WITHDRAW,), _withdraw_by_text),
        Act((Intent.RESCHEDULE, Intent.ANNOUNCE), reschedule.move_meeting),
        Act((Intent.LEAVE,), _ask_for_leave, deliver_in_private),
        Act((Intent.ACKNOWLEDGE,), _stay_silent),
    ),
    help_lines=(
        HelpLine(10, "昨天主题党日，应到25实到23（登记；点“改一下”更正）", _may_report),
        HelpLine(20, "主题党日推迟到28号（改期）", _may_report),
        HelpLine(30, "撤回：收回上一条登记", _may_report),
        HelpLine(210, "25号主题党日请假：替您转告书记", lambda offer: Action.BROADCAST not in offer.may),
    ),
    history={
        "record": "登记",
        "revise": "更正",
        "withdraw": "撤回",
        "move": "改期",
        "restore": "恢复",
        "backfill": "补录",
    },
)
