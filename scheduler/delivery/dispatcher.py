"""The dispatcher: claims due deliveries, checks that they still matter and has them sent."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from contextvars import Context
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.delivery import claims, incidents, rate_limits, restore_gap, transitions
from models.delivery.claims import LeasedDelivery
from models.delivery.presence import get_presence
from models.register import chats
from models.rules.deliveries import DeliveryKind
from models.storage.database import Database
from models.storage.errors import format_first_line
from models.tables.coordination import Budget
from scheduler.channel import Channel
from scheduler.delivery.alarms import Alarms
from scheduler.delivery.attachments import AttachmentLoader, RenderFile
from scheduler.delivery.limits import Limits
from scheduler.delivery.outcomes import ClaimedDelivery
from scheduler.delivery.quarantine import get_quarantine_lock
from scheduler.delivery.sender import CrashPoint, Sender, skip_step

RECOVER_SECONDS = 2.0
LEAST_PAUSE = 0.01
LONGEST_PAUSE = 0.5

StillMatters = Callable[[Session, Sequence[LeasedDelivery]], dict[int, str]]
Preface = Callable[[LeasedDelivery, datetime], str]
log = logging.getLogger(__name__)


def _build_no_preface(_row: LeasedDelivery, _now: datetime) -> str:
    """No preface."""
    return ""


class ClaimResult(NamedTuple):
    """Rows that were claimed; `free_in`: seconds until each chat that has to wait is free."""

    rows: list[ClaimedDelivery]
    free_in: Sequence[float] = ()


class Recovery(NamedTuple):
    """What ended processes left: the numbers of rows not sent and perhaps sent.

    `alone` is whether rows are in quarantine. `gap` is the time between a backup and its restore, in which
    the bot may have sent more than the database knows.
    """

    leased: int
    doubtful: int
    alone: bool
    gap: tuple[datetime, datetime] | None


class Dispatcher:
    """Sends due deliveries. Several processes may run one on the same PostgreSQL database.

    `now` is the civil clock. `still_matters` returns, for deliveries that are about to be sent, the ids of
    those that must not be, with a reason. `preface` returns a text to put before a delivery that leaves
    now. `make_file` renders the files that are stored as recipes. `step` is called with the name of each
    crash point.
    """

    def __init__(
        self,
        database: Database,
        channel: Channel,
        *,
        now: Callable[[], datetime],
        still_matters: StillMatters | None = None,
        preface: Preface = _build_no_preface,
        limits: Limits | None = None,
        step: CrashPoint = skip_step,
        make_file: RenderFile | None = None,
    ) -> None:
        self._presence, self._turns = get_presence(database), get_quarantine_lock(database)
        self.me = self._presence.create_lease_name()
        self._database, self._now, self._still_matters = database, now, still_matters
        self._preface = preface
        self._limits = limits or Limits()
        self._step = step
        self._flight = Sender(
            database, channel, self._limits, me=self.me, now=now, step=step, on_settled=self._settled
        )
        self._enclosures = AttachmentLoader(database, make_file)
        self._sought: set[int] = set()
        self._sending: set[int] = set()
        self._woken = False
        self._waking: asyncio.Task[None] | None = None
        self._alarms = Alarms(self.wake)
        self._looked_at: float | None = None
        self._gap: tuple[datetime, datetime] | None = None
        self._lonely = False
        self._claiming = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopping = False

    async def run_once(self) -> int:
        """One round: claim, check, intend, send and mark one batch; returns how many were claimed."""
        futures = await self._take_up()
        await asyncio.gather(*futures)
        return len(futures)

    async def send_now(self, ids: Sequence[int]) -> None:
        """Have these answers sent at once; does not wait."""
        self._step("before_answer")
        if ids and not self._stopping:
            self._sought.update(ids)
            self.wake()

    def wake(self) -> None:
        """Start rounds now, and go on while something is sent."""
        self._woken = True
        if not self._stopping and (self._waking is None or self._waking.done()):
            # In a context of its own: an update that is handled alone ends before its answer is sent.
            self._waking = asyncio.create_task(self._while_woken(), context=Context())

    async def _while_woken(self) -> None:
        """Run rounds until none takes anything; ends early when the database fails."""
        while self._woken and not self._stopping:
            self._woken = False
            if self._flight.waiting > self._limits.batch // 2:
                self._woken = True
                await self._flight.change(0.25)
                continue
            try:
                taken = await self._take_up()
            except Exception as error:
                log.error("answers have to wait for the next round: %s", format_first_line(error))
                return
            if taken:
                self._woken = True
            elif not self._flight.busy:
                self._sought.clear()  # the rest was sent, postponed or withdrawn

    def _settled(self) -> None:
        """Start rounds for the answers that waited behind rows which have ended."""
        self._sending = {row for row in self._sending if self._flight.holds(row)}
        if self._sought:
            self.wake()

    async def answered(self, patience: float) -> None:
        """Wait until the requested answers are sent, at most `patience` seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while self._sought or self._sending:
                    if self._waking is not None and not self._waking.done():
                        await asyncio.wait([self._waking])
                    elif self._flight.busy:
                        await self._flight.change(0.25)
                    else:
                        return

    async def drain(self, patience: float = 5.0) -> int:
        """Run rounds until nothing is due or can be sent within `patience` seconds.

        Returns the number of deliveries that were handled.
        """
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
            # A claim or a file is under way: its rows are neither in the sender nor due again.
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
        """Send the requested answers, mark what is in flight, and give all other rows back.

        Takes at most `patience` seconds.
        """
        ends = time.monotonic() + patience
        # Answers first: people wait for them now.
        await self.answered(patience)
        self._stopping = True
        self._alarms.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._idle.wait()
        await self._flight.stop(max(0.0, ends - time.monotonic()))
        self._enclosures.close()

    async def _take_up(self) -> list[asyncio.Future[None]]:
        """Claim rows and hand those that may be sent to the sender; returns their futures."""
        if self._stopping or self._flight.rest:
            return []
        self._claiming += 1
        self._idle.clear()
        try:
            return await self._claim_and_check()
        finally:
            self._claiming -= 1
            if not self._claiming:
                self._idle.set()

    async def _claim_and_check(self) -> list[asyncio.Future[None]]:
        """Recover, then one round: of a quarantined row if there is one, else of a batch."""
        await self._look_after_others()
        if self._lonely and (tried := await self._try_alone()):
            return tried
        async with self._turns.one():
            rows = await self._claim()
            return self._hand_over(await self._drop_obsolete(rows))

    async def _try_alone(self) -> list[asyncio.Future[None]]:
        """Send one quarantined row while nothing else runs; its futures are done on return."""
        async with self._turns.one():
            rows = await self._claim(alone=True)
            futures = self._hand_over(await self._drop_obsolete(rows))
            await asyncio.gather(*futures)
            return futures

    def _hand_over(self, rows: list[ClaimedDelivery]) -> list[asyncio.Future[None]]:
        """Give rows to the sender; rows with a file follow when it is rendered."""
        ready = self._flight.add(row for row in rows if row.delivery.file_id is None)
        return ready + [self._with_file(row) for row in rows if row.delivery.file_id is not None]

    def _with_file(self, row: ClaimedDelivery) -> asyncio.Future[None]:
        """Render the row's file in a task of its own, so that no other row waits, then send it."""
        self._claiming += 1
        self._idle.clear()
        return asyncio.create_task(self._make_and_add(row))

    async def _make_and_add(self, row: ClaimedDelivery) -> None:
        """Render the file and hand the row over; a row that fails is given back."""
        try:
            if row.delivery.alone:
                await self._database.run(transitions.record_start, row.id, me=self.me)
            await self._enclosures.put_in(row)
            settled = self._flight.add([row])
        except Exception as error:
            log.error("a delivery with a file has to wait: %s", format_first_line(error))
            await self._give_back([row])
            return
        finally:
            self._claiming -= 1
            if not self._claiming:
                self._idle.set()
        await asyncio.gather(*settled)

    async def _look_after_others(self) -> None:
        """Every LOOK_AFTER seconds, recover what ended processes left behind."""
        if self._looked_at is not None and time.monotonic() - self._looked_at < RECOVER_SECONDS:
            return
        found = await self._database.run(self._recover, first=self._looked_at is None)
        self._lonely, self._gap = found.alone, found.gap
        self._looked_at = time.monotonic()
        if found.leased or found.doubtful:
            log.warning("taken up after a crash: %d not sent, %d perhaps sent", found.leased, found.doubtful)

    def _recover(self, session: Session, *, first: bool) -> Recovery:
        """Recover in one transaction; `first` is the first time in this process."""
        now = self._database.now(session)
        # SQLite rows hold the machine's monotonic clock; after a reboot it starts near zero, and moments
        # of the day before would block the bot for hours. A day ahead is more than any real waiting time.
        if first and self._database.sqlite:
            rate_limits.reset_after_restart(session, latest=now + 86_400)
            transitions.reset_after_restart(session, latest=now + 86_400)
        gap = restore_gap.find_gap(session) if first else self._gap
        dead = self._presence.list_dead(session, transitions.list_holders(session))
        leased, doubtful = transitions.recover_deliveries(session, now=now, dead=dead)
        return Recovery(leased, doubtful, transitions.has_quarantined(session), gap)

    async def _claim(self, *, alone: bool = False) -> list[ClaimedDelivery]:
        """Claim one batch, or with `alone` one quarantined row."""
        found = await self._database.run(self._claim_rows, alone=alone)
        if alone:
            self._lonely = bool(found.rows)
        claimed = {row.id for row in found.rows}
        # Answers that were asked for by id: `answered` waits until they have left the sender.
        self._sending |= self._sought & claimed
        self._sought -= claimed
        for seconds in found.free_in:
            self._alarms.set_in(seconds)
        if found.rows:
            self._step("after_claim")
        return found.rows

    def _claim_rows(self, session: Session, *, alone: bool) -> ClaimResult:
        """Claim in one transaction; nothing while the bot has to wait."""
        now = self._database.now(session)
        if rate_limits.get_bot_blocked_until(session) > now:
            return ClaimResult([])
        # Two clocks: leases follow the machine clock, due times the civil one (see docs/glossary.md).
        until, due = now + self._limits.lease, self._now()
        if alone:
            found = claims.claim_alone(session, me=self.me, due=due, now=now, until=until)
            rows = [found] if found else []
        else:
            many = self._limits.batch
            rows = claims.claim(session, me=self.me, due=due, now=now, until=until, many=many)
        return self._admit(session, rows, due, now)

    def _admit(self, session: Session, rows: list[LeasedDelivery], due: datetime, now: float) -> ClaimResult:
        """Keep rows whose chat can be written to now; close the others or put them back."""
        found = chats.list_destinations(session, {row.chat_id for row in rows})
        destinations = {destination.id: destination for destination in found}
        budgets = rate_limits.load_budgets(session, destinations) if self._limits.paced else {}
        ready: list[ClaimedDelivery] = []
        closed: dict[int, tuple[str, str]] = {}
        later: dict[int, tuple[float, str | None]] = {}
        # After a restore, a delivery that was due in the gap may have been sent by the bot of that time.
        if self._gap:
            rows = transitions.mark_doubted_between(session, rows, *self._gap)
        for row in rows:
            chat, budget = destinations[row.chat_id], budgets.get(row.chat_id)
            free_at = self._find_free_moment(row, chat, budget)
            if (closing := _find_closing(row, chat, due)) is not None:
                closed[row.id] = closing
            elif free_at > now:
                later[row.id] = (free_at, row.error)
            else:
                ready.append(self._add_destination(row, chat, budget, due))
        self._close(session, closed)
        transitions.put_back(session, later, me=self.me)
        return ClaimResult(ready, [at - now for at, _ in later.values()])

    def _find_free_moment(self, row: LeasedDelivery, chat: chats.Destination, budget: Budget | None) -> float:
        """The machine second from which the chat's budget allows this delivery; 0 without a budget."""
        if budget is None:
            return 0.0
        head_start = self._limits.head_start if _is_personal_answer(row, chat) else 0.0
        return max(budget.slot_at - head_start, budget.blocked_until)

    def _add_destination(
        self, row: LeasedDelivery, chat: chats.Destination, budget: Budget | None, due: datetime
    ) -> ClaimedDelivery:
        return ClaimedDelivery(
            row,
            chat.address,
            group=chat.kind != "private",
            recent=budget.recent if budget else None,
            slot_at=budget.slot_at if budget else 0.0,
            preface=self._preface(row, due),
        )

    def _close(self, session: Session, closed: dict[int, tuple[str, str]]) -> None:
        """Close these, delivery id → (status, reason); expired ones are an incident."""
        transitions.close_deliveries(session, closed, me=self.me)
        if late := sum(status == "expired" for status, _ in closed.values()):
            incidents.record_incident(session, incidents.IncidentKind.EXPIRED, count=late)

    async def _drop_obsolete(self, rows: list[ClaimedDelivery]) -> list[ClaimedDelivery]:
        """Withdraw rows of waves that `still_matters` rejects; returns the remaining rows."""
        waves = [row.delivery for row in rows if row.delivery.kind is not DeliveryKind.ANSWER]
        if self._still_matters is None or not waves:
            return rows
        try:
            reasons = await self._database.fetch(self._still_matters, waves)
        # Without giving the rows back they would wait for the end of their leases.
        except Exception:
            await self._give_back(rows)
            raise
        if reasons:
            withdrawn = {row: ("withdrawn", why) for row, why in reasons.items()}
            await self._database.run(transitions.close_deliveries, withdrawn, me=self.me)
        return [row for row in rows if row.id not in reasons]

    async def _give_back(self, rows: list[ClaimedDelivery]) -> None:
        """Put rows back that were not sent."""
        await self._database.run(self._put_back, rows)

    def _put_back(self, session: Session, rows: list[ClaimedDelivery]) -> None:
        now = self._database.now(session)
        transitions.put_back(session, {row.id: (now, row.delivery.error) for row in rows}, me=self.me)

    async def _until_next(self) -> float | None:
        """Seconds until a due row can be tried; None when none is due."""
        wait = await self._database.run(self._next_moment)
        return None if wait is None else max(wait, self._flight.rest)

    def _next_moment(self, session: Session) -> float | None:
        """Seconds until a due row and the bot are both free; None when no row is due."""
        now = self._database.now(session)
        next_at = claims.find_next_moment(session, due=self._now())
        blocked_until = rate_limits.get_bot_blocked_until(session)
        return None if next_at is None else max(next_at, blocked_until) - now


def _find_closing(row: LeasedDelivery, chat: chats.Destination, due: datetime) -> tuple[str, str] | None:
    """The (status, reason) with which a delivery is closed unsent; None when it may be sent."""
    if chat.suspended_at is not None:
        return "dead", chat.suspended_why or "the chat is suspended"
    if row.expires_at is not None and row.expires_at <= due:
        return "expired", "too late"
    return None


def _is_personal_answer(row: LeasedDelivery, chat: chats.Destination) -> bool:
    return row.kind is DeliveryKind.ANSWER and chat.kind == "private"
