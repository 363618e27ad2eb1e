"""API methods that send: texts, photos, documents, albums, and chat actions."""

from typing import Any

from bot.demo.chats.files import StoredFile, attachment_json
from bot.demo.chats.types import Json
from bot.demo.chats.users import LocalTelegram
from bot.demo.messages.keyboards import parse_markup
from bot.demo.messages.message_text import parse_caption, parse_text
from bot.demo.telegram.arguments import Arguments
from bot.demo.telegram.errors import ApiError, build_bad_request
from bot.demo.telegram.permissions import (
    check_preview,
    get_writable_chat,
    reply_json,
    set_keyboard,
    store_message,
)

LARGEST_PHOTO = 10 * 2**20
LARGEST_UPLOAD = 50 * 2**20
ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


def send_message(local: LocalTelegram, given: Arguments) -> Json:
    """sendMessage."""
    content = parse_text(given)
    markup = parse_markup(given)
    check_preview(given)
    return store_message(local, given, content, markup=markup)


def send_photo(local: LocalTelegram, given: Arguments) -> Json:
    """sendPhoto."""
    return _send_file(local, given, "photo")


def send_document(local: LocalTelegram, given: Arguments) -> Json:
    """sendDocument."""
    return _send_file(local, given, "document")


def _send_file(local: LocalTelegram, given: Arguments, kind: str) -> Json:
    caption = parse_caption(given)
    markup = parse_markup(given)
    get_writable_chat(local, given)
    stored = _get_file(local, given, kind, given.text(kind) or f"attach://{kind}")
    content = {**attachment_json(stored, photo=kind == "photo"), **caption}
    return store_message(local, given, content, markup=markup)


def send_media_group(local: LocalTelegram, given: Arguments) -> list[Json]:
    """sendMediaGroup with photos or documents."""
    media = given.json("media", "can't parse media JSON object")
    if not isinstance(media, list):
        raise build_bad_request("expected an Array of InputMedia")
    if not 2 <= len(media) <= 10:
        raise build_bad_request("group send failed: there must be 2 to 10 items" if media else "MEDIA_EMPTY")
    contents = [_parse_album_part(local, given, item) for item in media]
    chat = get_writable_chat(local, given)
    reply = reply_json(chat, given)
    local.limits.take(chat.id, group=chat.group, count=len(media))
    set_keyboard(chat, None)
    album = local.create_album(chat)
    return [local.post_from_bot(chat, {**reply, "media_group_id": album, **content}) for content in contents]


def _parse_album_part(local: LocalTelegram, given: Arguments, item: Any) -> Json:
    if not isinstance(item, dict) or item.get("type") not in ("photo", "document"):
        raise build_bad_request("can't parse InputMedia: the local server takes photos and documents")
    caption = parse_caption(Arguments(item))
    stored = _get_file(local, given, item["type"], str(item.get("media", "")))
    return {**attachment_json(stored, photo=item["type"] == "photo"), **caption}


def _get_file(local: LocalTelegram, given: Arguments, kind: str, wanted: str) -> StoredFile:
    """Return the file of a field: uploaded under an attach:// name, or known by its file_id."""
    if wanted.startswith("attach://"):
        return _store_upload(local, given, kind, wanted.removeprefix("attach://"))
    if wanted.startswith(("http://", "https://")):
        raise build_bad_request("failed to get HTTP URL content")
    stored = local.files.by_id(wanted)
    if stored is None:
        raise build_bad_request("wrong file identifier/HTTP URL specified")
    return stored


def _store_upload(local: LocalTelegram, given: Arguments, kind: str, name: str) -> StoredFile:
    """Store the file uploaded under this name. Raises ApiError for what Telegram refuses."""
    upload = given.uploads.get(name)
    if upload is None:
        raise build_bad_request(f"there is no {kind} in the request")
    if not upload.content:
        raise build_bad_request("file must be non-empty")
    if len(upload.content) > (LARGEST_PHOTO if kind == "photo" else LARGEST_UPLOAD):
        raise ApiError(413, "Request Entity Too Large")
    stored = local.files.add(upload.name, upload.content, photo=kind == "photo")
    if kind == "photo" and stored.size is None:
        raise build_bad_request("IMAGE_PROCESS_FAILED")
    if kind == "photo" and stored.size is not None and sum(stored.size) > 10_000:
        raise build_bad_request("PHOTO_INVALID_DIMENSIONS")
    return stored


def send_chat_action(local: LocalTelegram, given: Arguments) -> bool:
    """sendChatAction."""
    if given.text("action") not in ACTIONS:
        raise build_bad_request("wrong parameter action in request")
    get_writable_chat(local, given)
    return True
