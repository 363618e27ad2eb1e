"""Joining with a code, and leaving."""

from handlers.core.context import Answers, Request
from handlers.core.messages import OutgoingMessage
from handlers.people import help, texts
from handlers.people.welcome import build_welcome
from handlers.reports import texts as report_texts
from models.register import failed_codes, invitations
from models.tables.people import Chat


def join_with_code(request: Request, code: str) -> Answers:
    """`/start CODE` in a private chat: bind the chat to the person; without a code, explain how."""
    if request.message.chat_kind != "private":
        return [OutgoingMessage(report_texts.JOIN_IN_PRIVATE)]
    if not code:
        return _answer_without_code(request)
    channel, address = request.message.channel, request.message.chat
    # Limits guessing: after too many wrong codes the chat has to wait.
    if (
        pause := failed_codes.find_waiting_time(request.session, channel=channel, address=address)
    ) is not None:
        return [OutgoingMessage(texts.format_too_many_codes(request.now + pause), patient=True)]
    outcome = invitations.redeem_code(
        request.session, code=code, channel=channel, address=address, now_civil=request.now
    )
    if outcome is None:
        failed_codes.record_failure(request.session, channel=channel, address=address)
        return [OutgoingMessage(report_texts.INVALID_CODE, patient=True)]
    return [build_welcome(request, outcome)]


def build_join_hint(request: Request) -> OutgoingMessage:
    """How to join, for somebody whom nobody knows."""
    wordless = not request.message.text.strip()
    return OutgoingMessage(report_texts.JOIN_HINT, patient=True, speaks_of_album=wordless)


def _answer_without_code(request: Request) -> Answers:
    """A known person gets help; a chat imported for a person joins; a stranger gets the hint."""
    if request.person is not None:
        return help.show_help(request)
    chat = request.chat
    if chat is None or chat.member_id is None or chat.joined_at is not None or chat.kind != "private":
        return [build_join_hint(request)]
    stored = request.session.get_one(Chat, chat.id)
    outcome = invitations.join_chat(request.session, chat.member_id, stored, request.now)
    return [build_join_hint(request)] if outcome is None else [build_welcome(request, outcome)]


def leave_bot(request: Request, _rest: str = "") -> Answers:
    """Unbind the chat from its person; no more messages are sent to it."""
    message = request.message
    invitations.leave_chat(request.session, channel=message.channel, address=message.sender, at=request.now)
    return [OutgoingMessage(report_texts.GOODBYE)]
