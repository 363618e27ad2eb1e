"""Deliveries in flight: intent, send and mark, in cycles of one transaction each.

A cycle marks the outcomes that came back, commits the intent for as many rows as can leave now, and puts
exactly these in flight. While it is being committed, further outcomes gather: under load one commit serves
many rows, and a single row waits for no other.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.delivery import rate_limits, transitions
from models.storage.database import Database
from models.storage.errors import format_first_line, is_database_away
from scheduler.channel import Channel, FailureKind, TransportError
from scheduler.delivery.limits import Limits
from scheduler.delivery.outcomes import ClaimedDelivery, MarkTransaction, NetworkState, Outcome, mark_outcomes
from scheduler.delivery.pacer import Pacer
from scheduler.delivery.queue import DeliveryQueue

# Slots are reserved at most this many seconds ahead, so that no process hoards them.
HORIZON_SECONDS = 1.0
# The longest pause between two tries while the network is away.
LONGEST_REST = 15.0

CrashPoint = Callable[[str], None]
log = logging.getLogger(__name__)


def skip_step(_name: str) -> None:
    """Do nothing at a crash point."""


class CycleResult(NamedTuple):
    """What one cycle's transaction decided.

    The first `taken` rows are done with; those whose ids are in `intended` leave now. `now` is its machine
    second; `slots` are those that it reserved, None where none were asked for.
    """

    now: float
    verdict: NetworkState
    slots: list[float] | None
    taken: int
    intended: set[int]


class Sender:
    """The rows that this process has claimed, until each has ended.

    `on_settled` is called after each cycle in which rows ended.
    """

    def __init__(
        self,
        database: Database,
        channel: Channel,
        limits: Limits,
        *,
        me: str,
        now: Callable[[], datetime],
        step: CrashPoint = skip_step,
        on_settled: Callable[[], None] = lambda: None,
    ) -> None:
        self._on_settled = on_settled
        self._database, self._channel, self._limits = database, channel, limits
        self._me, self._now, self._step = me, now, step
        self._queue = DeliveryQueue()
        self._wake, self._progress = asyncio.Event(), asyncio.Event()
        self._pace = Pacer(limits, self._wake.set)
        self._flying: dict[int, asyncio.Task[None]] = {}
        self._alone = False
        self._results: list[Outcome] = []
        self._settled: dict[int, asyncio.Future[None]] = {}
        self._worker: asyncio.Task[None] | None = None
        self._failures = 0
        self._resting_until = 0.0
        self._stopping = False

    @property
    def waiting(self) -> int:
        """How many claimed rows are not in flight yet."""
        return len(self._queue)

    @property
    def busy(self) -> bool:
        """Whether any claimed row has not ended."""
        return bool(self._settled)

    def holds(self, delivery_id: int) -> bool:
        """Whether this delivery was added and has not ended."""
        return delivery_id in self._settled

    @property
    def rest(self) -> float:
        """Seconds for which nothing should be claimed, since the network was out of reach just now."""
        return max(0.0, self._resting_until - time.monotonic())

    def add(self, rows: Iterable[ClaimedDelivery]) -> list[asyncio.Future[None]]:
        """Add claimed rows; each future is done when its row has ended."""
        futures = []
        for row in rows:
            self._settled[row.id] = asyncio.get_running_loop().create_future()
            futures.append(self._settled[row.id])
            self._queue.add(row)
        if futures and (self._worker is None or self._worker.done()):
            self._worker = asyncio.create_task(self._work())
        self._wake.set()
        return futures

    async def change(self, patience: float) -> None:
        """Wait until a row has ended, at most `patience` seconds."""
        if not self._settled:
            return
        self._progress.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._progress.wait()

    async def stop(self, patience: float) -> None:
        """Start no further sends; wait at most `patience` seconds for those in flight and mark them."""
        self._stopping = True
        self._wake.set()
        if self._worker is not None and not self._worker.done():
            await asyncio.wait([self._worker], timeout=patience)
            self._worker.cancel()
            await asyncio.wait([self._worker])

    async def _work(self) -> None:
        """Run cycles until every row has ended; retries while the database is away."""
        pause = 0.0
        while self.busy:
            self._wake.clear()
            try:
                while self._turn_is_due():
                    await self._turn()
                    pause = 0.0
            except Exception as error:
                if not is_database_away(error):
                    return self._give_up(error)
                # Nothing was marked: the outcomes stay and are marked when the database is back.
                pause = min(pause * 2 or 0.25, 5.0)
                log.error("deliveries cannot be marked now: %s", format_first_line(error))
                await asyncio.sleep(pause)
                continue
            if self.busy:
                await self._sleep()
        return None

    def _give_up(self, error: Exception) -> None:
        """Fail all futures after an error of the program; the rows return when their leases end."""
        self._queue.empty()
        self._results.clear()
        settled, self._settled = self._settled, {}
        for future in settled.values():
            if not future.done():
                future.set_exception(error)
                future.exception()  # seen: nobody may be waiting
        log.error("sending failed", exc_info=error)

    def _turn_is_due(self) -> bool:
        """Whether a cycle has outcomes to mark, slots to reserve or rows to send."""
        if self._results or self._slots_wanted() > 0:
            return True
        return bool(self._queue) and (self._grounded or self._room() > 0)

    @property
    def _grounded(self) -> bool:
        """Whether rows are given back instead of sent."""
        return self._stopping or self.rest > 0

    def _free(self) -> int:
        """How many more may be in flight; none beside a quarantined row."""
        if self._alone or (self._queue.next_is_alone and self._flying):
            return 0
        return self._limits.in_flight - len(self._flying)

    def _room(self, more: int = 0) -> int:
        """How many can be put in flight now, with `more` slots beside those in hand."""
        return int(min(self._free(), self._pace.room() + more))

    def _slots_wanted(self) -> int:
        """How many slots the next transaction should reserve."""
        return self._pace.wanted(len(self._queue) if self._free() > 0 else 0)

    async def _turn(self) -> None:
        """One cycle: mark outcomes, commit the intent for rows that can leave, and let them leave."""
        results, self._results = self._results, []
        begun = time.monotonic()
        release_after = self.rest if self._grounded else None
        wanted = self._slots_wanted() if release_after is None else 0
        in_hand = self._room()
        rows = self._queue.empty() if release_after is not None else self._queue.take(self._room(wanted))
        try:
            done = await self._database.run(
                self._mark_and_intend,
                results,
                rows,
                release_after=release_after,
                wanted=wanted,
                in_hand=in_hand,
            )
        except BaseException:
            # The transaction was undone: outcomes and rows are kept for the next cycle.
            self._results = results + self._results
            self._queue.restore(rows)
            raise
        self._heed(done.verdict, results, done.now)
        if wanted > 0 and done.slots is not None:
            # Slots are machine seconds of the database, which may be another computer's clock.
            ahead = time.monotonic() - done.now
            self._pace.give(slot + ahead for slot in done.slots)
        self._pace.took(time.monotonic() - begun)
        self._after_commit(results, rows, done, begun)

    def _mark_and_intend(
        self,
        session: Session,
        results: list[Outcome],
        rows: list[ClaimedDelivery],
        *,
        release_after: float | None,
        wanted: int,
        in_hand: int,
    ) -> "CycleResult":
        """The writes of one cycle. It runs in a writing thread and changes nothing of this object.

        With `release_after` the rows are given back for so many seconds. Otherwise up to `wanted` slots are
        reserved, and as many rows leave as there are slots, with `in_hand` from before.
        """
        now = self._database.now(session)
        marks = MarkTransaction(session, self._me, now, self._now(), self._limits.doubtful_rest)
        verdict = mark_outcomes(marks, results)
        self._spend(session, results, now)
        if release_after is not None:
            back = {row.id: (now + release_after, row.delivery.error) for row in rows}
            transitions.put_back(session, back, me=self._me)
            return CycleResult(now, verdict, None, len(rows), set())
        if verdict.blocked_until > now or verdict.unreachable is not None:
            return CycleResult(now, verdict, None, 0, set())  # the next turn gives the rows back
        slots = self._reserve(session, wanted, now)
        # An intent makes a row doubtful if the process ends, so that only rows with a slot get one.
        leaving = rows[: in_hand + len(slots)] if self._limits.per_second else rows
        return CycleResult(now, verdict, slots, len(leaving), self._intend(session, leaving, now))

    def _heed(self, verdict: NetworkState, results: list[Outcome], now: float) -> None:
        """Rest as the outcomes require: as long as the network asked, or longer after each failure."""
        if verdict.blocked_until > now:
            self._resting_until = time.monotonic() + verdict.blocked_until - now
            log.warning("the bot has to wait %.0f s before it may send again", verdict.blocked_until - now)
        elif verdict.unreachable is not None:
            self._failures += 1
            # Exponential, so that a long outage costs few requests and a short one little time.
            rest = min(0.5 * 2**self._failures, LONGEST_REST)
            self._resting_until = time.monotonic() + rest
            log.warning("nothing can be sent, next try in %.0f s: %s", rest, verdict.unreachable)
        elif any(outcome.key is not None for outcome in results):
            self._failures = 0

    def _reserve(self, session: Session, wanted: int, now: float) -> list[float]:
        """Reserve up to `wanted` slots of the bot; returns their machine seconds."""
        if wanted <= 0:
            return []
        spacing = self._limits.spacing
        return rate_limits.reserve_bot_slots(
            session, wanted, spacing=spacing, now=now, horizon=HORIZON_SECONDS
        )

    def _intend(self, session: Session, rows: list[ClaimedDelivery], now: float) -> set[int]:
        """Commit the intent for rows; returns the ids of those whose lease still holds."""
        if not rows:
            return set()
        # One lease for all rows of the cycle: the slowest request decides.
        upload = self._limits.upload if any(row.enclosure for row in rows) else 0.0
        until = now + self._limits.lease + upload
        return transitions.commit_intent(session, [row.id for row in rows], me=self._me, until=until)

    def _spend(self, session: Session, results: list[Outcome], now: float) -> None:
        """Charge the chats' budgets.

        Time counts from the answer on, since the message has certainly arrived by then.
        """
        if not self._limits.paced:
            return
        arrived = (
            outcome.row
            for outcome in results
            if outcome.error is None or outcome.error.kind is FailureKind.UNCERTAIN
        )
        spent = {
            row.delivery.chat_id: self._limits.spend(now, row.slot_at, row.recent, group=row.group)
            for row in arrived
        }
        rate_limits.store_budgets(session, spent)

    def _after_commit(
        self, results: list[Outcome], rows: list[ClaimedDelivery], done: "CycleResult", begun: float
    ) -> None:
        """Put the intended rows in flight, return those left to the queue and end the others."""
        if done.intended:
            self._step("after_intent")
        if results:
            self._step("after_mark")
        taken, left = rows[: done.taken], rows[done.taken :]
        self._queue.restore(left)
        for row in taken:
            if row.id in done.intended:
                self._fly(row, self._write_by(begun))
        ended = [outcome.row for outcome in results] + [row for row in taken if row.id not in done.intended]
        if ended:
            self._settle(ended)

    def _settle(self, rows: list[ClaimedDelivery]) -> None:
        """Complete the futures of rows that have ended."""
        for row in rows:
            future = self._settled.pop(row.id, None)
            if future is not None and not future.done():
                future.set_result(None)
        self._progress.set()
        self._on_settled()

    def _write_by(self, begun: float) -> float:
        """The latest monotonic second for writing what a transaction begun then has intended."""
        # Two seconds of margin: the request has to end before the lease does.
        return begun + self._limits.lease - self._limits.timeout - 2.0

    def _fly(self, row: ClaimedDelivery, write_by: float) -> None:
        """Start the request of one row."""
        self._alone = row.delivery.alone
        self._flying[row.id] = asyncio.create_task(self._send(row, write_by))

    async def _send(self, row: ClaimedDelivery, write_by: float) -> None:
        """Send one row and keep its outcome for the next cycle."""
        try:
            outcome = Outcome(row, key=await self._put_on_the_wire(row, write_by))
            self._step("after_send")
        except TransportError as error:
            outcome = Outcome(row, error=error)
        # The request may have left: only UNCERTAIN is safe to say.
        except asyncio.CancelledError:
            outcome = Outcome(row, error=TransportError(FailureKind.UNCERTAIN, "cancelled"))
        except Exception as error:
            log.exception("a message could not be built")
            outcome = Outcome(row, error=TransportError(FailureKind.DEAD_MESSAGE, repr(error)))
        self._results.append(outcome)
        del self._flying[row.id]
        self._alone = False
        self._wake.set()

    async def _put_on_the_wire(self, row: ClaimedDelivery, write_by: float) -> str:
        """Wait for the pacer and send; returns the message's key."""
        try:
            async with asyncio.timeout(write_by - time.monotonic()):
                await self._pace.depart()
        except TimeoutError:
            raise TransportError(FailureKind.OVERDUE, "its turn did not come in time") from None
        try:
            return await self._channel.send(row.letter(write_by))
        finally:
            self._pace.arrive()

    async def _sleep(self) -> None:
        """Wait until an outcome comes back or a slot is near."""
        timeout = None
        if self._pace.crowded or (self._free() > 0 and self._queue):
            timeout = max(0.001, self._pace.next_moment() - time.monotonic())
        try:
            async with asyncio.timeout(timeout):
                await self._wake.wait()
        except TimeoutError:
            pass
