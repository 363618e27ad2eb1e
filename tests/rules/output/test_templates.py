"""Texts with names in braces: what they become, and that nothing in them is computed."""

from datetime import UTC, date, datetime

from models.rules.calendar.observances import Observance, ObservanceDay, parse_when
from models.rules.calendar.workdays import Workdays
from models.rules.output.templates import LONGEST, PLACEHOLDERS, fill_template, list_template_mistakes
from models.rules.output.zh_text import strip_markup
from models.rules.people.organization_tree import Node, Tree
from models.rules.people.roles import OrganizationKind
from models.rules.requirements.rulebook import Rulebook
from scheduler.messages.texts import MessageContext, Voice, format_approval
from scheduler.types import TextToApprove
from tests.tables import each_row

VALUES = {
    "festival": "中秋节",
    "theme": "中秋思“正”",
    "date": "9月25日（周五）",
    "year": "2026",
    "organization": "甲校党委",
}


@each_row(
    ("text", "filled"),
    [
        ("一块月饼也不收。", "一块月饼也不收。"),
        ("{festival}将至，{organization}提醒您。", "中秋节将至，甲校党委提醒您。"),
        ("{year}年{date}", "2026年9月25日（周五）"),
        ("{theme}{theme}", "中秋思“正”中秋思“正”"),
        ("写作{{festival}}", "写作{festival}"),
        ("100%、$festival、%(festival)s、\\1", "100%、$festival、%(festival)s、\\1"),
    ],
)
def test_a_name_becomes_its_value_and_all_else_stays(text: str, filled: str) -> None:
    assert list_template_mistakes(text) == []
    assert fill_template(text, VALUES) == filled


@each_row(
    "text",
    ["{password}", "{name.__class__}", "{festival!r}", "{festival:>999999}", "{0}", "{}", "{", "}",
     "{ festival }", "{festival.__init__.__globals__}", "{{{x}}}"],
)  # fmt: skip
def test_anything_else_in_braces_is_a_mistake_and_is_never_computed(text: str) -> None:
    assert "{festival} {theme}" in list_template_mistakes(text)[0]
    assert fill_template(text, VALUES).strip("{}") == text.strip("{}")


def test_values_are_not_read_as_templates() -> None:
    assert fill_template("{organization}", {"organization": "{theme}", "theme": "x"}) == "{theme}"


def test_a_text_that_does_not_fit_into_a_message_is_a_mistake() -> None:
    assert list_template_mistakes("长" * LONGEST) == []
    assert "3500" in list_template_mistakes("长" * 4097)[0]


def test_the_longest_text_fits_into_a_question_to_the_leader_with_the_longest_signatures() -> None:
    when, text = parse_when("中秋节"), "长" * LONGEST
    festival = Observance("节" * 20, "节" * 20, when, theme="题" * 20, texts=(text,))
    day = ObservanceDay(festival, date(2026, 9, 25), date(2026, 9, 24), True)
    asked = TextToApprove(day, text, "v", 1, datetime(2026, 9, 24, 9, tzinfo=UTC))
    tree = Tree([Node(1, "党" * 60, OrganizationKind.COMMITTEE, None)])
    voice = Voice("党" * 60, "请" * 120)
    now = datetime(2025, 9, 1, tzinfo=UTC)
    shown = format_approval(asked, MessageContext(Rulebook((), (), Workdays()), tree, voice, now))
    assert len(strip_markup(shown)) <= 4096


def test_every_placeholder_has_a_value() -> None:
    assert set(VALUES) == set(PLACEHOLDERS)
