"""The dispatcher: claims due deliveries, checks that they still matter and has them sent."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models.delivery import claims, incidents, rate_limits, restore_gap, transitions
from models.delivery.claims import Leased
from models.delivery.presence import presence
from models.register import chats
from models.storage.database import Database
from models.storage.errors import first_line
from scheduler.channel import Channel
from scheduler.delivery.answers import Hurry
from scheduler.delivery.attachments import Enclosures, Make
from scheduler.delivery.limits import Limits
from scheduler.delivery.outcomes import Claimed
from scheduler.delivery.quarantine import turns
from scheduler.delivery.sender import Flight, Step, no_step

LOOK_AFTER = 2.0
LEAST_PAUSE = 0.01
LONGEST_PAUSE = 0.5

StillMatters = Callable[[AsyncSession, Sequence[Leased]], Awaitable[dict[int, str]]]
Preface = Callable[[Leased, datetime], str]
log = logging.getLogger(__name__)


def _nothing(_row: Leased, _now: datetime) -> str:
    return ""


class Dispatcher:
    """Sends what is due. Any number of processes may run one on the same PostgreSQL database.

    `now` is the civil clock; `still_matters` gives, for deliveries about to be sent, those that must
    not be: id → reason. `preface` gives what is said before a text that leaves now. `make_file` makes
    the files that are kept as values; `step` is told the named points of a run.
    """

    def __init__(
        self,
        database: Database,
        channel: Channel,
        *,
        now: Callable[[], datetime],
        still_matters: StillMatters | None = None,
        preface: Preface = _nothing,
        limits: Limits | None = None,
        step: Step = no_step,
        make_file: Make | None = None,
    ) -> None:
        self._presence, self._turns = presence(database), turns(database)
        self.me = self._presence.lease_name()
        self._database, self._now, self._still_matters = database, now, still_matters
        self._preface = preface
        self._limits = limits or Limits()
        self._step = step
        self._flight = Flight(database, channel, self._limits, me=self.me, now=now, step=step)
        self._enclosures = Enclosures(database, make_file)
        self._hurry = Hurry(self._take_up, self._flight, self._limits.batch)
        self._looked_at: float | None = None
        self._gap: tuple[datetime, datetime] | None = None
        self._lonely = False
        self._claiming = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopping = False

    async def run_once(self) -> int:
        """One round: claim, check, intend, send and mark about a second's worth; gives how many."""
        futures = await self._take_up()
        await asyncio.gather(*futures)
        return len(futures)

    async def send_now(self, ids: Sequence[int]) -> None:
        """Have these answers sent at once; waits for nothing."""
        self._step("before_answer")
        if ids and not self._stopping:
            self._hurry.ask(ids)

    async def answered(self, patience: float) -> None:
        """Until the answers asked for so far are sent, at most `patience` seconds."""
        await self._hurry.wait(patience)

    async def drain(self, patience: float = 5.0) -> int:
        """Round after round until nothing is due or may be sent within `patience` seconds; gives how many."""
        handled = 0
        pause = LEAST_PAUSE
        while not self._stopping:
            if self._flight.waiting > self._limits.batch // 2:
                await self._flight.change(0.25)
                continue
            taken = await self._take_up()
            handled += len(taken)
            if taken:
                pause = LEAST_PAUSE
                continue
            if self._flight.busy:
                await self._flight.change(0.25)
                continue
            if self._claiming:
                await asyncio.sleep(LEAST_PAUSE)
                continue
            wait = await self._until_next()
            if wait is None or wait > patience:
                break
            await asyncio.sleep(max(wait, pause))
            pause = min(pause * 2, LONGEST_PAUSE)
        return handled

    async def stop(self, patience: float = 20.0) -> None:
        """Claim nothing more but answers; what is being sent is finished and marked, the rest given back."""
        ends = time.monotonic() + patience
        await self.answered(patience)
        self._stopping = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._idle.wait()
        await self._flight.stop(max(0.0, ends - time.monotonic()))
        self._enclosures.close()

    async def _take_up(self, ids: Sequence[int] | None = None) -> list[asyncio.Future[None]]:
        """Claim rows and hand those that may be sent to the flight."""
        if self._stopping or self._flight.rest:
            return []
        self._claiming += 1
        self._idle.clear()
        try:
            return await self._claim_and_check(ids)
        finally:
            self._claiming -= 1
            if not self._claiming:
                self._idle.set()

    async def _claim_and_check(self, ids: Sequence[int] | None) -> list[asyncio.Future[None]]:
        await self._look_after_others()
        if self._lonely and ids is None and (tried := await self._try_alone()):
            return tried
        async with self._turns.one():
            rows = await self._claim(ids)
            leaving = self._flight.add(row for row in rows if row.write_by is not None)
        waiting = [row for row in rows if row.write_by is None]
        return leaving + self._hand_over(await self._drop_obsolete(waiting))

    async def _try_alone(self) -> list[asyncio.Future[None]]:
        """Send one row that a crash left behind, while nothing else is begun; what is given has ended."""
        async with self._turns.one():
            rows = await self._claim(None, alone=True)
            futures = self._hand_over(await self._drop_obsolete(rows))
            await asyncio.gather(*futures)
            return futures

    def _hand_over(self, rows: list[Claimed]) -> list[asyncio.Future[None]]:
        ready = self._flight.add(row for row in rows if row.delivery.file_id is None)
        return ready + [self._with_file(row) for row in rows if row.delivery.file_id is not None]

    def _with_file(self, row: Claimed) -> asyncio.Future[None]:
        """Have the row's file made, which no other row waits for, and hand it to the flight then."""
        self._claiming += 1
        self._idle.clear()
        return asyncio.create_task(self._make_and_add(row))

    async def _make_and_add(self, row: Claimed) -> None:
        try:
            if row.delivery.alone:
                async with self._database.begin() as session:
                    await transitions.started(session, row.id, me=self.me)
            await self._enclosures.put_in(row)
            settled = self._flight.add([row])
        except Exception as error:
            log.error("a delivery with a file has to wait: %s", first_line(error))
            await self._give_back([row])
            return
        finally:
            self._claiming -= 1
            if not self._claiming:
                self._idle.set()
        await asyncio.gather(*settled)

    async def _look_after_others(self) -> None:
        """Take up what dead processes left, now and then."""
        if self._looked_at is not None and time.monotonic() - self._looked_at < LOOK_AFTER:
            return
        first = self._looked_at is None
        async with self._database.begin() as session:
            now = await self._database.now(session)
            if first and self._database.sqlite:
                await rate_limits.forget(session, latest=now + 86_400)
                await transitions.forget(session, latest=now + 86_400)
            if first:
                self._gap = await restore_gap.gap(session)
            dead = await self._presence.dead(session, await transitions.holders(session))
            leased, doubtful = await transitions.recover(session, now=now, dead=dead)
            self._lonely = await transitions.any_alone(session)
        self._looked_at = time.monotonic()
        if leased or doubtful:
            log.warning("taken up after a crash: %d not sent, %d perhaps sent", leased, doubtful)

    async def _claim(self, ids: Sequence[int] | None, *, alone: bool = False) -> list[Claimed]:
        async with self._database.begin() as session:
            now = await self._database.now(session)
            if await rate_limits.bot_blocked_until(session) > now:
                return []
            until = now + self._limits.lease
            due = self._now()
            if alone:
                found = await claims.claim_alone(session, me=self.me, due=due, now=now, until=until)
                rows = [found] if found else []
                self._lonely = bool(rows)
            elif ids is not None:
                rows = await claims.claim_answers(session, ids, me=self.me, due=due, now=now, until=until)
            else:
                many = self._limits.batch
                rows = await claims.claim(session, me=self.me, due=due, now=now, until=until, many=many)
            ready = await self._admit(session, rows, due, now)
            if ids is not None:
                await self._flight.board(session, [row for row in ready if _leaves_at_once(row)], now)
        if rows:
            self._step("after_claim")
        return ready

    async def _admit(
        self, session: AsyncSession, rows: list[Leased], due: datetime, now: float
    ) -> list[Claimed]:
        """Those whose chat can be written to now; the others are closed or put back."""
        places = {
            place.id: place for place in await chats.destinations(session, {row.chat_id for row in rows})
        }
        spent = await rate_limits.chats(session, places) if self._limits.paced else {}
        ready: list[Claimed] = []
        closed: dict[int, tuple[str, str]] = {}
        later: dict[int, tuple[float, str | None]] = {}
        if self._gap:
            rows = await transitions.doubted(session, rows, *self._gap)
        for row in rows:
            chat, budget = places[row.chat_id], spent.get(row.chat_id)
            if chat.suspended_at is not None:
                closed[row.id] = ("dead", chat.suspended_why or "the chat is suspended")
            elif row.expires_at is not None and row.expires_at <= due:
                closed[row.id] = ("expired", "too late")
            elif budget is not None and (free_at := max(budget.slot_at, budget.blocked_until)) > now:
                later[row.id] = (free_at, row.error)
            else:
                group = chat.kind != "private"
                recent = budget.recent if budget else None
                ready.append(Claimed(row, chat.address, group, recent, preface=self._preface(row, due)))
        await transitions.close(session, closed, me=self.me)
        if late := sum(status == "expired" for status, _ in closed.values()):
            await incidents.note(session, incidents.Kind.EXPIRED, count=late)
        await transitions.put_back(session, later, me=self.me)
        return ready

    async def _drop_obsolete(self, rows: list[Claimed]) -> list[Claimed]:
        """Ask once more whether waves still matter, and withdraw those that do not."""
        waves = [row.delivery for row in rows if row.delivery.kind != "answer"]
        if self._still_matters is None or not waves:
            return rows
        try:
            async with self._database.read() as session:
                reasons = await self._still_matters(session, waves)
        except Exception:
            await self._give_back(rows)
            raise
        if reasons:
            async with self._database.begin() as session:
                await transitions.close(
                    session, {row: ("withdrawn", why) for row, why in reasons.items()}, me=self.me
                )
        return [row for row in rows if row.id not in reasons]

    async def _give_back(self, rows: list[Claimed]) -> None:
        async with self._database.begin() as session:
            now = await self._database.now(session)
            await transitions.put_back(
                session, {row.id: (now, row.delivery.error) for row in rows}, me=self.me
            )

    async def _until_next(self) -> float | None:
        """Seconds until a due row may be tried; None when none is due."""
        async with self._database.begin() as session:
            now = await self._database.now(session)
            next_at = await claims.next_moment(session, due=self._now())
            blocked_until = await rate_limits.bot_blocked_until(session)
        if next_at is None:
            return None
        return max(next_at - now, blocked_until - now, self._flight.rest)


def _leaves_at_once(row: Claimed) -> bool:
    """Whether nothing is left to be made or asked before it is sent."""
    return row.delivery.kind == "answer" and row.delivery.file_id is None and not row.delivery.alone
