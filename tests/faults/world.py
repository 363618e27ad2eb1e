"""A school, a network and bot processes for one fault case, and the count of what became of everything."""

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import deliveries, inbox
from models.database import Database
from models.rules.people import OrganizationKind, Role
from models.tables.deliveries import Delivery
from models.tables.people import Chat, Member, Membership, Organization
from models.tables.records import Completion, Report
from models.tables.sharing import Inbox
from scheduler.outcomes import REPEAT_LABEL
from tests.faults.network import TOKEN, Network
from tests.faults.tally import Tally

PATIENCE = 120.0
START_SECONDS = 30.0
SECRETARIES = 10
FIRST_MEMBER, FIRST_SECRETARY = 100_000, 500
ACTIVITIES = ("党课", "支部委员会", "支部党员大会", "主题党日")
NOON = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


class World:
    """One case: fill it, run and end processes, then count.

    `folder` is empty and the case's own; `address` is an empty database with the schema.
    """

    def __init__(self, network: Network, address: str, folder: Path) -> None:
        self.network, self.address, self.folder = network, address, folder
        self.database = Database(address)
        self.processes: list[asyncio.subprocess.Process] = []
        self.expected: dict[tuple[int, str], int] = {}
        self.reports = 0
        self._chats: dict[int, int] = {}
        self._said = 0
        self._begun = time.monotonic()
        self.random = random.Random(4711)

    async def fill(self, members: int) -> None:
        """People with chats: members who are told things, and secretaries who report."""
        people = [FIRST_MEMBER + i for i in range(members)]
        secretaries = [FIRST_SECRETARY + i for i in range(SECRETARIES)]
        adds = [
            ("add_user", {"user_id": key, "name": f"人{key}", "started": True})
            for key in people + secretaries
        ]
        await self.network.batch(adds)
        async with self.database.begin() as session:
            await _school(session, secretaries)
            for number, key in enumerate(people):
                member = Member(name=f"成员{number}", position=number)
                session.add(member)
                await session.flush()
                session.add(Chat(address=str(key), member_id=member.id, joined_at=NOON))
            await session.flush()
            rows = await session.execute(select(Chat.address, Chat.id))
            self._chats = {int(address): key for address, key in rows}

    async def chats(self, places: list[tuple[int, str]]) -> None:
        """More chats, from (address, kind)."""
        async with self.database.begin() as session:
            rows = [Chat(address=str(address), kind=kind) for address, kind in places]
            session.add_all(rows)
            await session.flush()
            self._chats |= {int(row.address): row.id for row in rows}

    def ids(self, addresses: set[int]) -> set[int]:
        """The chats' ids in the database."""
        return {self._chats[address] for address in addresses}

    async def suspended(self) -> int:
        """How many chats nothing is sent to."""
        async with self.database.read() as session:
            return await session.scalar(select(func.count()).where(Chat.suspended_at.is_not(None))) or 0

    async def notices(
        self, texts: list[tuple[int, str]], *, due: datetime = NOON - timedelta(minutes=5), **more: Any
    ) -> None:
        """One delivery for each (address, text)."""
        rows = [
            {"key": f"case/{address}/{text}", "chat_id": self._chats[address], "kind": "notice", "text": text,
             "due_at": due, **more}
            for address, text in texts
        ]  # fmt: skip
        async with self.database.begin() as session:
            added = await deliveries.enqueue_many(session, rows)
        assert len(added) == len(rows)
        for key in texts:
            self.expected[key] = self.expected.get(key, 0) + 1

    async def wave(self, count: int) -> None:
        """So many notices to the members in turn."""
        first = len(self.expected)
        await self.notices([(self.a_member(i), f"通知 {i}") for i in range(first, first + count)])

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
            day, activity = 1 + turn // len(ACTIVITIES) % 19, ACTIVITIES[turn % len(ACTIVITIES)]
            month = 11 - turn // (19 * len(ACTIVITIES))
            text = f"{month}月{day}日{activity}，应到8人，实到7人"
            actions.append(("say", {"user_id": key, "chat_id": key, "text": text}))
        await self.network.batch(actions)
        self.reports += count

    async def start(
        self, stop_at: str = "", *, wait: bool = True, **environment: str
    ) -> asyncio.subprocess.Process:
        """One bot process; with `wait` it is ready, or it has ended at its point, when this returns."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("QINGLI_")}
        own = {
            "QINGLI_TELEGRAM__TOKEN": TOKEN,
            "QINGLI_TELEGRAM__BASE_URL": self.network.root,
            "QINGLI_DATABASE__URL": self.address,
            "STOP_QINGLI_AT": stop_at,
        }
        words = [sys.executable, "-m", "tests.faults.bot_process"]
        with (self.folder / "bot.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *words, env=inherited | own | environment, stdout=asyncio.subprocess.PIPE, stderr=log
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

    def log(self) -> str:
        """What the processes wrote of themselves."""
        return (self.folder / "bot.log").read_text(encoding="utf-8", errors="replace")

    async def kill(self, process: asyncio.subprocess.Process) -> None:
        """kill -9."""
        if process.returncode is None:
            process.kill()
        await process.wait()

    async def dies(self, stop_at: str, within: float = 30.0) -> bool:
        """Run a process until it ends itself at a point; False when it never came there."""
        process = await self.start(stop_at, wait=False)
        try:
            async with asyncio.timeout(within):
                await process.wait()
        except TimeoutError:
            await self.kill(process)
            return False
        return process.returncode == -signal.SIGKILL

    async def settled(self, within: float = PATIENCE) -> bool:
        """Until nothing is open any more; False when that takes too long."""
        ends = time.monotonic() + within
        while time.monotonic() < ends:
            if await self._open() == 0 and await self.network.unconfirmed() == 0 and await self._open() == 0:
                return True
            await asyncio.sleep(0.1)
        return False

    async def _open(self) -> int:
        async with self.database.read() as session:
            rows = await session.scalar(select(func.count()).where(Delivery.status.in_(deliveries.OPEN)))
            updates = await session.scalar(
                select(func.count()).where(Inbox.status.in_(("pending", "leased")))
            )
        return (rows or 0) + (updates or 0)

    async def seconds_until_heard(self) -> float:
        """How long the next message of the bot takes to arrive."""
        before, begun = len(await self.network.sends()), time.monotonic()
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
            await self.kill(process)
        await self.database.close()

    async def tally(self, *, lost_if: Callable[[Delivery], bool] = lambda _row: True) -> Tally:
        """Count. A delivery that never arrived is lost, unless `lost_if` says it had to be dropped."""
        heard = await self.network.heard()
        tally = Tally(seconds=time.monotonic() - self._begun)
        for (chat, text), times in heard.items():
            if text.startswith(REPEAT_LABEL):
                tally.labelled += times
            else:
                tally.repeated += times - self.expected.get((chat, text), 1)
        arrived = {(chat, text.removeprefix(REPEAT_LABEL)) for chat, text in heard}
        tally.sent = len(arrived)
        async with self.database.read() as session:
            rows = list(await session.scalars(select(Delivery)))
            addresses = dict((await session.execute(select(Chat.id, Chat.address))).all())
            tally.recorded = await session.scalar(select(func.count(Completion.report_id.distinct()))) or 0
            reports = await session.scalar(select(func.count()).select_from(Report)) or 0
            valid = Completion.superseded_at.is_(None)
            completions = await session.scalar(select(func.count()).where(valid).select_from(Completion)) or 0
            waiting = await inbox.counts(session)
        for row in rows:
            tally.uncertain += row.doubts > 0
            tally.dead += row.status == "dead"
            missing = row.edits is None and (int(addresses[row.chat_id]), row.text) not in arrived
            tally.lost += missing and lost_if(row)
        tally.unrecorded = self.reports - tally.recorded
        tally.twice = max(completions, reports) - tally.recorded
        if aside := waiting.get("set aside"):
            tally.notes.append(f"set aside {aside}")
        return tally


async def _school(session: AsyncSession, secretaries: list[int]) -> None:
    """A committee and a branch for each secretary, who has joined."""
    begins = date(2026, 1, 1)
    kind = OrganizationKind.COMMITTEE
    school = Organization(name="示例党委", kind=kind, aliases=[], starts_on=begins, position=1)
    session.add(school)
    await session.flush()
    for number, address in enumerate(secretaries):
        branch = Organization(
            name=f"示例{number}支部",
            kind=OrganizationKind.BRANCH,
            aliases=[],
            parent_id=school.id,
            starts_on=begins,
            position=2 + number,
        )
        member = Member(name=f"示例{number}", position=number)
        session.add_all([branch, member])
        await session.flush()
        post = {"role": Role.SECRETARY, "organization_id": branch.id, "valid_from": begins}
        session.add(Membership(member_id=member.id, **post))
        session.add(Chat(address=str(address), member_id=member.id, joined_at=NOON))
