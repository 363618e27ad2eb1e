"""A school, a network and bot processes for one fault case, and the count of what became of everything."""

import asyncio
import html
import os
import random
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.delivery import deliveries, inbox
from models.rules.deliveries import DeliveryKind, NewDelivery
from models.rules.people.roles import OrganizationKind, Role
from models.storage.database import Database
from models.tables.coordination import Inbox
from models.tables.deliveries import Delivery
from models.tables.people import Chat, Member, Membership, Organization
from models.tables.records import Completion, StoredReport
from scheduler.delivery.outcomes import REPEAT_LABEL
from tests.faults.network import TOKEN, Network
from tests.faults.tally import Tally

PATIENCE = 60.0
START_SECONDS = 90.0
SECRETARIES = 10
FIRST_MEMBER, FIRST_SECRETARY = 100_000, 500
ADMIN = 400
ACTIVITIES = ("党课", "支部委员会", "支部党员大会", "主题党日")
AS_OF = datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=8)))
JOINED = datetime(2026, 1, 1, tzinfo=UTC)
TAG = re.compile(r"</?[a-z][^>]*>")
LATE = re.compile(r"^（本应[^）]*）\n\n")


class World:
    """One case: fill it, run and end processes, then count.

    `folder` is empty and the case's own; `address` is an empty database with the schema. The processes'
    civil clock begins at `as_of`; None: they go by the machine's.
    """

    def __init__(self, network: Network, address: str, folder: Path) -> None:
        self.network, self.address, self.folder = network, address, folder
        self.database = Database(address)
        self.processes: list[asyncio.subprocess.Process] = []
        self.reports = self._told = 0
        self._chats: dict[int, int] = {}
        self._said = 0
        self.as_of: datetime | None = AS_OF
        self.in_flight: int | None = None
        self._begun = time.monotonic()
        self.random = random.Random(4711)

    @property
    def now(self) -> datetime:
        """About what the processes' civil clock shows."""
        return self.as_of or datetime.now(UTC)

    async def fill(self, members: int, *, belonging: bool = False) -> None:
        """People with chats: members who are told things, secretaries who report, and an admin.

        With `belonging` the members are those of the branches, and the planner has something to say to them.
        """
        people = [FIRST_MEMBER + i for i in range(members)]
        secretaries = [FIRST_SECRETARY + i for i in range(SECRETARIES)]
        adds = [
            ("add_user", {"user_id": key, "name": f"人{key}", "started": True})
            for key in [*people, *secretaries, ADMIN]
        ]
        await self.network.batch(adds)
        with self.database.begin() as session:
            branches = _school(session, secretaries)
            for number, key in enumerate(people):
                place = branches[number % len(branches)] if belonging else None
                _person(session, f"成员{number}", key, Role.MEMBER, place)
            session.flush()
            rows = session.execute(select(Chat.address, Chat.id))
            self._chats = {int(address): key for address, key in rows}

    def chats(self, places: list[tuple[int, str]]) -> None:
        """More chats, from (address, kind)."""
        with self.database.begin() as session:
            rows = [Chat(address=str(address), kind=kind) for address, kind in places]
            session.add_all(rows)
            session.flush()
            self._chats |= {int(row.address): row.id for row in rows}

    def ids(self, addresses: set[int]) -> set[int]:
        """The chats' ids in the database."""
        return {self._chats[address] for address in addresses}

    def suspended(self) -> int:
        """How many chats nothing is sent to."""
        with self.database.read() as session:
            return session.scalar(select(func.count()).where(Chat.suspended_at.is_not(None))) or 0

    def notices(self, texts: list[tuple[int, str]], *, due: datetime | None = None, **more: Any) -> None:
        """One delivery for each (address, text)."""
        due = due or self.now - timedelta(minutes=65)
        rows = [
            NewDelivery(
                key=f"case/{address}/{text}",
                chat_id=self._chats[address],
                kind=DeliveryKind.NOTICE,
                text=text,
                due_at=due,
                **more,
            )
            for address, text in texts
        ]
        with self.database.begin() as session:
            added = deliveries.enqueue_many(session, rows)
        assert len(added) == len(rows)

    def wave(self, count: int) -> None:
        """So many notices to the members in turn."""
        first, self._told = self._told, self._told + count
        self.notices([(self.a_member(i), f"通知 {i}") for i in range(first, first + count)])

    def file(self) -> str:
        """The SQLite file."""
        return self.address.removeprefix("sqlite:///")

    def disk(self) -> Path:
        """Where the SQLite file lies."""
        return Path(self.file()).parent

    def a_member(self, number: int) -> int:
        """The address of one of the members."""
        known = sorted(key for key in self._chats if key >= FIRST_MEMBER)
        return known[number % len(known)]

    async def say(self, count: int) -> None:
        """So many more reports, each of another activity or day, from the secretaries in turn."""
        actions = []
        for _ in range(count):
            turn, self._said = self._said, self._said + 1
            key = FIRST_SECRETARY + turn % SECRETARIES
            turn //= SECRETARIES
            day = self.now.date() - timedelta(days=1 + turn // len(ACTIVITIES))
            text = f"{day.month}月{day.day}日{ACTIVITIES[turn % len(ACTIVITIES)]}，应到8人，实到7人"
            actions.append(("say", {"user_id": key, "chat_id": key, "text": text}))
        await self.network.batch(actions)
        self.reports += count

    async def start(
        self, stop_at: str = "", *, wait: bool = True, **environment: str
    ) -> asyncio.subprocess.Process:
        """One bot process; with `wait` it is ready, or it has ended at its point, when this returns."""
        own = {
            "STOP_QINGLI_AT": stop_at,
            "FAULTS_AS_OF": self.as_of.isoformat() if self.as_of else "",
        }
        words = [sys.executable, "-m", "tests.faults.bot_process"]
        with (self.folder / "bot.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *words,
                env=self._environment() | own | environment,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        self.processes.append(process)
        if wait:
            assert process.stdout is not None
            try:
                async with asyncio.timeout(START_SECONDS):
                    await process.stdout.readline()
            except TimeoutError:
                process.send_signal(signal.SIGUSR1)
                await asyncio.sleep(1.0)
                raise AssertionError(f"a process did not start: {self.log()[-4000:]}") from None
        return process

    def _environment(self) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("QINGLI_")}
        return inherited | {
            "QINGLI_TELEGRAM__TOKEN": TOKEN,
            "QINGLI_TELEGRAM__BASE_URL": self.network.root,
            "QINGLI_DATABASE__URL": self.address,
        }

    async def begin(self, *words: str, **environment: str) -> asyncio.subprocess.Process:
        """One command of `qingli` beside the processes."""
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.cli.main", *words),
            env=self._environment() | environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )

    async def command(self, *words: str, **environment: str) -> tuple[int, str]:
        """The same to its end: exit status, and what it said."""
        process = await self.begin(*words, **environment)
        async with asyncio.timeout(PATIENCE):
            said, _ = await process.communicate()
        return process.returncode or 0, said.decode()

    def log(self) -> str:
        """What the processes wrote of themselves."""
        return (self.folder / "bot.log").read_text(encoding="utf-8", errors="replace")

    async def kill(self, process: asyncio.subprocess.Process) -> None:
        """kill -9."""
        if process.returncode is None:
            process.kill()
        await process.wait()
        self.died()

    def died(self) -> None:
        """A process has ended in the middle: what it had in flight may be doubted, and nothing else."""
        with self.database.read() as session:
            query = select(func.count()).where(Delivery.status == "sending")
            self.in_flight = (self.in_flight or 0) + (session.scalar(query) or 0)

    async def dies(self, stop_at: str, within: float = START_SECONDS) -> bool:
        """Run a process until it ends itself at a point; False when it never came there."""
        process = await self.start(stop_at, wait=False)
        try:
            async with asyncio.timeout(within):
                await process.wait()
        except TimeoutError:
            await self.kill(process)
            return False
        self.died()
        return process.returncode == -signal.SIGKILL

    async def settled(self, within: float = PATIENCE) -> bool:
        """Until nothing is open any more; False when nothing has changed for so many seconds."""
        left, ends = -1, time.monotonic() + within
        while time.monotonic() < ends:
            still = self._open() + await self.network.unconfirmed()
            if still == 0 and self._open() == 0:
                return True
            if still != left:
                left, ends = still, time.monotonic() + within
            await asyncio.sleep(0.1)
        return False

    async def ended(
        self, *, within: float = PATIENCE, lost_if: Callable[[Delivery], bool] = lambda _row: True
    ) -> Tally:
        """Count when nothing is open any more."""
        finished = await self.settled(within)
        tally = await self.tally(lost_if=lost_if)
        tally.must(finished, "not finished")
        return tally

    async def until(self, holds: Callable[[], Awaitable[object]], within: float = 60.0) -> None:
        """Until something holds; when it never does, the counts of the case will say so."""
        ends = time.monotonic() + within
        while time.monotonic() < ends:
            if await holds():
                return
            await asyncio.sleep(0.2)

    async def told_admin(self, words: str) -> int:
        """The sum of the numbers before these words in what the admin heard."""
        texts = [send["text"] for send in await self.network.sends() if send["chat_id"] == ADMIN]
        return sum(int(number) for text in texts for number in re.findall(rf"(\d+){words}", text))

    def say_again(self, count: int) -> None:
        """The last so many reports never arrived: their writers will say the same once more."""
        self._said -= count

    def _open(self) -> int:
        with self.database.read() as session:
            rows = session.scalar(select(func.count()).where(Delivery.status.in_(deliveries.OPEN_STATES)))
            updates = session.scalar(select(func.count()).where(Inbox.status.in_(("pending", "leased"))))
        return (rows or 0) + (updates or 0)

    async def seconds_until_heard(self, before: int) -> float:
        """How long it takes from now on until more than so many messages of the bot have arrived."""
        begun = time.monotonic()
        async with asyncio.timeout(PATIENCE):
            while len(await self.network.sends()) == before:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        return time.monotonic() - begun

    async def stop(self) -> None:
        """End every process, gently first."""
        for process in self.processes:
            if process.returncode is None:
                process.terminate()
        for process in self.processes:
            try:
                async with asyncio.timeout(25):
                    await process.wait()
            except TimeoutError:
                await self.kill(process)

    async def close(self) -> None:
        """Leave nothing behind."""
        for process in self.processes:
            if process.returncode is None:
                process.kill()
            await process.wait()
        self.database.close()

    async def tally(self, *, lost_if: Callable[[Delivery], bool] = lambda _row: True) -> Tally:
        """Count. A delivery that never arrived is lost, unless `lost_if` says it had to be dropped."""
        heard = await self.network.heard()
        tally = Tally(seconds=time.monotonic() - self._begun)
        with self.database.read() as session:
            rows = list(session.scalars(select(Delivery)))
            addresses = {row.id: _number(row.address) for row in session.scalars(select(Chat))}
            self._count_reports(session, tally)
            waiting = inbox.count_by_status(session)
        wanted = Counter((addresses[row.chat_id], _plain(row.text)) for row in rows if row.edits is None)
        arrived: Counter[tuple[int, str]] = Counter()
        for (chat, text), times in heard.items():
            place = (chat, _plain(text))
            arrived[place] += times
            if text.startswith(REPEAT_LABEL):
                tally.labelled += times
            else:
                tally.repeated += max(0, times - max(wanted[place], 1))
        tally.sent = len(arrived)
        for row in rows:
            tally.uncertain += row.doubts > 0
            tally.dead += row.status == "dead"
            missing = row.edits is None and (addresses[row.chat_id], _plain(row.text)) not in arrived
            tally.lost += missing and lost_if(row)
        if aside := waiting.get("set aside"):
            tally.notes.append(f"set aside {aside}")
        if self.in_flight is not None:
            tally.bound(self.in_flight, "in flight at the kills")
        return tally

    def _count_reports(self, session: Session, tally: Tally) -> None:
        valid = Completion.superseded_at.is_(None)
        reports = session.scalar(select(func.count()).select_from(StoredReport)) or 0
        completions = session.scalar(select(func.count()).where(valid).select_from(Completion)) or 0
        tally.recorded = session.scalar(select(func.count(Completion.report_id.distinct()))) or 0
        tally.unrecorded = self.reports - tally.recorded
        tally.twice = max(completions, reports) - tally.recorded


def _number(address: str) -> int:
    """0 for a chat that was nobody's and whose address is forgotten."""
    return int(address) if address.lstrip("-").isdigit() else 0


def _plain(text: str) -> str:
    """A text as it is read, without what is said before it when it may be a repeat or leaves late."""
    return LATE.sub("", html.unescape(TAG.sub("", text)).removeprefix(REPEAT_LABEL))


def _school(session: Session, secretaries: list[int]) -> list[int]:
    """A committee with an admin, and a branch for each secretary; gives the branches' ids."""
    begins = JOINED.date()
    kind = OrganizationKind.COMMITTEE
    school = Organization(name="示例党委", kind=kind, aliases=[], starts_on=begins, position=1)
    session.add(school)
    session.flush()
    _person(session, "示例管理员", ADMIN, Role.ADMIN, school.id)
    branches = []
    for number, address in enumerate(secretaries):
        branch = Organization(
            name=f"示例{number}支部",
            kind=OrganizationKind.BRANCH,
            aliases=[],
            parent_id=school.id,
            starts_on=begins,
            position=2 + number,
        )
        session.add(branch)
        session.flush()
        _person(session, f"示例{number}", address, Role.SECRETARY, branch.id)
        branches.append(branch.id)
    return branches


def _person(session: Session, name: str, address: int, role: Role, place: int | None) -> None:
    """Somebody who has joined, with a post where there is a place for it."""
    member = Member(name=name, position=address)
    session.add(member)
    session.flush()
    if place is not None:
        post = {"role": role, "organization_id": place, "valid_from": JOINED.date()}
        session.add(Membership(member_id=member.id, **post))
    session.add(Chat(address=str(address), member_id=member.id, joined_at=JOINED))
