"""Files of deliveries: read, or rendered in a thread while no transaction is open."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from models.delivery import files
from models.storage.database import Database
from scheduler.channel import FileAttachment
from scheduler.delivery.outcomes import ClaimedDelivery

FILE_FAILED = "\n（文件没有做成，请稍后再要一次）"

RenderFile = Callable[[dict[str, Any]], bytes]
log = logging.getLogger(__name__)


class AttachmentLoader:
    """Adds files to claimed rows; `make` renders the bytes of a file from its stored recipe."""

    def __init__(self, database: Database, make: RenderFile | None = None) -> None:
        self._database, self._make = database, make
        # One thread: drawing keeps what it has learned about the font, and never takes both cores.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="files")

    async def put_in(self, row: ClaimedDelivery) -> None:
        """Add the row's file; where it cannot be rendered, add a text that says so."""
        stored = await self._database.fetch(files.find_file, row.delivery.file_id or 0)
        try:
            content = stored.content if stored is not None else None
            if stored is not None and content is None and stored.recipe is not None and self._make:
                loop = asyncio.get_running_loop()
                content = await loop.run_in_executor(self._thread, self._make, stored.recipe)
        except Exception:
            log.exception("a file could not be made")
            # A message without its file is better than none: the text says that the file is missing.
            content = None
        if stored is None or content is None:
            row.remark = FILE_FAILED
        else:
            row.enclosure = FileAttachment(stored.name, content)

    def close(self) -> None:
        """Render no more files."""
        self._thread.shutdown(wait=False, cancel_futures=True)
