"""The demo's chat page: static files, state as JSON, and the actions of its people."""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from bot.demo.chats.users import LONGEST_TEXT, LocalTelegram, NotPossibleError
from bot.demo.guard import PageGuard
from bot.demo.page_view import (
    Clock,
    Group,
    GuideStep,
    Json,
    Person,
    clock_json,
    find_picture_type,
    message_json,
    start_json,
)

STATIC = Path(__file__).parent / "static"
HOLD_SECONDS = 20.0
SHOWN_MESSAGES = 300
LONGEST_CAPTION = 1024
TOO_LONG = f"没有发出：消息最多 {LONGEST_TEXT} 个字，照片和文件的说明最多 {LONGEST_CAPTION} 个字。"
LARGEST = {"photo": 10 * 2**20, "document": 20 * 2**20}

NO_CACHE = {"Cache-Control": "no-cache"}
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

Endpoint = Callable[[Request], Awaitable[Response]]


class PersonAction(BaseModel):
    """An action of one of the people in a chat."""

    user_id: int
    chat_id: int


Deed = TypeVar("Deed", bound=PersonAction)


class SayAction(PersonAction):
    """A new message."""

    text: str = Field(min_length=1, max_length=LONGEST_TEXT)
    reply_to: int | None = None


class EditAction(PersonAction):
    """A new text for a message of one's own."""

    message_id: int
    text: str = Field(min_length=1, max_length=LONGEST_TEXT)


class PressAction(PersonAction):
    """A pressed button."""

    message_id: int
    data: str


class FileAction(PersonAction):
    """The details of a photo or a document."""

    kind: Literal["photo", "document"]
    caption: str = Field(default="", max_length=LONGEST_CAPTION)
    reply_to: int | None = None


class ClockMove(BaseModel):
    """A move of the clock; `day` goes with "to"."""

    move: Literal["day", "reminder", "to"]
    day: date = date.min


def build_page_routes(
    telegram: LocalTelegram,
    people: Sequence[Person],
    group: Group,
    clock: Clock,
    guide: Sequence[GuideStep],
) -> list[Route]:
    """Build the routes: the page at `/`, what it needs under `/static` and `/page`."""
    page = _Page(telegram, people, group, clock, guide)
    fence = [Middleware(PageGuard)]

    def route(path: str, endpoint: Endpoint, method: str = "GET") -> Route:
        return Route(path, _with_error_texts(endpoint), methods=[method], middleware=fence)

    return [
        route("/", _get_index),
        route("/static/{name}", _get_static_file),
        route("/page/start", page.start),
        route("/page/state", page.state),
        route("/page/file/{file_id}", page.file),
        route("/page/say", page.say, "POST"),
        route("/page/edit", page.edit, "POST"),
        route("/page/press", page.press, "POST"),
        route("/page/send-file", page.send_file, "POST"),
        route("/page/clock", page.move, "POST"),
    ]


class _Page:
    """The endpoints for one local Telegram and one clock."""

    def __init__(
        self,
        telegram: LocalTelegram,
        people: Sequence[Person],
        group: Group,
        clock: Clock,
        guide: Sequence[GuideStep],
    ) -> None:
        self.telegram, self.people, self.group, self.clock, self.guide = telegram, people, group, clock, guide
        self.speakers = {person.user_id for person in people}
        # A page that outlives a restart of the program must not wait for its old, higher version.
        self.run = secrets.token_hex(4)
        self.moving = False

    async def start(self, _request: Request) -> Response:
        """Return what does not change while the page is open."""
        name = self.telegram.bot_username
        privacy = f"群里写 @{name}、用 /status 这样的命令，或者回复清历，它才看得到。"
        hint = privacy if self.telegram.privacy else ""
        return JSONResponse(start_json(self.people, self.group, self.guide, hint=hint))

    async def state(self, request: Request) -> Response:
        """Return all chats and the clock, once their version differs from `after`."""
        run, _, version = request.query_params.get("after", "").partition(".")
        # A request without a version, or with one of an earlier run, is answered at once.
        if run == self.run and version.isdecimal():
            await self.telegram.wait_change(int(version), HOLD_SECONDS)
        return JSONResponse(
            {
                "version": f"{self.run}.{self.telegram.version}",
                "clock": clock_json(self.clock.now(), moving=self.moving),
                "chats": {str(chat): self._messages(chat) for chat in self._chats()},
            }
        )

    async def file(self, request: Request) -> Response:
        """Return a photo to show, or with `?save=1` any file as a download."""
        stored = self.telegram.download(request.path_params["file_id"])
        # Only pictures are shown: an uploaded HTML or SVG file would run in the page's origin.
        picture = find_picture_type(stored.content)
        if picture and "save" not in request.query_params:
            return Response(stored.content, media_type=picture)
        saved = Response(stored.content, media_type="application/octet-stream")
        saved.headers["Content-Disposition"] = "attachment"
        return saved

    async def say(self, request: Request) -> Response:
        """Send a text as one of the people."""
        said = await self._read(request, SayAction)
        self.telegram.say(said.user_id, said.chat_id, said.text, reply_to=said.reply_to)
        return JSONResponse({})

    async def edit(self, request: Request) -> Response:
        """Edit a message as its author."""
        said = await self._read(request, EditAction)
        self.telegram.edit(said.user_id, said.chat_id, said.message_id, said.text)
        return JSONResponse({})

    async def press(self, request: Request) -> Response:
        """Press a button as one of the people; returns the toast."""
        pressed = await self._read(request, PressAction)
        toast = await self.telegram.press(pressed.user_id, pressed.chat_id, pressed.message_id, pressed.data)
        if toast is None:
            raise HTTPException(504, "清历还没有回应，请稍后再按一次。")
        return JSONResponse({"text": toast.text, "show_alert": toast.show_alert})

    async def send_file(self, request: Request) -> Response:
        """Send a photo or a document as one of the people."""
        async with request.form(max_files=1) as form:
            sent = FileAction.model_validate({key: form[key] for key in form if key != "file"})
            self._allow(sent)
            name, content = await _read_upload(form.get("file"), LARGEST[sent.kind])
        self.telegram.send_file(
            sent.user_id,
            sent.chat_id,
            name,
            content,
            caption=sent.caption,
            as_photo=sent.kind == "photo" and find_picture_type(content) is not None,
            reply_to=sent.reply_to,
        )
        return JSONResponse({})

    async def move(self, request: Request) -> Response:
        """Move the clock and return it; only one move at a time."""
        asked = ClockMove.model_validate_json(await request.body())
        if self.moving:
            raise HTTPException(409, "时间正在走，请稍等。")
        if asked.move == "to" and asked.day <= self.clock.now().date():
            raise HTTPException(400, "日期只能往后拨，请选一个以后的日子。")
        # The page shows that a move is under way.
        self._set_moving(True)
        try:
            await self._move(asked)
        except ValueError as impossible:
            raise HTTPException(400, str(impossible)) from impossible
        finally:
            self._set_moving(False)
        return JSONResponse(clock_json(self.clock.now(), moving=False))

    async def _move(self, asked: ClockMove) -> None:
        match asked.move:
            case "day":
                await self.clock.advance_day()
            case "reminder":
                await self.clock.next_reminder()
            case "to":
                await self.clock.to_day(asked.day)

    def _set_moving(self, moving: bool) -> None:
        self.moving = moving
        self.telegram.touch()

    def _chats(self) -> list[int]:
        return [*(person.chat_id for person in self.people), self.group.chat_id]

    def _messages(self, chat_id: int) -> list[Json]:
        return [message_json(message) for message in self.telegram.history(chat_id)[-SHOWN_MESSAGES:]]

    async def _read(self, request: Request, kind: type[Deed]) -> Deed:
        deed = kind.model_validate_json(await request.body())
        self._allow(deed)
        return deed

    def _allow(self, deed: PersonAction) -> None:
        if deed.user_id not in self.speakers:
            raise HTTPException(403, "这里只有页面上的几个人可以说话。")


async def _read_upload(upload: UploadFile | str | None, largest: int) -> tuple[str, bytes]:
    """Return name and bytes of an uploaded file of at most `largest` bytes."""
    if not isinstance(upload, UploadFile):
        raise HTTPException(400, "没有收到文件，请再选一次。")
    if (upload.size or 0) > largest:
        raise HTTPException(413, f"文件太大了，最多 {largest // 2**20} MB。")
    return Path(upload.filename or "").name or "文件", await upload.read()


def _with_error_texts(endpoint: Endpoint) -> Endpoint:
    """Wrap an endpoint so that each error becomes one Chinese line in JSON."""

    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except HTTPException as refused:
            return JSONResponse({"error": refused.detail}, refused.status_code)
        except ValidationError:
            return JSONResponse({"error": TOO_LONG}, 400)
        except NotPossibleError:
            return JSONResponse({"error": "这一步现在做不了，请换一种做法。"}, 400)
        except KeyError:
            return JSONResponse({"error": "找不到这条消息或文件，也许已经撤回了。"}, 404)

    return answered


async def _get_index(_request: Request) -> Response:
    return FileResponse(STATIC / "index.html", headers=NO_CACHE)


async def _get_static_file(request: Request) -> Response:
    # Looked up among the names that exist, so that no path can lead out of the folder.
    found = {path.name: path for path in STATIC.iterdir()}.get(request.path_params["name"])
    if found is None or found.suffix not in MEDIA_TYPES:
        return Response(status_code=404)
    return FileResponse(found, media_type=MEDIA_TYPES[found.suffix], headers=NO_CACHE)
