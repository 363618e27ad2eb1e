"""The order in which a message is tried: the first rule that applies answers it.

What the rooms answer is declared in their `routes`; here stands only what comes before what.
"""

from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

from sqlalchemy.orm import Session

from handlers.calendar.routes import ROUTES as CALENDAR
from handlers.core.context import Answers, BotContext, Request
from handlers.core.messages import IncomingMessage, OutgoingMessage
from handlers.core.routes import Command, RouteTable
from handlers.core.throttle import limit_patient_answers
from handlers.leaders import approve_text, waive_or_move
from handlers.leaders.routes import ROUTES as LEADERS
from handlers.people import help, import_roster, join, new_phone, texts as people_texts
from handlers.people.routes import ROUTES as PEOPLE
from handlers.reading.questions.off_topic import is_advice_question
from handlers.reading.questions.read import read_question
from handlers.reading.reports.read import read_message
from handlers.reading.types import Intent, Reading
from handlers.reports import record, replies, texts as report_texts
from handlers.reports.routes import ROUTES as REPORTS
from handlers.status import query
from handlers.status.routes import ROUTES as STATUS
from models.register import chats, members
from models.rules.deliveries import ReplyContext
from models.rules.people.permissions import Action

LONGEST = 8_192  # characters; far more than a report has
ROUTES = RouteTable((REPORTS, STATUS, CALENDAR, LEADERS, PEOPLE))


class Said:
    """A request with what is worked out of it only where a rule asks."""

    def __init__(self, request: Request) -> None:
        self.request = request

    @cached_property
    def _command(self) -> tuple[Command | None, str]:
        command, rest = ROUTES.find_command(self.request.message.text[:LONGEST])
        if command is None or command.fits is None or self.request.person is None:
            return command, rest
        by_slash = self.request.message.text.startswith("/")
        return (command, rest) if by_slash or command.fits(self.request, rest) else (None, "")

    @property
    def command(self) -> Command | None:
        """The command that the words are."""
        return self._command[0]

    @property
    def rest(self) -> str:
        """What follows the command; the name after a slash where it is no command of ours."""
        return self._command[1]

    @property
    def private(self) -> bool:
        """Whether nobody else reads it."""
        return self.request.message.chat_kind == "private"

    @property
    def is_foreign_command(self) -> bool:
        """A slash and a name that is none of ours."""
        return self.command is None and self.rest not in ("", "report")

    @cached_property
    def replied(self) -> ReplyContext:
        """What the message that is replied to spoke of."""
        return replies.find_context(self.request)

    @cached_property
    def reading(self) -> Reading:
        """What the words report. A bare day after 改到哪天 is the answer to it."""
        message = self.request.message
        text = f"推迟到{message.text}" if self.replied.reschedules else message.text
        names = self.request.index.names
        return read_message(text, now=message.at, names=names, replying_to=self.replied.requirement)


class Rule(NamedTuple):
    """One rule of an order: its name, an example, and the answers; None where it does not apply."""

    name: str
    example: str
    answer: Callable[[Said], Answers | None]


def converse(request: Request) -> Answers:
    """Answer one message, edit or press inside the caller's transaction."""
    return request.signed(_first(RULES, Said(request)))


def _first(rules: tuple[Rule, ...], said: Said) -> Answers:
    for rule in rules:
        if (answers := rule.answer(said)) is not None:
            return answers
    return []


def _pass_over(said: Said) -> Answers | None:
    return None if said.request.message.addressed else []


def _join(said: Said) -> Answers | None:
    if said.command is None or said.command.name != "start":
        return None
    return limit_patient_answers(said.request, said.command.answer(said.request, said.rest))


def _answer_stranger(said: Said) -> Answers | None:
    request = said.request
    if request.person is not None and request.chat is not None:
        return None
    if request.message.pressed or not said.private:
        return []
    rest = new_phone.parse_request(request.message.text)
    answers = [join.build_join_hint(request)] if rest is None else new_phone.ask_new_phone(request, rest)
    return limit_patient_answers(request, answers)


def _press(said: Said) -> Answers | None:
    data = said.request.message.pressed
    return None if data is None else ROUTES.press(said.request, data)


def _refuse_length(said: Said) -> Answers | None:
    if len(said.request.message.text) <= LONGEST:
        return None
    return said.request.aside([OutgoingMessage(report_texts.TOO_LONG)])


def _refuse_new_phone(said: Said) -> Answers | None:
    if new_phone.parse_request(said.request.message.text) is None:
        return None
    return said.request.aside([OutgoingMessage(people_texts.CHAT_ALREADY_JOINED)])


def _take_roster(said: Said) -> Answers | None:
    file = said.request.message.file
    if file is None or not import_roster.is_roster(said.request, file):
        return None
    return import_roster.ask_import(said.request, file)


def _command(said: Said) -> Answers | None:
    if said.command is None:
        return None
    return said.command.deliver(said.request, said.command.answer(said.request, said.rest))


def _explain(said: Said) -> Answers | None:
    """Some other bot's command is passed over in a group."""
    if not said.is_foreign_command:
        return None
    return help.show_help(said.request) if said.private else []


def _refuse_no_words(said: Said) -> Answers | None:
    message = said.request.message
    if message.text.strip():
        return None
    if not message.attachment:
        return []
    return said.request.aside([OutgoingMessage(report_texts.TEXT_ONLY, speaks_of_album=True)])


def _reword(said: Said) -> Answers | None:
    if said.replied.reword_mark is None:
        return None
    return said.request.aside(approve_text.change_text(said.request, said.replied.reword_mark))


def _waive_or_move(said: Said) -> Answers | None:
    answers = waive_or_move.answer_text(said.request, said.replied)
    return None if answers is None else said.request.aside(answers)


def _follow_edit(said: Said) -> Answers | None:
    request = said.request
    if not request.message.edited:
        return None
    return request.here(record.apply_edit(request, said.reading, said.replied) or [])


def _continue(said: Said) -> Answers | None:
    answers = replies.continue_report(said.request, said.reading, said.replied)
    return None if answers is None else said.request.here(answers)


def _pass_on(said: Said) -> Answers | None:
    """A question of substance goes to the contact of the organization."""
    request = said.request
    if said.reading.intent not in (Intent.QUERY, Intent.OTHER):
        return None
    asked = read_question(request.message.text, now=request.message.at, names=request.index.names)
    if not is_advice_question(request.message.text, asked):
        return None
    return request.aside([OutgoingMessage(people_texts.ASK_THE_CONTACT)])


def _act(said: Said) -> Answers | None:
    act = ROUTES.acts.get(said.reading.intent)
    if act is None:
        return None
    return act.deliver(said.request, act.answer(said.request, said.reading, said.replied))


def _go_on_asking(said: Said) -> Answers | None:
    answers = query.answer_short_question(said.request)
    return None if answers is None else said.request.aside(answers)


def _give_up(said: Said) -> Answers | None:
    request = said.request
    may_report = bool(request.scope(Action.REPORT))
    text = (
        report_texts.format_unreadable(query.build_example_report(request))
        if may_report
        else report_texts.NOT_UNDERSTOOD
    )
    return request.aside([OutgoingMessage(text)])


RULES = (
    Rule("not addressed to the bot", "吃饭了吗 (in a group)", _pass_over),
    Rule("joins", "/start 加入码", _join),
    Rule("nobody of the register", "状态 (from a stranger)", _answer_stranger),
    Rule("a button", "撤回 (pressed)", _press),
    Rule("too long", "8,193 characters", _refuse_length),
    Rule("a new phone, asked for from the old one", "换手机 理科支部 小安", _refuse_new_phone),
    Rule("a register", "名册.xlsx", _take_roster),
    Rule("a command", "状态, /status 11月, 封账11月", _command),
    Rule("somebody else's command", "/weather", _explain),
    Rule("no words", "a sticker, a photo without a caption", _refuse_no_words),
    Rule("new words for a text", "月圆人团圆… (in reply to 修改)", _reword),
    Rule("waives or moves", "免办，集中阅卷", _waive_or_move),
    Rule("an edited report", "到24人 (instead of 到23人)", _follow_edit),
    Rule("answers what was asked", "23 (to 到了多少人？)", _continue),
    Rule("a question for people", "转正要准备什么材料？", _pass_on),
    Rule("an act of its intent", "昨天主题党日，应到25实到23", _act),
    Rule("a question that goes on", "那文科呢", _go_on_asking),
    Rule("nothing that is understood", "嗯嗯啊", _give_up),
)


def wants_file(request: Request) -> bool:
    """Whether the file of this message is to be fetched before it is answered."""
    message = request.message
    private = message.chat_kind == "private"
    return private and message.file is not None and import_roster.is_roster(request, message.file)


def create_request(bot_context: BotContext, session: Session, message: IncomingMessage) -> Request:
    """Who speaks where; a chat in which somebody known speaks for the first time is stored."""
    version, person, chat = members.find_speaker(
        session, channel=message.channel, sender=message.sender, chat=message.chat
    )
    index = bot_context.load_index(session, version)
    if chat is None and person is not None and message.addressed:
        stored = chats.get_or_create_chat(
            session, channel=message.channel, address=message.chat, kind=message.chat_kind
        )
        chat = chats.to_stored_chat(stored)
    if chat is not None and person is None and message.chat_kind == "private":
        chat = chats.lock_chat(session, chat)
    return Request(message, bot_context, session, index, person, chat, ROUTES)
