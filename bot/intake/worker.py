"""The inbox worker: handles stored updates once each, in order within a chat."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from models.delivery import inbox
from models.delivery.inbox import AlreadyHandledError, LeasedUpdate
from models.delivery.presence import get_presence
from models.storage.database import Database
from models.storage.errors import format_first_line, is_database_away
from scheduler.delivery.quarantine import get_quarantine_lock
from scheduler.delivery.sender import CrashPoint

LEASE_SECONDS = 120.0
LEAST_SECONDS = 30.0
RECOVER_EVERY_SECONDS = 2.0
AT_ONCE = 64
STRANGERS_AT_ONCE = 4

log = logging.getLogger(__name__)


class InboxWorker:
    """Claims stored updates and runs the handler on each; chats are handled in parallel."""

    def __init__(
        self,
        database: Database,
        bot_id: int,
        handle: Callable[[dict[str, Any]], Awaitable[bool | None]],
        *,
        me: str,
        parallel: int,
        step: CrashPoint,
    ) -> None:
        self._database, self._bot_id, self._handle = database, bot_id, handle
        self._me, self._step = me, step
        self._presence, self._turns = get_presence(database), get_quarantine_lock(database)
        self._places = asyncio.Semaphore(parallel)
        self._chats: set[asyncio.Task[None]] = set()
        self._rows = self._strangers = 0
        self._unmarked: list[int] = []
        self._work = asyncio.Event()
        self._left = True
        self._looked_at: float | None = None
        self._lonely = False
        self._stopping = False

    def wake(self) -> None:
        """Look for stored updates now."""
        self._work.set()

    async def run(self) -> None:
        """Handle updates until `stop`; looks every second, since other processes store updates too."""
        while not self._stopping:
            self._work.clear()
            try:
                taken = await self._take_up()
            except Exception as error:  # the database is away: it goes on afterwards
                log.error("the inbox cannot be read: %s", format_first_line(error))
                await asyncio.sleep(1.0)
                continue
            if not taken:
                await self._rest(1.0)

    async def drain(self) -> None:
        """Handle updates until none is open."""
        while await self._take_up() or self._chats:
            if self._chats:
                await asyncio.wait(self._chats, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self) -> None:
        """Begin nothing more, finish what has begun and release the other claims."""
        self._stopping = True
        self._work.set()
        if self._chats:
            await asyncio.wait(self._chats)

    async def _rest(self, seconds: float) -> None:
        """Sleep until there is work, or for some seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._work.wait()
        except TimeoutError:
            pass

    async def _take_up(self) -> bool:
        """Claim a batch and begin it; False where no update was claimed."""
        await self._look_after_others()
        # A quarantined update starts after everything else has ended, so that a crash is attributed to it.
        if self._lonely and self._chats:
            await asyncio.wait(self._chats)
        room = AT_ONCE - self._rows
        # Half a batch at least: claiming single rows would cost a transaction for each.
        if room < AT_ONCE // 2:
            self._left = True  # there may be; whoever ends makes room to look
            return False
        begun, unmarked = time.monotonic(), self._unmarked[:]
        rows, self._left = await self._database.run(
            self._claim,
            unmarked,
            many=1 if self._lonely else room,
            strangers=STRANGERS_AT_ONCE - self._strangers,
            alone=self._lonely,
        )
        # Only those of the committed transaction; tasks may have added others meanwhile.
        del self._unmarked[: len(unmarked)]
        if self._lonely and not rows:
            self._lonely = False
            return True
        # An update begun later could outlive its lease and be handled by a second process.
        self._begin(rows, begun + LEASE_SECONDS - LEAST_SECONDS)
        return bool(rows)

    async def _look_after_others(self) -> None:
        """Recover the updates of dead processes, at most every two seconds."""
        if self._looked_at is not None and time.monotonic() - self._looked_at < RECOVER_EVERY_SECONDS:
            return
        left, self._lonely = await self._database.run(self._recover)
        self._looked_at = time.monotonic()
        if left:
            log.warning("taken up after a crash: %d updates", left)

    def _recover(self, session: Session) -> tuple[int, bool]:
        """Recover updates of dead processes: how many, and whether any is quarantined."""
        now = self._database.now(session)
        dead = self._presence.list_dead(session, inbox.list_holders(session))
        left = inbox.recover_updates(session, now=now, dead=dead)
        return left, inbox.has_quarantined(session, self._bot_id)

    def _claim(
        self, session: Session, unmarked: list[int], *, many: int, strangers: int, alone: bool
    ) -> tuple[list[LeasedUpdate], bool]:
        """Mark ignored updates and claim the next ones; also returns whether more are left."""
        inbox.mark_ignored(session, unmarked, me=self._me)
        until = self._database.now(session) + LEASE_SECONDS
        return inbox.claim(
            session,
            self._bot_id,
            me=self._me,
            until=until,
            many=many,
            strangers=strangers,
            alone=alone,
        )

    def _begin(self, rows: list[LeasedUpdate], begin_by: float) -> None:
        """Start one task for each chat among the claimed updates."""
        self._rows += len(rows)
        self._strangers += sum(row.stranger for row in rows)
        # `groupby` needs sorted rows; the id is the order of arrival.
        chats = sorted(rows, key=lambda row: (row.chat_key, row.id))
        for _, mine in groupby(chats, key=lambda row: row.chat_key):
            task = asyncio.create_task(self._chat(list(mine), begin_by))
            self._chats.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Forget an ended task, and wake the loop where there may be work."""
        self._chats.discard(task)
        # Unmarked updates are written with the next claim, which saves a transaction for each.
        if self._left or self._unmarked or self._stopping:
            self._work.set()

    async def _chat(self, rows: list[LeasedUpdate], begin_by: float) -> None:
        """Handle a chat's updates in order; release those that cannot begin before `begin_by`."""
        left = list(rows)
        try:
            while left and not self._stopping and time.monotonic() < begin_by:
                async with self._places:
                    await self._one(left[0], begin_by)
                left.pop(0)
                self._rows -= 1
            if left:
                await self._database.run(inbox.give_back, [row.id for row in left], me=self._me)
                self._left = True
        except Exception as error:  # the database is away: their lease runs out, then they are taken up
            log.error("updates have to wait: %s", format_first_line(error))
        finally:
            self._rows -= len(left)
            self._strangers -= sum(row.stranger for row in rows)

    async def _one(self, row: LeasedUpdate, begin_by: float) -> None:
        """Handle one update; while a quarantined one runs, this process begins nothing else."""
        if not row.alone:
            return await self._attempts(row, begin_by)
        async with self._turns.one():
            return await self._attempts(row, begin_by)

    async def _attempts(self, row: LeasedUpdate, begin_by: float) -> None:
        """Try an update until it is handled, set aside or marked by another process.

        Raises whatever a lost database raises once `begin_by` has passed.
        """
        pause = 0.1
        counted = not row.alone
        while True:
            try:
                if not counted and not await self._may_start(row):
                    return _log_set_aside(row)
                counted = True
                if await self._try(row):
                    return None
            except AlreadyHandledError:
                return None
            except Exception as error:
                # A lost database is no fault of the update, so that the attempt does not count.
                if not is_database_away(error) or time.monotonic() > begin_by:
                    raise
                log.error("the database is away: %s", format_first_line(error))
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)

    async def _try(self, row: LeasedUpdate) -> bool:
        """Make one attempt; False where another one should follow."""
        self._step("in_handler")
        try:
            marked = await self._handle(json.loads(row.raw))
        except AlreadyHandledError:
            raise
        except Exception as error:
            if is_database_away(error):
                raise
            # The formatter prints the traceback without the error's message, which may quote the update.
            log.exception("update %d cannot be handled", row.update_id)
            if not await self._failed(row, error):
                return False
            _log_set_aside(row)
            return True
        if not marked:
            self._unmarked.append(row.id)
        return True

    async def _may_start(self, row: LeasedUpdate) -> bool:
        """Count the attempt of a quarantined update; False where it is set aside."""
        return await self._database.run(inbox.record_start, row.id, me=self._me)

    async def _failed(self, row: LeasedUpdate, error: Exception) -> bool:
        """Record a failed attempt; True where the update is set aside."""
        return await self._database.run(inbox.record_failure, row.id, me=self._me, error=repr(error))


def _log_set_aside(row: LeasedUpdate) -> None:
    log.error("update %d is set aside", row.update_id)
