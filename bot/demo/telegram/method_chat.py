"""API methods that read: chats, their members, and files."""

from bot.demo.chats.types import Json
from bot.demo.chats.users import LocalTelegram
from bot.demo.telegram.arguments import Arguments
from bot.demo.telegram.errors import build_bad_request, build_forbidden
from bot.demo.telegram.permissions import get_known_chat

LARGEST_DOWNLOAD = 20 * 2**20


def get_chat(local: LocalTelegram, given: Arguments) -> Json:
    """getChat."""
    chat = get_known_chat(local, given)
    if chat.group and chat.bot_status == "kicked":
        raise build_forbidden(f"bot was kicked from the {chat.kind} chat")
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    full: Json = {
        **chat.chat(),
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, not chat.group),
    }
    if chat.group:
        full["permissions"] = {"can_send_messages": True, "can_send_photos": True, "can_send_documents": True}
    return full


def get_chat_member(local: LocalTelegram, given: Arguments) -> Json:
    """getChatMember."""
    chat = get_known_chat(local, given)
    member = local.member(chat, given.integer("user_id"))
    if member is None:
        raise build_bad_request("PARTICIPANT_ID_INVALID")
    return member


def get_chat_administrators(local: LocalTelegram, given: Arguments) -> list[Json]:
    """getChatAdministrators."""
    chat = get_known_chat(local, given)
    if not chat.group:
        raise build_bad_request("there are no administrators in the private chat")
    people = [local.member(chat, user_id) for user_id in (*chat.members, local.me["id"])]
    return [m for m in people if m is not None and m["status"] in ("creator", "administrator")]


def get_chat_member_count(local: LocalTelegram, given: Arguments) -> int:
    """getChatMemberCount, the bot included."""
    chat = get_known_chat(local, given)
    return len(chat.members) + (chat.bot_status in ("member", "administrator")) if chat.group else 2


def get_file(local: LocalTelegram, given: Arguments) -> Json:
    """getFile."""
    file_id = given.text("file_id")
    if not file_id:
        raise build_bad_request("file_id not specified")
    stored = local.files.by_id(file_id)
    if stored is None:
        raise build_bad_request("invalid file_id")
    if len(stored.content) > LARGEST_DOWNLOAD:
        raise build_bad_request("file is too big")
    return stored.describe()
