"""Reloads the operator's days off when one of the year files changes."""

import logging
from pathlib import Path

from models.packs.load import load_workdays
from models.rules.calendar.holidays import HolidayError
from models.rules.calendar.workdays import Workdays

log = logging.getLogger(__name__)


class HolidayWatch:
    """Watches a folder of `<year>.json`; an invalid file is logged once and ignored."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = self._look()

    def news(self) -> Workdays | None:
        """Return all days off if a file has changed since the last call, else None."""
        seen = self._look()
        if seen == self._seen:
            return None
        # Before loading: an invalid file is reported once, and again only after its next change.
        self._seen = seen
        try:
            found = load_workdays(self._folder)
        except HolidayError as error:
            log.warning("the days off stay as they were: %s", error)
            return None
        log.info("days off were read again; the years are %s", sorted(found.years))
        return found

    def _look(self) -> tuple[tuple[str, int, int], ...]:
        """Return (name, modification time in ns, size) of each year file."""
        files = sorted(self._folder.glob("[0-9][0-9][0-9][0-9].json")) if self._folder.is_dir() else ()
        return tuple((file.name, (found := file.stat()).st_mtime_ns, found.st_size) for file in files)
