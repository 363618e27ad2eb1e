"""The real program as a process that a fault case may end: `python -m tests.faults.bot_process`.

Settings come from the environment as for `qingli run`; FAULTS_PACED=1 keeps Telegram's limits. It
prints "ready" once it listens and speaks.
"""

import asyncio
import logging
import os
import signal
import sys
from datetime import datetime

from bot.app import application
from bot.app.application import build_program
from bot.app.clock import CivilClock
from bot.channels.telegram.channel import TelegramChannel
from bot.settings.load import load_settings
from scheduler.channel import ChannelMessage
from scheduler.delivery.limits import UNLIMITED
from tests.faults.crash_points import steps


class Poisoned(TelegramChannel):
    """A channel that one message kills the process with."""

    async def send(self, letter: ChannelMessage) -> str:
        """As ever, but for that message."""
        if letter.text.endswith("POISON"):
            os.kill(os.getpid(), signal.SIGKILL)
        return await super().send(letter)


async def run() -> None:
    """Run until SIGTERM."""
    settings = load_settings(None)
    moment = datetime.fromisoformat(given) if (given := os.environ.get("FAULTS_AS_OF")) else None
    limits = None if os.environ.get("FAULTS_PACED") else UNLIMITED
    if os.environ.get("FAULTS_POISON"):
        application.TelegramChannel = Poisoned  # type: ignore[attr-defined]
    program = build_program(settings, CivilClock(settings.calendar.zone, moment), limits=limits, step=steps())
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, _say_what_is_waited_for)
    await program.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await stopped.wait()
    await program.stop()


def _say_what_is_waited_for() -> None:
    for task in asyncio.all_tasks():
        task.print_stack(limit=12)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s", stream=sys.stderr)
    asyncio.run(run())
