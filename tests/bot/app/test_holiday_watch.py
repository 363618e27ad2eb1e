"""Days off are read again while the program runs."""

import json
import logging
from pathlib import Path

import pytest

from bot.app.holiday_watch import HolidayWatch
from models.packs.load import HOLIDAYS


def install(folder: Path, year: int) -> Path:
    """A bundled year's file as one of the operator's own."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{year}.json"
    file.write_text((HOLIDAYS / f"{year}.json").read_text("utf-8"), "utf-8")
    return file


def test_a_file_is_taken_up_once_when_it_comes_and_when_it_goes(tmp_path: Path) -> None:
    watch = HolidayWatch(tmp_path / "holidays")
    assert watch.news() is None
    file = install(tmp_path / "holidays", 2026)
    found = watch.news()
    assert found is not None
    assert sorted(found.years) == [2024, 2025, 2026]
    assert watch.news() is None
    file.unlink()
    assert watch.news() is not None


def test_a_file_that_is_wrong_changes_nothing_and_is_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    watch = HolidayWatch(tmp_path)
    (tmp_path / "2027.json").write_text(json.dumps({"year": 2027, "days": []}), "utf-8")
    with caplog.at_level(logging.WARNING):
        assert [watch.news() for _ in range(3)] == [None] * 3
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "2027.json" in caplog.text
