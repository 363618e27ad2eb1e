"""Fault cases: updates come twice, out of order, malformed, or crash their handler."""

from typing import Any

from tests.faults.size import Size
from tests.faults.tally import Tally
from tests.faults.world import FIRST_SECRETARY, World

START = 900_000_000
SAID = 1_795_000_000


async def disorder(world: World, size: Size) -> Tally:
    """Every update twice and in any order, edits before originals, unknown and malformed ones between."""
    await world.fill(size.members)
    messages = [message(number, number) for number in range(size.reports)]
    edits = [
        {
            "update_id": START + 50_000 + number,
            "edited_message": message(number, number)["message"] | {"edit_date": SAID},
        }
        for number in range(0, size.reports, 10)
    ]
    odd: list[Any] = [
        {"update_id": START + 90_000, "brand_new": {"from": {"id": 1}}},
        {"update_id": START + 90_001},
        {"update_id": START + 90_002, "message": {"chat": {"id": FIRST_SECRETARY}}},
        {"update_id": START + 90_003, "message": "no object"},
    ]
    queue = messages + edits + odd + messages + edits
    world.random.shuffle(queue)
    await world.network.batch([("push", {"update": update}) for update in queue])
    world.reports = size.reports
    world.wave(size.deliveries)
    await world.start()
    if size.patient:
        await world.until(lambda: _shown(world))
    tally = await world.ended()
    told = await world.told_admin(NOT_HANDLED)
    tally.notes.append(f"shown to the admin {told}")
    tally.must("set aside 2" in tally.notes, "what crashes its handler is not set aside")
    tally.must(told == 2 or not size.patient, "what is set aside is not shown to the admin")
    return tally


NOT_HANDLED = "条来信处理不了"


async def _shown(world: World) -> bool:
    return await world.told_admin(NOT_HANDLED) == 2


def message(number: int, report: int) -> dict[str, Any]:
    """A report as Telegram would deliver it."""
    sender = FIRST_SECRETARY + report % 10
    turn = report // 10
    day, activity = 1 + turn // 4 % 19, ("党课", "支部委员会", "支部党员大会", "主题党日")[turn % 4]
    return {
        "update_id": START + number,
        "message": {
            "message_id": 10_000 + report,
            "date": SAID,
            "chat": {"id": sender, "type": "private", "first_name": "x"},
            "from": {"id": sender, "is_bot": False, "first_name": "x"},
            "text": f"11月{day}日{activity}，应到8人，实到7人",
        },
    }
