"""The page over HTTP: one-time links, sessions, board, organizations and the Mini App."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.channels.telegram.adapter import CHANNEL
from bot.settings.sections import Dashboard
from bot.web.dashboard.filters import Choice, choice_of, list_periods, parse_choice
from bot.web.dashboard.guard import PageGuard
from bot.web.dashboard.mini_app_auth import LONGEST_INIT_DATA, find_signed_user
from bot.web.dashboard.urls import PATH
from bot.web.dashboard.view import list_lines, list_record_rows, render_sheet
from handlers.core.context import BotContext, Request
from handlers.core.messages import IncomingMessage
from handlers.exports.state_style import LOOKS
from handlers.status import filters as asked_of, view
from models.privacy import web_sessions
from models.register import chats, members
from models.rules.output.zh_text import format_short_day
from models.rules.people.permissions import Action

HERE = Path(__file__).parent
SESSION_COOKIE = "qingli_visit"
STATIC = {"board.css": "text/css", "telegram.js": "text/javascript"}
CACHE_FOR_A_DAY = {"Cache-Control": "private, max-age=86400"}
LONGEST_FORM = 4 * LONGEST_INIT_DATA

Endpoint = Callable[[HttpRequest], Awaitable[Response]]


def load_templates() -> Environment:
    """Load the templates, which escape every value."""
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= {"looks": LOOKS, "root": PATH}
    found.filters |= {"day": format_short_day}
    return found


@dataclass
class Page:
    """The endpoints of the page.

    `machine` is the clock of links and sessions, `token` the bot's token, which signs Mini App users.
    """

    bot_context: BotContext
    settings: Dashboard
    token: str
    machine: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __post_init__(self) -> None:
        self._templates = load_templates()
        self._lasts = timedelta(minutes=self.settings.session_minutes)

    def app(self) -> Starlette:
        """Build the application. A request without a session is 401, one out of reach 404."""
        routes = [
            Route("/", _redirect_to_board),
            Route(PATH, _redirect_to_board),
            Route(f"{PATH}/", self._seen(self.board)),
            Route(f"{PATH}/branch/{{place:int}}", self._seen(self.branch)),
            Route(f"{PATH}/open/{{token}}", self.door),
            # POST, because messengers fetch the links of messages for a preview.
            Route(f"{PATH}/open/{{token}}", self.open, methods=["POST"]),
            Route(f"{PATH}/leave", self.leave, methods=["POST"]),
            Route(f"{PATH}/static/{{name}}", self.static),
        ]
        if self.settings.mini_app:
            routes += [
                Route(f"{PATH}/telegram", self.telegram_door),
                Route(f"{PATH}/telegram", self.telegram, methods=["POST"]),
            ]
        everywhere = self.settings.root is not None
        return Starlette(routes=routes, middleware=[Middleware(PageGuard, everywhere=everywhere)])

    def board(self, request: HttpRequest, visit: Request) -> Response:
        """Show organizations × requirements × months, as far as this person may see them."""
        register, scope = visit.index, visit.scope(Action.STATUS)
        choice = parse_choice(request.query_params, visit.context.rules, visit.today)
        found = asked_of.find_meant(choice.question.organizations, register.tree, register.oversights, scope)
        choice = replace(choice, group="、".join(found.names))
        shown = view.build_view(visit, choice.question)
        groups = asked_of.list_groups(register.tree, register.oversights, scope)
        names = dict.fromkeys(groups[facts.id] for facts in register.facts_of(scope) if groups.get(facts.id))
        return self._html(
            "board.html",
            choice=choice,
            sheet=render_sheet(shown, choice),
            title=f"{choice.span.name} · {shown.where}",
            today=shown.today,
            periods=list_periods(visit.today, choice.span),
            groups=dict.fromkeys([*names, *filter(None, [choice.group])]),
            requirements=_named_requirements(visit, choice),
        )

    def branch(self, request: HttpRequest, visit: Request) -> Response:
        """Show one organization: its states and its records."""
        organization_id = request.path_params["place"]
        # 404 and not 403: an organization out of reach is not to be told from a missing one.
        if organization_id not in visit.scope(Action.STATUS):
            return self._note("找不到这个页面。", 404)
        choice = parse_choice(request.query_params, visit.context.rules, visit.today)
        tree = visit.index.tree
        shown = view.build_view(visit, choice.question, only=tree.list_with_groups(organization_id))
        held = view.list_records(visit, shown)
        names = {facts.id: facts.name for facts in shown.organizations}
        return self._html(
            "branch.html",
            choice=choice,
            sheet=render_sheet(shown, choice),
            lines=list_lines(shown.items, shown.today),
            records=list_record_rows(held, names),
            several=len(names) > 1,
            title=f"{tree.get_name(organization_id)} · {choice.span.name}",
            today=shown.today,
            periods=list_periods(visit.today, choice.span),
            requirements=_named_requirements(visit, choice),
        )

    async def door(self, request: HttpRequest) -> Response:
        """Show a page with one button, so that a link preview does not use up the one-time link."""
        return self._html("door.html", action=request.url.path, title="网页看板")

    async def open(self, request: HttpRequest) -> Response:
        """Exchange a one-time link for a session."""
        return await self.bot_context.database.run(self._open_link, request.path_params["token"])

    def _open_link(self, session: Session, token: str) -> Response:
        opened = web_sessions.open_link(session, token, at=self.machine(), lasts=self._lasts)
        if opened is None:
            return self._note("这个链接已经用过，或者过了时间。请在聊天里发“网页”，再要一个。", 410)
        visit = self._visit(session, opened.token)
        where = f"{PATH}/" + (self._beginning(visit, opened.asked) if visit and opened.asked else "")
        return self._let_in(opened.token, where)

    def _beginning(self, visit: Request, kept: dict[str, object]) -> str:
        """Return the rest of the address that shows what was asked in the chat."""
        asked = asked_of.from_json(kept)
        choice, tree = choice_of(asked, visit.context.rules, visit.today), visit.index.tree
        place = visit.index.find(asked.organizations[0]) if len(asked.organizations) == 1 else None
        if place is not None and not tree.list_below(place) - tree.list_with_groups(place):
            return f"branch/{place}{choice.query(group='')}"
        return choice.query()

    async def leave(self, request: HttpRequest) -> Response:
        """Close the session."""
        await self.bot_context.database.run(
            web_sessions.delete_session, request.cookies.get(SESSION_COOKIE, "")
        )
        answer = self._note("已关闭。再看请在聊天里发“网页”。", 200)
        answer.delete_cookie(SESSION_COOKIE, path=PATH)
        return answer

    async def telegram_door(self, _request: HttpRequest) -> Response:
        """Show the Mini App's first page, which posts Telegram's signed user data."""
        return self._html("telegram.html", title="网页看板")

    async def telegram(self, request: HttpRequest) -> Response:
        """Begin a session for a user signed by Telegram, if that person has joined."""
        init_data = (await _parse_form(request)).get("init_data", "")
        user = find_signed_user(init_data, self.token, at=self.machine())
        return await self.bot_context.database.run(self._sign_in, user)

    def _sign_in(self, session: Session, user: int | None) -> Response:
        address = str(user)
        person = members.find_by_chat(session, channel=CHANNEL, address=address) if user else None
        chat = chats.find_chat(session, channel=CHANNEL, address=address)
        if person is None or chat is None:
            return self._note("没有认出您。请在聊天里发“网页”，用链接打开。", 403)
        token = web_sessions.create_session(session, person.id, chat.id, at=self.machine(), lasts=self._lasts)
        return self._let_in(token, f"{PATH}/")

    async def static(self, request: HttpRequest) -> Response:
        """Serve the stylesheet, with the colours of the board image, or the Mini App's script."""
        name = request.path_params["name"]
        if name not in STATIC:
            return self._note("找不到这个页面。", 404)
        text = self._templates.get_template(name).render()
        return Response(text, media_type=STATIC[name], headers=CACHE_FOR_A_DAY)

    def _seen(self, endpoint: Callable[[HttpRequest, Request], Response]) -> Endpoint:
        """Wrap an endpoint that needs a session; person, posts and scope are read for each request."""

        async def seen(request: HttpRequest) -> Response:
            return await self.bot_context.database.fetch(self._show, request, endpoint)

        return seen

    def _show(
        self, session: Session, request: HttpRequest, endpoint: Callable[[HttpRequest, Request], Response]
    ) -> Response:
        visit = self._visit(session, request.cookies.get(SESSION_COOKIE, ""))
        if visit is None:
            return self._note("请在聊天里发“网页”，用得到的链接打开。", 401)
        return endpoint(request, visit)

    def _visit(self, session: Session, token: str) -> Request | None:
        """Return the session's person as a request of the chat; None without a valid session."""
        member_id = web_sessions.find_member(session, token, at=self.machine())
        person = members.find_person(session, member_id) if member_id is not None else None
        if person is None:
            return None
        said = IncomingMessage(sender="", chat="", text="", at=self.bot_context.now(), message_key="")
        visit = Request(said, self.bot_context, session, self.bot_context.load_index(session), person)
        return visit if visit.scope(Action.STATUS) else None

    def _let_in(self, token: str, where: str) -> Response:
        # 303 turns the POST into a GET, so that reloading the page does not post again.
        answer = RedirectResponse(where, 303)
        answer.set_cookie(
            SESSION_COOKIE,
            token,
            max_age=int(self._lasts.total_seconds()),
            path=PATH,
            secure=(self.settings.root or "").startswith("https://"),
            httponly=True,
            # With "strict" no other site can make the browser send the session.
            samesite="strict",
        )
        return answer

    def _html(self, name: str, status: int = 200, **values: object) -> HTMLResponse:
        """Render a template as a response."""
        text = self._templates.get_template(name).render(values)
        return HTMLResponse(text, status)

    def _note(self, text: str, status: int) -> HTMLResponse:
        return self._html("note.html", status, note=text, title="网页看板")


def _named_requirements(visit: Request, choice: Choice) -> dict[str, str]:
    """The requirements to choose from by key; several that are chosen together count as one more."""
    rules = visit.context.rules
    found = {rule.key: rule.name for rule in rules.requirements}
    if choice.requirement and choice.requirement not in found:
        found[choice.requirement] = "、".join(rules.get_name(key) for key in choice.requirement.split(","))
    return found


async def _redirect_to_board(_request: HttpRequest) -> Response:
    return RedirectResponse(f"{PATH}/")


async def _parse_form(request: HttpRequest) -> dict[str, str]:
    """Parse the fields of a form; an oversized body has none."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM:
            return {}
    return {name: values[0] for name, values in parse_qs(body.decode("ascii", "replace")).items()}
