"""The pages that follow from the program say what the program says."""

from pathlib import Path

import pytest

from docs.reference import build


@pytest.mark.parametrize("file", build.PAGES, ids=lambda file: file.name)
def test_a_written_page_is_up_to_date(file: Path) -> None:
    """If not: `make docs`."""
    assert file.read_text(encoding="utf-8") == build.PAGES[file]()
