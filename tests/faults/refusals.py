"""Fault cases: the network refuses, fails, is slow or cannot be reached."""

import asyncio
import time
from itertools import pairwise

from tests.faults.proxy import Road
from tests.faults.size import Size
from tests.faults.tally import Tally
from tests.faults.world import FIRST_MEMBER, FIRST_SECRETARY, World

READ_TIMEOUT = 10.0
GROUPS_PAUSE = 10.0
"""Seconds; a group waits for far longer after its twentieth message of a minute."""


async def failing_server(world: World, size: Size) -> Tally:
    """The server accepts and then resets, resets before it accepts, answers 5xx, and is slow."""
    await world.fill(size.members)
    world.wave(size.deliveries)
    rules = [
        {"every": 11, "drop": "after", "times": size.deliveries // 20},
        {"every": 13, "drop": "before", "times": size.deliveries // 20},
        {"every": 17, "status": 502, "times": size.deliveries // 40},
        {"every": 7, "delay": 0.3, "times": size.deliveries // 10},
    ]
    if size.patient:
        rules.append({"every": 101, "stall": READ_TIMEOUT + 5, "times": 3})
    for rule in rules:
        await world.network.do("fault", method="sendMessage", **rule)
    await world.start()
    await world.say(size.reports)
    tally = await world.ended()
    cut = sum(rule["applied"] for rule in await world.network.do("faults") if not rule["delay"])
    tally.bound(cut, "failures")
    return tally


async def unreachable(world: World, size: Size) -> Tally:
    """Connections are refused for a while, then never accepted, then everything is cut: nothing was sent."""
    road = Road(world.network.root)
    await road.open()
    await world.fill(size.members)
    world.wave(size.deliveries)
    await world.start(QINGLI_TELEGRAM__BASE_URL=road.root)
    await road.close()
    await world.say(size.reports)
    await asyncio.sleep(2.0)
    await road.silence()
    await asyncio.sleep(7.0 if size.patient else 3.0)
    await road.open()
    tally = await world.ended()
    await road.close()
    return tally


async def too_fast(world: World, size: Size) -> Tally:
    """A 429 for longer than the lease; and busy groups hold no private chat up."""
    await world.fill(size.members)
    groups = [-(100 + number) for number in range(3)]
    for key in groups:
        await world.network.do("add_group", chat_id=key, title=f"群{key}", members=[FIRST_SECRETARY])
    world.chats([(key, "group") for key in groups])
    for key in groups:
        world.notices([(key, f"群通知 {number}") for number in range(25)])
    world.wave(size.deliveries)
    held = world.a_member(0)
    await world.network.do("fault", method="sendMessage", chat=held, retry_after=40, times=1)
    await world.network.do("settings", limits=True)
    begun = time.monotonic()
    await world.start(FAULTS_PACED="1")
    await world.say(size.reports)
    tally = await world.ended()
    sends = await world.network.sends()
    private = sorted(s["at"] for s in sends if s["chat_id"] >= FIRST_MEMBER and s["chat_id"] != held)
    pause = max(later - earlier for earlier, later in pairwise(private))
    codes = (await world.network.do("accepted", sends=False))["codes"]
    tally.notes += [
        f"429s {codes.get('429', 0)} (1 on purpose)",
        f"private chats done after {private[-1] - sends[0]['at']:.0f} s, at 30/s {len(sends) / 30:.0f} s",
        f"their longest pause {pause:.1f} s",
        f"all done after {time.monotonic() - begun:.0f} s",
    ]
    tally.must(pause < GROUPS_PAUSE, "private chats wait for groups")
    return tally


async def dead_chats(world: World, size: Size) -> Tally:
    """Blocked, kicked, unknown, deactivated; /start and a new membership bring a chat back."""
    await world.fill(size.members)
    world.chats([(999_999, "private"), (-77, "group")])
    await world.network.do("add_group", chat_id=-77, title="群", members=[FIRST_SECRETARY])
    await world.say(size.reports)  # before one of the writers blocks the bot
    blocked, deleted = world.a_member(1), world.a_member(2)
    secretary = FIRST_SECRETARY + 1
    await world.network.batch([
        ("block", {"user_id": blocked}), ("block", {"user_id": secretary}),
        ("deactivate", {"user_id": deleted}), ("kick", {"chat_id": -77}),
    ])  # fmt: skip
    dead = {blocked, deleted, 999_999, -77, secretary}
    world.notices([(key, f"送不到 {key}") for key in dead])
    world.wave(size.deliveries)
    await world.start()
    tally = await world.ended(
        lost_if=lambda row: row.text[:3] != "送不到" and row.chat_id not in world.ids(dead)
    )
    suspended = world.suspended()
    await world.network.batch([
        ("say", {"user_id": secretary, "chat_id": secretary, "text": "/start"}),
        ("invite", {"chat_id": -77}),
    ])  # fmt: skip
    await world.settled()
    world.notices([(secretary, "回来了"), (-77, "回来了")])
    await world.settled()
    heard = await world.network.heard()
    back = sum(heard[(key, "回来了")] for key in (secretary, -77))
    tally.notes.append(f"suspended {suspended} of {len(dead)}, back {back} of 2")
    tally.must(suspended == len(dead) and back == 2, "a chat is not suspended, or not back")
    return tally


REFUSED = "条消息 Telegram 不收"


async def migration(world: World, size: Size) -> Tally:
    """Groups become supergroups: one says so by an error, one by a service message, and 400 kills one row."""
    await world.fill(size.members)
    for key in (-81, -82):
        await world.network.do("add_group", chat_id=key, title="群", members=[FIRST_SECRETARY])
    world.chats([(-81, "group"), (-82, "group")])
    await world.network.do("settings", privacy=False)
    moved = [await world.network.do("migrate_group", chat_id=-81)]
    world.notices([(-81, "搬家 一"), (world.a_member(3), "<b>坏了")])
    await world.start()
    world.wave(size.deliveries)
    await world.say(size.reports)
    await world.settled()
    moved.append(await world.network.do("migrate_group", chat_id=-82))
    await world.settled()
    world.notices([(-82, "搬家 二")])
    if size.patient:
        await world.until(lambda: world.told_admin(REFUSED))
    tally = await world.ended(lost_if=lambda row: row.text != "<b>坏了")
    told = await world.told_admin(REFUSED)
    heard = await world.network.heard()
    arrived = heard[(moved[0], "搬家 一")] + heard[(moved[1], "搬家 二")]
    tally.notes.append(f"groups followed {arrived} of 2, refused rows {tally.dead}, told to the admin {told}")
    tally.must(arrived == 2 and tally.dead == 1, "a group was not followed, or more died than one row")
    tally.must(told == 1 or not size.patient, "the admin is not told of what was refused")
    return tally
