"""Delivers updates to a webhook: in order within a chat, repeated until it answers 2xx."""

import asyncio
import json
from contextlib import suppress
from functools import partial
from typing import Any

import aiohttp

from bot.demo.chats.update_queue import Update
from bot.demo.chats.users import LocalTelegram

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
FIRST_RETRY = 0.1
LONGEST_RETRY = 5.0
ANSWER_TIMEOUT = 60.0
# A chat whose update is under way waits; others behind it are looked for this far.
LOOK_AHEAD = 500


class WebhookDelivery:
    """Posts queued updates while a webhook is set; start `run()` as a task."""

    def __init__(self, local: LocalTelegram) -> None:
        self.local = local
        self._busy: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Deliver until cancelled."""
        try:
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(ANSWER_TIMEOUT)) as session:
                while True:
                    await self.local.updates.arrived.wait()
                    self.local.updates.arrived.clear()
                    self._start(session)
        finally:
            tasks = list(self._busy.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, session: aiohttp.ClientSession) -> None:
        """Start the delivery of the oldest update of every chat that has none under way."""
        if not self.local.updates.webhook:
            return
        most = self.local.profile.webhook["max_connections"]
        for update in self.local.updates.head(LOOK_AHEAD):
            if len(self._busy) >= most:
                return
            chat = get_chat_id(update)
            # One at a time for each chat keeps the order; other chats are not delayed by a slow one.
            if chat not in self._busy:
                task = asyncio.create_task(self._deliver(session, update))
                self._busy[chat] = task
                # The next update of the chat starts when this one is done.
                task.add_done_callback(partial(self._done, chat))

    def _done(self, chat: int, _: asyncio.Task[None]) -> None:
        self._busy.pop(chat, None)
        self.local.updates.arrived.set()

    async def _deliver(self, session: aiohttp.ClientSession, update: Update) -> None:
        wait = FIRST_RETRY
        while self.local.updates.webhook:
            failure = await self._post(session, update)
            if not failure:
                self.local.updates.remove(update)
                return
            note = {"last_error_date": int(self.local.wall()), "last_error_message": failure}
            self.local.profile.webhook.update(note)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_RETRY)

    async def _post(self, session: aiohttp.ClientSession, update: Update) -> str:
        """Post an update; returns the error, "" where it was accepted."""
        hook = self.local.profile.webhook
        headers = {"Content-Type": "application/json"}
        if hook["secret_token"]:
            headers[SECRET_HEADER] = hook["secret_token"]
        body = json.dumps(update, ensure_ascii=False).encode()
        with suppress(TimeoutError):
            try:
                async with session.post(hook["url"], data=body, headers=headers) as answer:
                    await answer.read()
                    if 200 <= answer.status < 300:
                        return ""
                    return f"Wrong response from the webhook: {answer.status} {answer.reason}"
            except aiohttp.ClientConnectorError:
                return "Connection refused"
            except aiohttp.ClientError:
                return "Connection closed"
        return "Read timeout expired"


def get_chat_id(update: dict[str, Any]) -> int:
    """Return the chat of an update; 0 where it names none."""
    # An update has an update_id and one object, whose key is its kind.
    for kind, body in update.items():
        if kind == "callback_query" and isinstance(body, dict):
            body = body.get("message", {})
        if isinstance(body, dict) and isinstance(body.get("chat"), dict):
            return int(body["chat"].get("id", 0))
    return 0
