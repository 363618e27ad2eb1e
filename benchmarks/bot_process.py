"""The bot as a process for measurements: settings from the environment, until SIGTERM."""

import asyncio
import gc
import logging
import os
import signal
import sys
from datetime import datetime

from bot.app.application import build_program
from bot.app.clock import CivilClock
from bot.settings.load import load_settings
from scheduler.delivery.limits import UNLIMITED

AS_OF = "2026-11-20T10:00:00+08:00"


async def run_bot() -> None:
    """Start the bot, print `ready`, and run until SIGTERM."""
    settings = load_settings(None)
    limits = None if os.environ.get("BENCH_PACED") else UNLIMITED
    program = build_program(
        settings, CivilClock(settings.calendar.zone, datetime.fromisoformat(AS_OF)), limits=limits
    )
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await program.start()
    gc.freeze()  # as `qingli run` does
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await stopped.wait()
    await program.stop()


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    asyncio.run(run_bot())
