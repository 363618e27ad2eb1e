"""The reference pages say what the program says."""

import pytest

from docs.reference import build


@pytest.mark.parametrize("name", build.PAGES)
def test_a_reference_page_is_up_to_date(name: str) -> None:
    """If not: `make docs`."""
    assert (build.FOLDER / name).read_text(encoding="utf-8") == build.PAGES[name]()
