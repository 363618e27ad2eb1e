"""Every row of the date grammar reads the example that stands in it."""

import re
from datetime import datetime

import pytest

from handlers.reading.dates.context import Form
from handlers.reading.dates.find import find_dates
from handlers.reading.dates.grammar import FORMS

NOW = datetime.fromisoformat("2026-11-21T10:00:00+08:00")


@pytest.mark.parametrize("form", FORMS, ids=[f"{form.read.__name__} {form.example}" for form in FORMS])
def test_a_form_reads_its_own_example(form: Form) -> None:
    match = re.compile(form.pattern, re.ASCII | re.VERBOSE).search(form.example)

    assert match
    assert match[0][0] in form.begins
    assert find_dates(form.example, now=NOW).spans
