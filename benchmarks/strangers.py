"""1,000 strangers flood the bot while a secretary reports: how long the secretary waits for each answer."""

import asyncio
import sys
import tempfile
import time

from pydantic import SecretStr

from bot.assembly import assemble
from bot.clock import CivilClock
from bot.demo.bot_api import serve
from bot.demo.demo import BEGIN, SECRETARY, local_school, move_in
from bot.settings import load_settings

STRANGERS, EACH, REPORTS = 1000, 3, 12
FIRST = 100_000
PATIENCE_S = 60.0


async def main(strangers: int = STRANGERS) -> dict[str, float]:
    """Seconds from saying to hearing: median, 99th percentile and the longest, with Telegram's limits on."""
    settings = load_settings(None)
    clock = CivilClock(settings.calendar.zone, BEGIN)
    telegram = local_school(clock)
    telegram.limits.enforced = True
    for number in range(strangers):
        telegram.add_user(FIRST + number, "路人")
    with tempfile.TemporaryDirectory(prefix="qlbench") as folder:
        async with serve(telegram) as root:
            account = settings.telegram.model_copy(update={"token": SecretStr(telegram.token), "base_url": root})
            place = settings.database.model_copy(update={"url": f"sqlite:///{folder}/bench.db"})
            program = assemble(settings.model_copy(update={"telegram": account, "database": place}), clock)
            await move_in(program, telegram, clock)
            await program.start()
            await _answers(telegram, 1)
            flood = asyncio.create_task(_flood(telegram, strangers))
            waits = sorted([await _report(telegram, number) for number in range(REPORTS)])
            flood.cancel()
            await program.stop()
    return {
        "median": waits[len(waits) // 2],
        "p99": waits[min(len(waits) - 1, int(len(waits) * 0.99))],
        "longest": waits[-1],
    }


async def _flood(telegram, strangers: int) -> None:  # type: ignore[no-untyped-def]
    """Everybody says something, again and again, about 1,000 messages a second."""
    for number in range(EACH * strangers * 10):
        telegram.say(FIRST + number % strangers, FIRST + number % strangers, f"你好 {number}")
        if number % 10 == 9:
            await asyncio.sleep(0.01)


async def _report(telegram, number: int) -> float:  # type: ignore[no-untyped-def]
    await asyncio.sleep(1.1)  # a chat may hear one message a second
    before = _heard(telegram)
    begun = time.perf_counter()
    telegram.say(SECRETARY.user_id, SECRETARY.chat_id, f"昨天主题党日，应到{100 + number}实到{50 + number}")
    await _answers(telegram, before + 1)
    return time.perf_counter() - begun


async def _answers(telegram, count: int) -> None:  # type: ignore[no-untyped-def]
    async with asyncio.timeout(PATIENCE_S):
        version = 0
        while _heard(telegram) < count:
            version = await telegram.wait_change(version, 1.0)


def _heard(telegram) -> int:  # type: ignore[no-untyped-def]
    return sum(m["from"]["is_bot"] for m in telegram.history(SECRETARY.chat_id))


if __name__ == "__main__":
    print(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else STRANGERS)))
