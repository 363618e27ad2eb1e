"""A bare python-telegram-bot echo on our transport, as the baseline of `answering`."""

import asyncio
import os
import signal
import sys

from telegram import Update
from telegram.ext import Application, ApplicationBuilder, ContextTypes, MessageHandler, filters

from bot.channels.telegram.transport import AiohttpRequest


async def echo_text(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer a text with itself."""
    if update.message is not None and update.message.text is not None:
        await update.message.reply_text(update.message.text)


def build_application() -> Application:  # type: ignore[type-arg]
    """Build the application as its documentation does, except for the transport."""
    root = os.environ["QINGLI_TELEGRAM__BASE_URL"]
    builder = ApplicationBuilder().token(os.environ["QINGLI_TELEGRAM__TOKEN"]).base_url(f"{root}/bot")
    builder = builder.request(AiohttpRequest()).get_updates_request(AiohttpRequest(connections=1))
    made = builder.job_queue(None).build()
    made.add_handler(MessageHandler(filters.TEXT, echo_text))
    return made


async def run_echo() -> None:
    """Start polling, print `ready`, and run until SIGTERM."""
    bot = build_application()
    assert bot.updater is not None
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with bot:
        await bot.start()
        await bot.updater.start_polling()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await stopped.wait()
        await bot.updater.stop()
        await bot.stop()


if __name__ == "__main__":
    asyncio.run(run_echo())
