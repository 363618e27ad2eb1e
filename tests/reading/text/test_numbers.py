"""Numbers as people write them."""

from hypothesis import given, strategies as st

from handlers.reading.text.numbers import parse_integer
from tests.tables import each_row

FIGURES = "零一二三四五六七八九"


@each_row(
    ("text", "number"),
    [
        ("23", 23), ("２３", 23), ("二十三", 23), ("廿三", 23), ("卅一", 31), ("十", 10), ("十二", 12),
        ("一十五", 15), ("两百零五", 205), ("三百五", 350), ("三百五十", 350), ("一千零二十", 1020),
        ("两千零四", 2004), ("二〇二六", 2026), ("一万二千", 12_000), ("十二万", 120_000),
        ("1.2万", 12_000), ("3千", 3_000), ("三亿五千万", 350_000_000), ("壹佰贰拾叁", 123),
        ("1,250", 1250), ("〇", 0), ("两", 2), (" 7 ", 7),
    ],
)  # fmt: skip
def test_a_number_is_read(text: str, number: int) -> None:
    assert parse_integer(text) == number


@each_row("text", ["", "abc", "十十", "二百百", "1.5", "1.23456万", "万", "八(2)", "几", "3-5", "-3"])
def test_what_is_no_whole_number_is_none(text: str) -> None:
    assert parse_integer(text) is None


@given(st.integers(0, 99_999))
def test_every_number_is_read_back(number: int) -> None:
    assert parse_integer(_spelled(number)) == number
    assert parse_integer(str(number)) == number


@given(st.text(max_size=20))
def test_no_text_raises(text: str) -> None:
    parse_integer(text)


def _spelled(number: int) -> str:
    """The full Chinese numeral, with 零 for skipped places."""
    if number < 10:
        return FIGURES[number]
    for unit, name in ((10_000, "万"), (1_000, "千"), (100, "百"), (10, "十")):
        if number >= unit:
            more, rest = divmod(number, unit)
            zero = "零" if 0 < rest < unit // 10 else ""
            return _spelled(more) + name + zero + (_spelled(rest) if rest else "")
    raise AssertionError
