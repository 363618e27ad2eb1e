"""The operator's days off while the program runs: read again as soon as a file of theirs changes."""

import logging
from pathlib import Path

from models.packs.load import load_workdays
from models.rules.calendar.holidays import HolidayError
from models.rules.calendar.workdays import Workdays

log = logging.getLogger(__name__)


class HolidayWatch:
    """Looks at a folder of `<year>.json`; a file that is wrong is logged once and changes nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = self._look()

    def news(self) -> Workdays | None:
        """All days off as they are now, if a file has come, gone or changed since the last look."""
        seen = self._look()
        if seen == self._seen:
            return None
        self._seen = seen
        try:
            found = load_workdays(self._folder)
        except HolidayError as error:
            log.warning("the days off stay as they were: %s", error)
            return None
        log.info("days off were read again; the years are %s", sorted(found.years))
        return found

    def _look(self) -> tuple[tuple[str, int, int], ...]:
        files = sorted(self._folder.glob("[0-9][0-9][0-9][0-9].json")) if self._folder.is_dir() else ()
        return tuple((file.name, (found := file.stat()).st_mtime_ns, found.st_size) for file in files)
