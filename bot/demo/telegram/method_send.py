"""API methods that send: texts, photos, documents, albums, and chat actions."""

from typing import Any

from bot.demo.chats.files import StoredFile, attachment
from bot.demo.chats.types import Json
from bot.demo.chats.users import LocalTelegram
from bot.demo.messages.keyboards import read_markup
from bot.demo.messages.message_text import read_caption, read_text
from bot.demo.telegram.arguments import Arguments
from bot.demo.telegram.errors import ApiError, bad_request
from bot.demo.telegram.permissions import check_preview, deliver, note_keyboard, open_chat, reply_part

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
    content = read_text(given)
    markup = read_markup(given)
    check_preview(given)
    return deliver(local, given, content, markup=markup)


def send_photo(local: LocalTelegram, given: Arguments) -> Json:
    """sendPhoto."""
    return _send_file(local, given, "photo")


def send_document(local: LocalTelegram, given: Arguments) -> Json:
    """sendDocument."""
    return _send_file(local, given, "document")


def _send_file(local: LocalTelegram, given: Arguments, kind: str) -> Json:
    caption = read_caption(given)
    markup = read_markup(given)
    open_chat(local, given)
    stored = _file(local, given, kind, given.text(kind) or f"attach://{kind}")
    content = {**attachment(stored, photo=kind == "photo"), **caption}
    return deliver(local, given, content, markup=markup)


def send_media_group(local: LocalTelegram, given: Arguments) -> list[Json]:
    """sendMediaGroup with photos or documents."""
    media = given.json("media", "can't parse media JSON object")
    if not isinstance(media, list):
        raise bad_request("expected an Array of InputMedia")
    if not 2 <= len(media) <= 10:
        raise bad_request("group send failed: there must be 2 to 10 items" if media else "MEDIA_EMPTY")
    contents = [_album_part(local, given, item) for item in media]
    chat = open_chat(local, given)
    reply = reply_part(chat, given)
    local.limits.take(chat.id, group=chat.group, count=len(media))
    note_keyboard(chat, None)
    album = local.create_album(chat)
    return [local.post_from_bot(chat, {**reply, "media_group_id": album, **content}) for content in contents]


def _album_part(local: LocalTelegram, given: Arguments, item: Any) -> Json:
    if not isinstance(item, dict) or item.get("type") not in ("photo", "document"):
        raise bad_request("can't parse InputMedia: the local server takes photos and documents")
    caption = read_caption(Arguments(item))
    stored = _file(local, given, item["type"], str(item.get("media", "")))
    return {**attachment(stored, photo=item["type"] == "photo"), **caption}


def _file(local: LocalTelegram, given: Arguments, kind: str, wanted: str) -> StoredFile:
    """Return the file of a field: uploaded under an attach:// name, or known by its file_id."""
    if wanted.startswith("attach://"):
        return _uploaded_file(local, given, kind, wanted.removeprefix("attach://"))
    if wanted.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    stored = local.files.by_id(wanted)
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return stored


def _uploaded_file(local: LocalTelegram, given: Arguments, kind: str, name: str) -> StoredFile:
    """Store the file uploaded under this name. Raises ApiError for what Telegram refuses."""
    upload = given.uploads.get(name)
    if upload is None:
        raise bad_request(f"there is no {kind} in the request")
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > (LARGEST_PHOTO if kind == "photo" else LARGEST_UPLOAD):
        raise ApiError(413, "Request Entity Too Large")
    stored = local.files.add(upload.name, upload.content, photo=kind == "photo")
    if kind == "photo" and stored.size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if kind == "photo" and stored.size is not None and sum(stored.size) > 10_000:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return stored


def send_chat_action(local: LocalTelegram, given: Arguments) -> bool:
    """sendChatAction."""
    if given.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    open_chat(local, given)
    return True
