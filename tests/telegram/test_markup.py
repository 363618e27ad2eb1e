"""Telegram's HTML: what it means, what is refused, and how a page shows it."""

import pytest
from hypothesis import given, strategies as st
from telegram import MessageEntity
from telegram.error import BadRequest
from telegram.helpers import escape_markdown

from bot.demo.messages.html import format_html, parse_html, utf16_length
from bot.demo.telegram.errors import ApiError

TAGS = [
    ("<b>好</b>", "bold"),
    ("<strong>好</strong>", "bold"),
    ("<i>好</i>", "italic"),
    ("<em>好</em>", "italic"),
    ("<u>好</u>", "underline"),
    ("<s>好</s>", "strikethrough"),
    ("<del>好</del>", "strikethrough"),
    ("<code>好</code>", "code"),
    ("<pre>好</pre>", "pre"),
    ("<tg-spoiler>好</tg-spoiler>", "spoiler"),
    ('<span class="tg-spoiler">好</span>', "spoiler"),
    ("<blockquote>好</blockquote>", "blockquote"),
    ("<blockquote expandable>好</blockquote>", "expandable_blockquote"),
    ('<a href="https://example.cn/">好</a>', "text_link"),
]


@pytest.mark.parametrize(("source", "kind"), TAGS)
async def test_every_tag_becomes_its_entity(bot, source, kind):
    message = await bot.send_message(1001, f"😀{source}", parse_mode="HTML")
    assert message.text == "😀好"
    assert [(e.type, e.offset, e.length) for e in message.entities] == [(kind, 2, 1)]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>好", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>好</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        ("好</b>", "Unexpected end tag at byte offset 3"),
        ("到<5人", "Unclosed start tag at byte offset 3"),
        ("5 < 6 > 4", 'Unsupported start tag "" at byte offset 2'),
        ("<p>好</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("好<br>", 'Unsupported start tag "br" at byte offset 3'),
        ("<span>好</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href>好</a>", "Expected equal sign"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>好</b", "Unclosed end tag at byte offset 6"),
    ],
)
async def test_broken_html_is_refused_with_the_place(call, source, reason):
    answer = await call("sendMessage", chat_id=1001, text=source, parse_mode="HTML")
    assert answer["http"] == 400
    assert answer["description"].startswith(f"Bad Request: can't parse entities: {reason}")


def test_only_four_names_and_numbers_are_character_references():
    assert parse_html("&lt;&gt;&amp;&quot;&#20826;&#x515A;&nbsp;&copy")[0] == '<>&"党党&nbsp;&copy'


def test_styles_nest_and_stand_in_telegrams_order():
    text, entities = parse_html("<i>甲<b>乙</b></i><u>丙</u>")
    assert text == "甲乙丙"
    assert [(e["type"], e["offset"], e["length"]) for e in entities] == [
        ("italic", 0, 2),
        ("bold", 1, 1),
        ("underline", 2, 1),
    ]


def test_nothing_is_styled_inside_code_and_no_style_inside_itself():
    assert [e["type"] for e in parse_html("<code>a<b>b</b></code><b>c<b>d</b></b>")[1]] == ["code", "bold"]


def test_a_language_of_code_is_kept():
    _, entities = parse_html('<pre><code class="language-python">x</code></pre>')
    assert entities == [{"offset": 0, "length": 1, "type": "pre", "language": "python"}]


def test_a_link_without_a_web_address_is_plain_text():
    assert parse_html('<a href="没有">好</a>') == ("好", [])
    assert parse_html("<a>example.cn</a>")[1][0]["url"] == "http://example.cn"


async def test_a_message_shows_on_a_page_as_it_was_written(bot, local):
    await bot.send_message(1001, "<b>甲 &amp; <i>乙</i></b> &lt;script&gt;", parse_mode="HTML")
    assert local.history(1001)[-1]["html"] == "<b>甲 &amp; <i>乙</i></b> &lt;script&gt;"


def test_a_page_never_gets_a_tag_from_a_text_or_an_address():
    link = {"type": "text_link", "offset": 0, "length": 3, "url": 'http://x.cn/"><script>'}
    shown = format_html("<a>", [link])
    assert "<script" not in shown
    assert shown.count("<") == 2


def test_overlapping_entities_still_give_a_balanced_page():
    crossed = [{"type": "bold", "offset": 0, "length": 2}, {"type": "italic", "offset": 1, "length": 2}]
    shown = format_html("甲乙丙", crossed)
    assert shown == "<b>甲<i>乙</i></b><i>丙</i>"


@given(st.text())
def test_escaped_text_survives_html_unchanged(text):
    from html import escape

    assert parse_html(escape(text))[0] == text


@given(st.text(alphabet="<>/ab&;\"'= 党😀", max_size=30))
def test_any_source_is_either_refused_or_read_within_bounds(source):
    try:
        text, entities = parse_html(source)
    except ApiError:
        return
    for entity in entities:
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= utf16_length(text)


@pytest.mark.parametrize("address", ["javascript:alert(1).x", "data:text/html,x.y", "vbscript:x.y"])
def test_a_page_never_gets_an_address_that_runs(address):
    assert parse_html(f'<a href="{address}">好</a>') == ("好", [])
    link = {"type": "text_link", "offset": 0, "length": 1, "url": address}
    assert "href" not in format_html("好", [link])


async def test_entities_of_the_real_client_read_the_same_text(bot):
    message = await bot.send_message(1001, "😀<b>主题党日</b> <code>9/5</code>", parse_mode="HTML")
    assert message.parse_entities() == {
        MessageEntity("bold", 2, 4): "主题党日",
        MessageEntity("code", 7, 3): "9/5",
    }
    assert message.text_html == "😀<b>主题党日</b> <code>9/5</code>"


async def test_markdown_is_said_to_be_missing(bot):
    with pytest.raises(BadRequest, match="reads html only"):
        await bot.send_message(1001, escape_markdown("好", version=2), parse_mode="MarkdownV2")
