"""The queue of updates, and the long poll that delivers them."""

import asyncio
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bot.demo.telegram.errors import build_conflict

FIRST_ID = 700_000_001
LONGEST_POLL = 50.0
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

Update = dict[str, Any]


@dataclass(slots=True)
class _QueuedUpdate:
    update: Update
    insist: bool = False


class UpdateQueue:
    """Updates wait here until an offset above their id confirms them.

    `holding` is set while a poll is held, that is while the bot is idle; `arrived` is set when something is
    queued. `allowed` lists the kinds that are queued; None means all but those a bot has to ask for.
    """

    def __init__(self) -> None:
        self._waiting: deque[_QueuedUpdate] = deque()
        self.allowed: list[str] | None = None
        self.webhook: str = ""
        self.put_count = 0
        self.arrived = asyncio.Event()
        self.holding = asyncio.Event()
        self._next_id = FIRST_ID
        self._held: asyncio.Future[None] | None = None

    def put(self, kind: str, body: dict[str, Any]) -> int | None:
        """Queue an update and return its id, or None where the bot did not ask for this kind."""
        if kind in NOT_BY_DEFAULT if self.allowed is None else kind not in self.allowed:
            return None
        update_id = self._next_id
        self._next_id += 1
        self.put_raw({"update_id": update_id, kind: body}, insist=False)
        return update_id

    def put_raw(self, update: Update, *, insist: bool = True) -> None:
        """Queue an update unchecked: repeated ids, unknown kinds and malformed ones included.

        With `insist` it is delivered once even where its id is already confirmed.
        """
        self._waiting.append(_QueuedUpdate(update, insist))
        self.put_count += 1
        self.arrived.set()
        self.release_poll()

    def release_poll(self) -> None:
        """Answer the held poll with the updates there are."""
        if self._held is not None and not self._held.done():
            self._held.set_result(None)
            self.holding.clear()

    def head(self, count: int) -> list[Update]:
        """Return the oldest `count` updates without confirming them."""
        return [waiting.update for waiting in islice(self._waiting, count)]

    @property
    def pending(self) -> list[Update]:
        """The unconfirmed updates, oldest first."""
        return [waiting.update for waiting in self._waiting]

    def __len__(self) -> int:
        return len(self._waiting)

    def confirm(self, offset: int) -> None:
        """Remove the updates below an offset; −n keeps the last n."""
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
            return
        insisted = []
        while self._waiting and self._waiting[0].update.get("update_id", 0) < offset:
            waiting = self._waiting.popleft()
            if waiting.insist:
                insisted.append(waiting)
        # `extendleft` reverses its argument.
        self._waiting.extendleft(reversed(insisted))

    def take(self, limit: int) -> list[Update]:
        """Deliver the oldest `limit` updates, which stay queued until they are confirmed."""
        taken = list(islice(self._waiting, limit))
        for waiting in taken:
            waiting.insist = False
        return [waiting.update for waiting in taken]

    def clear(self) -> None:
        """Remove all updates, as Telegram does after 24 hours."""
        self._waiting.clear()

    def remove(self, update: Update) -> None:
        """Remove one update that the webhook has accepted."""
        for waiting in self._waiting:
            if waiting.update is update:
                self._waiting.remove(waiting)
                return

    def end_poll(self, reason: str) -> None:
        """Answer the held poll with 409."""
        if self._held is not None and not self._held.done():
            self._held.set_exception(build_conflict(reason))
        self._held = None
        self.holding.clear()

    def set_webhook(self, url: str) -> None:
        """Deliver to this address ("": to polls) from now on; ends a held poll."""
        if url:
            self.end_poll("terminated by setWebhook request")
        self.webhook = url
        self.arrived.set()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Update]:
        """Return up to `limit` updates from `offset` on; held up to `seconds` while there are none.

        Of two polls the newer one wins: the held one is answered with 409. Raises ApiError.
        """
        if self.webhook:
            raise build_conflict(
                "can't use getUpdates method while webhook is active;"
                " use deleteWebhook to delete the webhook first"
            )
        self.end_poll(
            "terminated by other getUpdates request; make sure that only one bot instance is running"
        )
        self.confirm(offset)
        if not self._waiting and seconds > 0:
            await self._hold(min(seconds, LONGEST_POLL))
        return self.take(limit)

    async def _hold(self, seconds: float) -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._held = mine
        self.holding.set()
        try:
            async with asyncio.timeout(seconds):
                await mine
        except TimeoutError:
            pass
        finally:
            # A newer poll may have taken over meanwhile.
            if self._held is mine:
                self._held = None
                self.holding.clear()
