"""Assembles the program that `qingli run` and the demo share; starts and stops it in order."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, NetworkError

from bot.app.clock import CivilClock
from bot.app.holiday_watch import HolidayWatch
from bot.channels.telegram import adapter as telegram_adapter
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.transport import AiohttpRequest
from bot.channels.telegram.updates import Intake
from bot.settings.load import Settings, list_changed_values
from bot.settings.to_rules import build_rulebook, build_times, build_voice, get_holidays_folder
from bot.web.addresses import feed_address
from bot.web.dashboard.urls import get_link, get_mini_app_address
from handlers.core.context import BotContext
from handlers.exports.renderers import render_file
from handlers.leaders import broadcast, read_receipts
from handlers.reports import questions
from models.records import audit
from models.records.reports import Report
from models.storage.database import Database
from models.storage.schema import upgrade_schema
from models.storage.single_instance import hold_single_instance
from scheduler.delivery.dispatcher import Dispatcher
from scheduler.delivery.limits import SINGLE_PROCESS, Limits
from scheduler.delivery.sender import CrashPoint, skip_step
from scheduler.jobs.alerts import Alerts
from scheduler.jobs.broadcasts import BroadcastProgress
from scheduler.jobs.cleanup import Cleanup
from scheduler.jobs.intervals import IntervalJobs
from scheduler.jobs.leader import Leadership
from scheduler.planning.open_questions import AskAgain, AskedAgain
from scheduler.planning.plan_tick import Planner

if TYPE_CHECKING:
    from bot.channels.telegram.webhook import WebhookServer
    from bot.web.server import WebServer

log = logging.getLogger(__name__)


@dataclass
class Program:
    """All components of the running program: build it with `assemble`, then `start` and `stop`."""

    database: Database
    bot: Bot
    bot_context: BotContext
    planner: Planner
    dispatcher: Dispatcher
    intake: Intake
    ticks: IntervalJobs
    holidays: HolidayWatch
    housekeeping: Cleanup
    incidents: Alerts
    duty: Leadership
    progress: BroadcastProgress
    settings: Settings
    requests: tuple[AiohttpRequest, ...] = ()
    listening: asyncio.Task[None] | None = None
    webhook: "WebhookServer | None" = None
    _held: ExitStack = field(default_factory=ExitStack, init=False)
    servers: "list[WebServer]" = field(default_factory=list)

    async def start(self) -> None:
        """Upgrade the schema, connect to Telegram, and start the servers, the intake and the ticks.

        Raises InUseError where another process runs on the same SQLite file, InvalidToken for a wrong token.
        """
        # Before the upgrade: a second process on a SQLite file must not touch its schema.
        self._held.enter_context(hold_single_instance(self.database))
        await asyncio.to_thread(upgrade_schema, self.database)
        await self.database.run(
            audit.record_settings, list_changed_values(self.settings), at=self.bot_context.now()
        )
        await _connect(self.bot.initialize)
        await telegram_adapter.set_commands(self.bot)
        self._serve()
        if self.settings.dashboard.mini_app and self.settings.dashboard.enabled:
            await telegram_adapter.set_page_button(self.bot, get_mini_app_address(self.settings.dashboard))
        self.ticks.start(self.plan, self.dispatcher.run_once, plan_seconds=1.0)
        if self.webhook is not None:
            await _connect(self.webhook.start)
        # With a webhook the intake handles updates without polling: Telegram refuses both at once.
        self.listening = asyncio.create_task(self.intake.run(poll=self.webhook is None))

    def _serve(self) -> None:
        """Start the servers of the calendar feeds and the page where the settings enable them.

        Raises OSError where a port is taken.
        """
        page = self.settings.dashboard
        if not (self.settings.web.enabled or page.enabled):
            return
        # The HTTP servers and the templates are loaded only by who serves them.
        from bot.web.feeds import build_feed_app
        from bot.web.server import WebServer

        if self.settings.web.enabled:
            feeds = build_feed_app(self.database, lambda: self.bot_context.rules, self.bot_context.now)
            self.servers.append(WebServer(feeds, self.settings.web.host, self.settings.web.port))
        if page.enabled:
            from bot.web.dashboard.app import Page

            token = self.bot.token
            self.servers.append(WebServer(Page(self.bot_context, page, token).app(), page.host, page.port))
        for server in self.servers:
            server.start()
        if page.enabled:
            self.bot_context.page_address = partial(get_link, page, self.servers[-1].port)

    async def plan(self) -> int:
        """Run one plan tick with the current days off; returns the number of new deliveries."""
        workdays = self.holidays.news()
        if workdays is not None:
            self.planner.rules = self.bot_context.rules = replace(self.planner.rules, workdays=workdays)
        return await asyncio.to_thread(self._plan)

    def _plan(self) -> int:
        """Plan in a worker thread, because computing the occurrences of a bureau takes seconds."""
        if not self.duty.mine():
            return 0
        created = self.planner.run_tick()
        self.housekeeping.tick()
        return created + self.incidents.tick() + self.progress.tick()

    async def stop(self) -> None:
        """Stop the intake, finish and mark what is being sent, and release every resource."""
        if self.webhook is not None:
            await self.webhook.stop()
        await self.intake.stop()
        for server in self.servers:
            await server.stop()
        if self.listening is not None:
            await self.listening
        # The dispatcher stops after the ticks: a tick that still ran could claim new deliveries.
        await self.ticks.stop()
        await self.dispatcher.stop()
        # The database closes last: the dispatcher marks what it has sent until here.
        with contextlib.suppress(Exception):  # the database is away: the lease ends by itself
            await asyncio.to_thread(self.duty.give_back)
        await self.bot.shutdown()
        for request in self.requests:
            await request.shutdown()
        await asyncio.to_thread(self.database.close)
        self._held.close()


async def _connect(call: Callable[[], Awaitable[None]]) -> None:
    """Make the first call to Telegram; repeat it while the network is down.

    Raises InvalidToken and BadRequest at once, because repeating the call cannot help.
    """
    # Without an end: after a power failure the router is often up later than this computer.
    for wait in chain((1, 2, 4, 8), repeat(15)):
        try:
            await call()
        except (InvalidToken, BadRequest):
            raise
        except NetworkError as error:
            log.warning("Telegram cannot be reached (%s); trying again in %d s", error.message, wait)
            await asyncio.sleep(wait)
        else:
            return


def build_program(
    settings: Settings, clock: CivilClock, *, limits: Limits | None = None, step: CrashPoint = skip_step
) -> Program:
    """Build the program from the settings; `step` is called at the named points of a run.

    Raises ValueError where the settings hold no token.
    """
    token = settings.telegram.token
    if token is None:
        raise ValueError("a token is needed")
    database = Database(settings.database.url)
    rules = build_rulebook(settings)
    # Polling has a connection of its own: a held getUpdates must not occupy one of the sending pool.
    requests = AiohttpRequest(), AiohttpRequest(connections=1)
    bot = _build_bot(token.get_secret_value(), settings.telegram.base_url, requests)
    bot_context = BotContext(database, rules, clock.now)
    bot_context.invitation_days = settings.invitations.valid_days
    bot_context.times, bot_context.voice = build_times(settings), build_voice(settings)
    bot_context.feed_address = partial(feed_address, settings.web) if settings.web.enabled else None
    channel = TelegramChannel(bot)
    bot_context.voice = replace(bot_context.voice, capabilities=channel.capabilities)
    planner = Planner(
        database, rules, bot_context.times, clock.now, _build_ask_again(bot_context), bot_context.voice
    )
    planner.receipt = read_receipts.build_receipt_rows() if settings.reminders.receipts else None
    dispatcher = Dispatcher(
        database,
        channel,
        now=clock.now,
        still_matters=planner.find_pointless,
        preface=planner.format_late,
        # A SQLite file has one process, which may use nearly all of Telegram's rate by itself.
        limits=limits or (SINGLE_PROCESS if database.sqlite else None),
        step=step,
        make_file=render_file,
    )
    # A token is "ID:SECRET", so the id needs no call to Telegram.
    bot_id = int(bot.token.partition(":")[0])
    adapter = telegram_adapter.Adapter(bot_context, bot, bot_id=bot_id, send_now=dispatcher.send_now)
    intake = Intake(database, bot, adapter.handle, step=step)
    watch = HolidayWatch(get_holidays_folder(settings))
    housekeeping = Cleanup(database, clock.now, settings.privacy.keep_messages_days)
    return Program(
        database,
        bot,
        bot_context,
        planner,
        dispatcher,
        intake,
        IntervalJobs(),
        watch,
        housekeeping,
        Alerts(database, bot_context.times, clock.now, voice=bot_context.voice),
        Leadership(database),
        BroadcastProgress(database, clock.now, _list_stop_buttons, bot_context.voice),
        settings,
        requests,
        webhook=_webhook(settings, bot, intake, token.get_secret_value()),
    )


def _webhook(settings: Settings, bot: Bot, intake: Intake, token: str) -> "WebhookServer | None":
    if settings.webhook.url is None:
        return None
    from bot.channels.telegram.webhook import WebhookServer, get_endpoint

    hook = get_endpoint(settings.webhook, token)
    return WebhookServer(bot, intake.take, hook) if hook is not None else None


def _build_bot(token: str, root: str, requests: tuple[AiohttpRequest, AiohttpRequest]) -> Bot:
    sending, polling = requests
    return Bot(token, f"{root}/bot", f"{root}/file/bot", request=sending, get_updates_request=polling)


def _list_stop_buttons(broadcast_id: int) -> list[Any]:
    rows = broadcast.build_stop_rows(broadcast_id)
    return [[[button.label, button.data] for button in row] for row in rows]


def _build_ask_again(bot_context: BotContext) -> AskAgain:
    def ask_again(session: Session, report: Report, now: datetime) -> AskedAgain | None:
        return questions.repeat_next_morning(bot_context, session, report, now)

    return ask_again
