"""The intake: stores raw updates before they are acknowledged and has them handled."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from telegram import Bot

from bot.channels.telegram.polling import UpdatePoller
from bot.intake.outage import OutageWatch
from bot.intake.worker import InboxWorker
from models.delivery import inbox
from models.delivery.presence import get_presence
from models.storage.database import Database
from models.storage.errors import format_first_line
from scheduler.delivery.sender import CrashPoint, skip_step

Handle = Callable[[dict[str, Any]], Awaitable[bool | None]]
HEARTBEAT_SECONDS = 20.0
log = logging.getLogger(__name__)


class Intake:
    """Stores updates and has each handled once: in order within a chat, chats in parallel.

    `handle` runs one raw update: it marks it with `models.delivery.inbox.done` in its own transaction
    and returns True, and raises when it fails; an update that it leaves unmarked has an unknown kind
    and is ignored.
    """

    def __init__(
        self,
        database: Database,
        bot: Bot,
        handle: Handle,
        *,
        step: CrashPoint = skip_step,
    ) -> None:
        me = get_presence(database).create_lease_name()
        self.bot_id = int(bot.token.partition(":")[0])
        self._database, self._step = database, step
        self._handling = InboxWorker(
            database, self.bot_id, handle, me=me, parallel=database.at_once, step=step
        )
        self._hearing = OutageWatch(database, self.bot_id)
        self._polling = UpdatePoller(
            database, bot, self.bot_id, self.take, hearing=self._hearing, me=me, step=step
        )
        self._stopped = asyncio.Event()

    @property
    def standing_by(self) -> bool:
        """Whether another process or program polls instead of this one."""
        return self._polling.standing_by

    async def take(self, updates: Sequence[Any]) -> int:
        """Store raw updates; returns how many are new. Afterwards they may be acknowledged."""
        new = await self._database.run(inbox.add_updates, self.bot_id, updates, at=datetime.now(UTC))
        # The point at which updates are stored and not yet acknowledged.
        if updates:
            self._step("after_inbox")
        self._handling.wake()
        return new

    async def handle_pending(self) -> None:
        """Handle all stored updates that are open."""
        await self._handling.drain()

    async def run(self, *, poll: bool = True) -> None:
        """Handle updates until `stop`; poll for them unless a webhook delivers them."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._handling.run())
            group.create_task(self._polling.run() if poll else self._hear())

    async def _hear(self) -> None:
        """Record at intervals that a webhook can deliver updates."""
        while not self._stopped.is_set():
            try:
                await self._hearing.note()
            except Exception as error:  # the database is away: it goes on afterwards
                log.error("the inbox cannot be marked: %s", format_first_line(error))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await self._stopped.wait()

    async def stop(self) -> None:
        """Stop fetching, and finish what is being handled."""
        self._stopped.set()
        await self._polling.stop()
        await self._handling.stop()
