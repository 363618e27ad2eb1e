"""A school for measurements: committee, branches, secretaries and members; bots for it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

from benchmarks.network import TOKEN, Network
from models.rules.people.roles import OrganizationKind, Role
from models.storage import schema
from models.storage.database import Database
from models.tables.people import Chat, Member, Membership, Organization

FIRST_SECRETARY, FIRST_MEMBER = 500, 100_000
JOINED = datetime(2026, 1, 5, tzinfo=UTC)
BEGINS = date(2026, 1, 1)
ACTIVITIES = ("党课", "支部委员会", "支部党员大会", "主题党日")


def create_school(database: Database, branches: int, members: int = 0) -> None:
    """Fill an empty database; everybody has joined, members in turn in the branches."""
    schema.upgrade_schema(database)
    with database.begin() as session:
        kind = OrganizationKind.COMMITTEE
        top = Organization(name="示例党委", kind=kind, aliases=[], starts_on=BEGINS, position=1)
        session.add(top)
        session.flush()
        parts = [
            Organization(
                name=f"示例{number}支部",
                kind=OrganizationKind.BRANCH,
                aliases=[],
                parent_id=top.id,
                starts_on=BEGINS,
                position=2 + number,
            )
            for number in range(branches)
        ]
        people = [Member(name=f"示例{number}", position=number) for number in range(branches + members)]
        session.add_all([*parts, *people])
        session.flush()
        for number, each in enumerate(people):
            secretary = number < branches
            place = parts[number % branches].id
            role = Role.SECRETARY if secretary else Role.MEMBER
            address = FIRST_SECRETARY + number if secretary else FIRST_MEMBER + number - branches
            session.add(Membership(member_id=each.id, role=role, organization_id=place, valid_from=BEGINS))
            session.add(Chat(address=str(address), member_id=each.id, joined_at=JOINED))


def format_report(turn: int) -> str:
    """Return one of many different one-line reports."""
    day, activity = 1 + turn // len(ACTIVITIES) % 19, ACTIVITIES[turn % len(ACTIVITIES)]
    month = 11 - turn // (19 * len(ACTIVITIES)) % 10
    return f"{month}月{day}日{activity}，应到8人，实到7人"


async def send_reports(net: Network, count: int, secretaries: int, first: int = 0) -> None:
    """Send reports of the secretaries in turn."""
    actions = []
    for number in range(first, first + count):
        key = FIRST_SECRETARY + number % secretaries
        actions.append(
            ("say", {"user_id": key, "chat_id": key, "text": format_report(number // secretaries)})
        )
    for start in range(0, len(actions), 2000):
        await net.do("batch", actions=actions[start : start + 2000])


@asynccontextmanager
async def run_bot(
    net: Network, address: str, *, paced: bool = False, module: str = "bot_process"
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a bot process that has begun to poll; `module` may be another bot's."""
    own = {
        "QINGLI_TELEGRAM__TOKEN": TOKEN,
        "QINGLI_TELEGRAM__BASE_URL": net.root,
        "QINGLI_DATABASE__URL": address,
        "BENCH_PACED": "1" if paced else "",
    }
    # The operator's own settings must not reach the measured bot.
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("QINGLI_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"benchmarks.{module}", env=inherited | own, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        assert await process.stdout.readline() == b"ready\n"
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                async with asyncio.timeout(25):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()
