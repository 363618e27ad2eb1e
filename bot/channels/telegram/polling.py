"""Polling: fetches raw updates and acknowledges them after they are stored."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy.orm import Session
from telegram import Bot
from telegram.error import Conflict, RetryAfter, TelegramError

from bot.intake.outage import OutageWatch
from models.delivery import inbox, leases
from models.delivery.presence import get_presence
from models.storage.database import Database
from models.storage.errors import format_first_line
from scheduler.delivery.sender import CrashPoint

HOLD_SECONDS = 10
LONGEST_SECONDS = HOLD_SECONDS + 12.0  # a request and what it brings, also when the answer is late
LEASE_SECONDS = 25.0
MOST_OPEN_UPDATES = 2_000
BACKLOG_CHECK_EVERY = 100  # updates between two looks at how many wait
UPDATE_KINDS = '["message","edited_message","callback_query","my_chat_member"]'

# getUpdates: the bot warns when a method that it has itself is called for its raw answer, by that spelling.
RAW_UPDATES = "get_updates_"

log = logging.getLogger(__name__)


class UpdatePoller:
    """Polls Telegram for updates in the one process that holds the lease; the others stand by."""

    def __init__(
        self,
        database: Database,
        bot: Bot,
        bot_id: int,
        take: Callable[[Sequence[Any]], Awaitable[int]],
        *,
        hearing: OutageWatch,
        me: str,
        step: CrashPoint,
    ) -> None:
        self._database, self._bot, self._bot_id, self._take = database, bot, bot_id, take
        self._hearing = hearing
        self._me, self._step = me, step
        self._lease = f"poll:{bot_id}"
        self._lease_ends = 0.0
        self._taken_in = BACKLOG_CHECK_EVERY  # what an earlier run left may fill the inbox
        self._offset: int | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self.standing_by = False

    async def run(self) -> None:
        """Poll until `stop`."""
        self._task = asyncio.create_task(self._loop())
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def stop(self) -> None:
        """Cancel the held request and release the lease for a process on standby."""
        if self._task is None:
            return
        self._stopping = True
        while not self._task.done():  # a driver may make an error of its own of a cancellation
            self._task.cancel()
            await asyncio.wait([self._task], timeout=1.0)
        with contextlib.suppress(Exception):
            await self._database.run(leases.release_lease, self._lease, self._me)

    async def _loop(self) -> None:
        failures = 0
        while not self._stopping:
            try:
                if await self._may_poll():
                    await self._round()
                    await self._hearing.note()
                failures = 0
            # 409: another program polls with this token, or a webhook is set.
            except Conflict as error:
                if "webhook" in error.message.lower():
                    log.warning("a webhook is set for this bot and is taken away, since this program polls")
                    await self._take_webhook_away()
                    continue
                # Usually an old process that is about to end, so it is tried again soon.
                self._stand_by(f"another program polls with this token: {error.message}")
                await asyncio.sleep(3.0)
            except RetryAfter as error:
                await asyncio.sleep(_get_seconds(error))
            except Exception as error:  # the network or the database is away: it goes on afterwards
                failures += 1
                log.warning("updates cannot be fetched: %s", format_first_line(error))
                # Doubling up to 15 s spares a server that is recovering, and goes on soon after it has.
                await asyncio.sleep(min(0.5 * 2**failures, 15.0))

    async def _take_webhook_away(self) -> None:
        try:
            await self._bot.delete_webhook()
        except TelegramError as error:
            log.warning("the webhook cannot be taken away: %s", error.message)
            await asyncio.sleep(3.0)

    async def _may_poll(self) -> bool:
        """Whether this process holds the lease and the inbox has room; waits a moment where not."""
        if self._lease_ends - time.monotonic() < LONGEST_SECONDS and not await self._hold():
            self._offset = None
            self._stand_by("another process of this bot polls")
            await asyncio.sleep(2.0)
            return False
        # Counting the backlog is a query, so it is done once for some hundred updates.
        if self._taken_in < BACKLOG_CHECK_EVERY:
            return True
        full = await self._database.fetch(inbox.count_pending, self._bot_id) >= MOST_OPEN_UPDATES
        if full:
            await asyncio.sleep(0.1)
        else:
            self._taken_in = 0
        return not full

    async def _hold(self) -> bool:
        """Take or renew the lease, also from a holder whose process has ended."""
        begun = time.monotonic()
        mine = await self._database.run(self._take_lease)
        # Counted from before the request: the lease may end earlier than noted, never later.
        self._lease_ends = begun + LEASE_SECONDS if mine else 0.0
        return mine

    def _take_lease(self, session: Session) -> bool:
        now = self._database.now(session)
        holder = leases.find_holder(session, self._lease, now=now)
        others = [holder] if holder not in (None, self._me) else []
        # Waiting for the lease of a killed process would delay the first update by up to 25 s.
        dead = get_presence(self._database).list_dead(session, [name for name in others if name])
        return leases.take_lease(session, self._lease, self._me, now=now, seconds=LEASE_SECONDS, dead=dead)

    async def _round(self) -> None:
        """Fetch one batch, store it, and advance the offset, which acknowledges it."""
        updates = await self._fetch()
        if self.standing_by:
            self.standing_by = False
            log.info("polling now")
        if not updates:
            self._offset = None  # all is acknowledged; numbers may start again below the last one
            return
        self._step("after_fetch")
        await self._take(updates)
        self._taken_in += len(updates)
        numbers = [update.get("update_id") for update in updates if isinstance(update, dict)]
        # The next getUpdates with this offset acknowledges the batch, which is stored by now.
        self._offset = max((number for number in numbers if isinstance(number, int)), default=-1) + 1

    async def _fetch(self) -> list[Any]:
        """Call getUpdates for raw updates, because one malformed update would fail a parsed batch."""
        asked: dict[str, Any] = {"timeout": HOLD_SECONDS, "limit": 100, "allowed_updates": UPDATE_KINDS}
        if self._offset is not None:
            asked["offset"] = self._offset
        answer: Any = await self._bot.do_api_request(
            RAW_UPDATES, api_kwargs=asked, read_timeout=HOLD_SECONDS + 10.0
        )
        if not isinstance(answer, list):
            raise TelegramError("getUpdates did not answer with a list")
        return answer

    def _stand_by(self, why: str) -> None:
        if not self.standing_by:
            self.standing_by = True
            log.warning("standing by: %s", why)


def _get_seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()
