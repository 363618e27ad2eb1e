"""Every form in which a day may be written reads its own example, and no form before it does."""

import pytest

from models.rules.calendar import day_parser, due_parser
from models.rules.calendar.day_parser import parse_when
from models.rules.calendar.due_parser import parse_due


@pytest.mark.parametrize("example", [form.example for form in due_parser.FORMS])
def test_the_example_of_a_due_form_is_read_by_that_form(example: str) -> None:
    first = next(form for form in due_parser.FORMS if form.pattern.fullmatch(example))
    assert first.example == example
    parse_due(example)


@pytest.mark.parametrize("example", [form.example for form in day_parser.FORMS])
def test_the_example_of_a_day_form_is_read_by_that_form(example: str) -> None:
    first = next(form for form in day_parser.FORMS if form.pattern.fullmatch(example))
    assert first.example == example
    parse_when(example)
