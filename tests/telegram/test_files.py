"""Photos, documents and albums: sent, stored with their ids, downloaded, and refused."""

import struct
import zlib

import pytest
from telegram import InputMediaDocument, InputMediaPhoto
from telegram.error import BadRequest, InvalidToken

from bot.demo.chats.users import NotPossibleError


def png(width: int, height: int) -> bytes:
    """A real, black picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes(width)) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def test_a_document_is_stored_and_comes_back_on_download(bot, local):
    message = await bot.send_document(
        1001, "名称,应办".encode(), filename="状态.csv", caption="<b>表</b>", parse_mode="HTML"
    )
    document = message.document
    assert (document.file_name, document.mime_type, document.file_size) == ("状态.csv", "text/csv", 13)
    assert document.file_unique_id != document.file_id
    assert message.caption_html == "<b>表</b>"
    file = await bot.get_file(document.file_id)
    assert bytes(await file.download_as_bytearray()) == "名称,应办".encode()
    assert local.download(document.file_id).name == "状态.csv"


async def test_a_photo_has_its_size_and_a_document_made_of_it_has_none(bot):
    photo = (await bot.send_photo(1001, png(30, 20))).photo[-1]
    assert (photo.width, photo.height) == (30, 20)
    assert photo.file_unique_id


async def test_a_file_can_be_sent_again_by_its_id(bot):
    sent = await bot.send_document(1001, b"a", filename="a.txt")
    again = await bot.send_document(-2001, sent.document.file_id)
    assert again.document == sent.document


async def test_what_is_no_picture_is_refused_as_a_photo(bot):
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(1001, b"not a picture")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, "there is no document in the request"),
        ({"document": "AAAA"}, "wrong file identifier/HTTP URL specified"),
        ({"document": "attach://missing"}, "there is no document in the request"),
    ],
)
async def test_a_missing_file_is_refused(call, values, reason):
    assert (await call("sendDocument", chat_id=1001, **values))["description"] == f"Bad Request: {reason}"


async def test_an_empty_file_is_refused(bot):
    with pytest.raises(BadRequest, match="File must be non-empty"):
        await bot.send_document(1001, b"", filename="a.txt")


async def test_a_caption_of_1024_characters_passes_and_one_more_is_refused(bot):
    await bot.send_document(1001, b"a", filename="a.txt", caption="字" * 1024)
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_document(1001, b"a", filename="a.txt", caption="字" * 1025)


async def test_an_album_is_several_messages_of_one_group(bot):
    media = [InputMediaPhoto(png(2, 2), caption="一"), InputMediaPhoto(png(3, 3))]
    first, second = await bot.send_media_group(1001, media)
    assert first.media_group_id == second.media_group_id
    assert first.caption == "一"
    assert second.message_id == first.message_id + 1


async def test_an_album_of_one_is_refused(bot):
    with pytest.raises(BadRequest):
        await bot.send_media_group(1001, [InputMediaDocument(b"a", filename="a.txt")])


async def test_a_persons_file_reaches_the_bot(bot, local):
    local.send_file(1001, 1001, "签到.png", png(4, 4), caption="/report 23人", as_photo=True)
    (update,) = await bot.get_updates()
    assert update.message.caption == "/report 23人"
    assert update.message.caption_entities[0].type == "bot_command"
    file = await bot.get_file(update.message.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == png(4, 4)


async def test_a_persons_album_reaches_the_bot_as_a_message_for_each_photo(bot, local):
    numbers = local.send_album(1001, 1001, [png(4, 4), png(5, 5), png(6, 6)], caption="23人", caption_at=1)
    messages = [update.message for update in await bot.get_updates()]
    assert [message.message_id for message in messages] == numbers
    assert len({message.media_group_id for message in messages}) == 1
    assert [message.caption for message in messages] == [None, "23人", None]
    local.send_album(1001, 1001, [png(4, 4)] * 2)
    last = (await bot.get_updates())[-1].message
    assert last.media_group_id != messages[0].media_group_id


@pytest.mark.parametrize("contents", [[png(4, 4)], [png(4, 4)] * 11, [png(4, 4), b"text"]])
async def test_an_album_has_two_to_ten_photos(local, contents):
    with pytest.raises(NotPossibleError):
        local.send_album(1001, 1001, contents)
    assert local.history(1001) == []


async def test_a_person_cannot_send_a_text_as_a_photo(local):
    with pytest.raises(NotPossibleError):
        local.send_file(1001, 1001, "a.png", b"text", as_photo=True)


async def test_a_file_that_is_not_there_is_not_found(bot, root, session):
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await bot.get_file("nothing")
    for path in ("bot123456:local-secret/documents/file_9.csv", "botx/documents/file_1.csv"):
        async with session.get(f"{root}/file/{path}") as answer:
            assert answer.status == 404
    with pytest.raises(InvalidToken):
        await bot.request.retrieve(f"{root}/file/bot1:wrong/documents/file_1.csv")
