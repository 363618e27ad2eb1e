"""What follows a date and belongs to it: glosses, shifts, clock times, second ends, open ends."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from handlers.reading.fragments import CN_TEENS, GAP, NO_UNIT, TO, number
from handlers.reading.grammar import read_at
from handlers.reading.numbers import DIGIT
from handlers.reading.part_forms import WEEKDAYS
from handlers.reading.relative_forms import PART_OF_DAY
from handlers.reading.spans import Found, Frame, day, months, real_day, shifted

_HOUR = rf"(?:[0-9]{{1,2}}|二十[一-四]?|十[一二三四五六七八九]?|两|零|{DIGIT})"
_PART = rf"(?:{PART_OF_DAY}|[早晚夜晨午](?![会宴餐饭报读自习辅托班年婚]))"
CLOCK = (
    rf"(?:[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{{2}}:?[0-9]{{2}})?|{_HOUR}{GAP}(?:点(?!意见|要求|建议)(?:钟|整|半|[一二三]刻|过?(?:[0-9]{{1,2}}|{CN_TEENS}|{DIGIT})分?)?"
    rf"|时(?![期间代候长段])(?:[0-9]{{1,2}}分?|{CN_TEENS}分|半|整|许)?))"
)
TIME = re.compile(
    rf"{GAP}(?:的{GAP})?(?:T(?={CLOCK})|{_PART})?{GAP}(?:{CLOCK}(?:{TO}{_PART}?{GAP}{CLOCK})?)?", re.ASCII
)
CLOCK_FIRST = re.compile(
    rf"{_PART}?{CLOCK}(?={TO}(?:[昨今明后次]|[0-9一二三四五六七八九十]{{1,3}}[月日号]))", re.ASCII
)
_TO = re.compile(rf"{GAP}(?:之后|以后|开始|起)?[,，]?{TO}", re.ASCII)
_AND = re.compile(rf"{GAP}[和与跟同及]{GAP}", re.ASCII)
_BETWEEN = re.compile(rf"{GAP}之?间", re.ASCII)
_AFTER = re.compile(rf"{GAP}(?:之后|以后|后|起){GAP}", re.ASCII)
_UNTIL = re.compile(rf"{GAP}(?:之前|以前|前|止)", re.ASCII)
_SINCE = re.compile(rf"{GAP}(?:以来|至今|到现在|到目前|到今天|至目前|至现在)", re.ASCII)
_SHORT_DAY = re.compile(rf"{GAP}[-~至]{GAP}([0-9]{{1,2}}){NO_UNIT}(?![月日号.])", re.ASCII)
_SHORT_WEEKDAY = re.compile(rf"{TO}([一二三四五六日])(?![月日号个十名人位次])", re.ASCII)
_GLOSS = re.compile(rf"{GAP}(?P<open>[(\[【])?{GAP}(?P<comma>,)?{GAP}", re.ASCII)
_CLOSE = re.compile(rf"{GAP}[)\]】]", re.ASCII)
_QUOTE = re.compile("[”\"’']")
_SHIFT = re.compile(
    rf"{GAP}(?:的{GAP})?(?:(?P<eve>前夕|前夜)|(?P<dir>之?前|之?后)的?{GAP}(?P<count>[0-9]{{1,2}}|{CN_TEENS}|两|{DIGIT}){GAP}个?"
    r"(?P<unit>天|日|晚|周|星期|月)|(?P<next>次日|第二天|翌日)|(?P<same>当[天日晚]|[这那]一?天|同一天))",
    re.ASCII,
)
_AROUND = re.compile(rf"{GAP}(?:前后|左右|期间|前夕)", re.ASCII)
_OPEN = re.compile(
    rf"{GAP}(?:(?P<before>(?:[及或和且]{GAP})?[之以]?前(?![台往期面一二两三四五六七八九0-9])|为?止)"
    rf"|(?P<since>(?:[及或和且]{GAP})?[之以]?后(?![勤续备期面一二两三四五六七八九0-9])|起(?![来草点到义])|开始))",
    re.ASCII,
)
_CLOSED_BEFORE = re.compile(r"(?:截至|截止到?|直到)[ :]{0,2}$")


@dataclass(frozen=True, slots=True)
class Piece:
    """What was read and where its words begin and end."""

    found: Found
    start: int
    end: int


def piece_at(text: str, start: int, frame: Frame, form: int | None = None) -> Piece | None:
    """The date that begins at `start` with all that belongs to it; None where none begins."""
    read = read_at(text, start, frame, form)
    if read is None:
        return None
    piece = _with_tail(text, Piece(read[0], start, read[1]), frame)
    if piece.found.impossible:
        return piece
    piece = _with_second_end(text, piece, frame)
    return _with_open_end(text, piece)


def _with_tail(text: str, piece: Piece, frame: Frame) -> Piece:
    """The day with its clock time, shift and gloss."""
    for _ in range(4):
        if piece.found.impossible:
            return piece
        extended = _shift(text, piece) or _time(text, piece) or _gloss(text, piece, frame)
        if extended is None:
            return piece
        piece = extended
    return piece


def _is_day(found: Found) -> bool:
    return found.kind == "day" and found.first == found.last


def _time(text: str, piece: Piece) -> Piece | None:
    match = TIME.match(text, piece.end)
    if not _is_day(piece.found) or not match or not match[0].strip(" 的"):
        return None
    return replace(piece, end=match.end())


def _shift(text: str, piece: Piece) -> Piece | None:
    """国庆节前一天, 中秋前夕, 春节后两天; 前一周 is the week's days before."""
    match = _SHIFT.match(text, piece.end) or None
    if match is None or not _is_day(piece.found):
        return None
    base = piece.found.first
    sign = -1 if match["eve"] or (match["dir"] or "").endswith("前") else 1
    count = 0 if match["same"] else number(match["count"]) if match["count"] else 1
    return Piece(_shifted(base, sign, count, match["unit"] or "天"), piece.start, match.end())


def _shifted(base: date, sign: int, count: int, unit: str) -> Found:
    one = timedelta(days=1)
    if unit in ("天", "日", "晚"):
        return day(base + sign * count * one)
    far = shifted(base, sign * count) if unit == "月" else base + sign * 7 * count * one
    return Found(far, base - one, "window") if sign < 0 else Found(base + one, far, "window")


def _gloss(text: str, piece: Piece, frame: Frame) -> Piece | None:
    """11月15日（周日）, 周日11月15日, 昨天（11月20日）: a second name of the same day."""
    opening = _GLOSS.match(text, piece.end)
    if opening is None:
        return None
    read = read_at(text, opening.end(), frame)
    if read is None or read[0].impossible:
        return None
    other, end = read
    if opening["open"]:
        time = TIME.match(text, end)
        close = _CLOSE.match(text, time.end() if time else end)
        if close is None:
            return None
        end = close.end()
    merged = _merge(piece, other, text, frame, strict=opening["open"] is None)
    return Piece(merged, piece.start, end) if merged else None


def _merge(piece: Piece, other: Found, text: str, frame: Frame, *, strict: bool) -> Found | None:
    """Two names as one date; None where they are two dates (a strict one is told only by its weekday)."""
    found = piece.found
    if not _is_day(found):
        overlaps = other.first <= found.last and found.first <= other.last
        return found if not strict and overlaps else None
    if not _is_day(other):
        return found if not strict and other.first <= found.first <= other.last else None
    if found.first == other.first:
        return found if other.weekday or found.month else other
    if other.weekday and not found.weekday:
        return _with_weekday(piece, other.first.weekday(), text, frame)
    if found.weekday and other.month:
        same = found.first.weekday() == other.first.weekday()
        return other if same else replace(other, doubt="weekday")
    return None if strict else replace(found if found.month else other, doubt="weekday")


def _with_weekday(piece: Piece, weekday: int, text: str, frame: Frame) -> Found:
    """The date if its weekday is the one given, the other year's if that one's is, else with a doubt."""
    found = piece.found
    if found.first.weekday() == weekday:
        return found
    if found.guessed:
        other = read_at(text, piece.start, replace(frame, future=not frame.future))
        if other and other[0].first.weekday() == weekday:
            return replace(other[0], guessed=False)
    return replace(found, doubt="weekday")


def _with_second_end(text: str, piece: Piece, frame: Frame) -> Piece:
    """A range where a second end follows: 9日—13日, 从周一到周五, 3月和9月之间, 2010年之后2018年之前."""
    if match := _SINCE.match(text, piece.end):
        return Piece(
            Found(piece.found.first, max(frame.today, piece.found.first), "window"), piece.start, match.end()
        )
    return (
        _to(text, piece, frame)
        or _bounded(text, piece, frame, _AND, _BETWEEN)
        or _bounded(text, piece, frame, _AFTER, _UNTIL)
        or _short(text, piece)
        or piece
    )


def _to(text: str, piece: Piece, frame: Frame) -> Piece | None:
    match = _TO.match(text, piece.end)
    second = _second(text, match.end(), piece, frame) if match else None
    return _joined(text, piece, second, frame) if second else None


def _bounded(
    text: str, piece: Piece, frame: Frame, middle: re.Pattern[str], closing: re.Pattern[str]
) -> Piece | None:
    match = middle.match(text, piece.end)
    second = _second(text, match.end(), piece, frame) if match else None
    close = closing.match(text, second.end) if second else None
    if second is None or close is None:
        return None
    joined = _joined(text, piece, second, frame)
    return replace(joined, end=close.end()) if joined else None


def _second(text: str, start: int, piece: Piece, frame: Frame) -> Piece | None:
    onward = frame.onward(piece.found.first)
    read = read_at(text, start, onward) or _bare_year(text, start, piece)
    if read is None or read[0].impossible:
        return None
    return _with_tail(text, Piece(read[0], start, read[1]), onward)


_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?![0-9])")


def _bare_year(text: str, start: int, piece: Piece) -> tuple[Found, int] | None:
    match = _YEAR.match(text, start)
    if match is None or piece.found.kind != "period" or len(piece.found.period or "") != 4:
        return None
    year = int(match[0])
    return Found(date(year, 1, 1), date(year, 12, 31), "period", match[0]), match.end()


def _joined(text: str, piece: Piece, second: Piece, frame: Frame) -> Piece | None:
    """The range from the first to the second; a first end without a year follows the second's."""
    first, last = piece.found, second.found
    if first.guessed and not last.guessed:
        again = read_at(text, piece.start, replace(frame, pivot=last.first, future=False))
        first = again[0] if again else first
    if last.last < first.first or last.first < first.first:
        return None
    doubt = first.doubt or last.doubt
    found = Found(first.first, last.last, "range", _range_key(first, last), doubt, month=last.month)
    return Piece(day(first.first) if first.first == last.last else found, piece.start, second.end)


def _range_key(first: Found, last: Found) -> str | None:
    """The key of a period that two months make: 2026-B6, 2026-Q3, 2026-H1, 2026."""
    if not (first.period and last.period and first.kind == last.kind == "period"):
        return None
    begin, end = first.first, last.last
    length = (end.year - begin.year) * 12 + end.month - begin.month + 1
    for size, letter in ((2, "B"), (3, "Q"), (6, "H"), (12, "")):
        if (
            length == size
            and (begin.month - 1) % size == 0
            and (begin, end) == months(begin.year, begin.month, size)
        ):
            return f"{begin.year:04}" + (f"-{letter}{(begin.month - 1) // size + 1}" if letter else "")
    return None


def _short(text: str, piece: Piece) -> Piece | None:
    """11.10-12 and 周一到五: a second end of one bare number."""
    found = piece.found
    if not _is_day(found):
        return None
    if found.month and (match := _SHORT_DAY.match(text, piece.end)):
        last = real_day(found.first.year, found.first.month, int(match[1]))
        if last and last > found.first:
            return Piece(Found(found.first, last, "range", month=True), piece.start, match.end())
    if text[piece.end - 1] in "一二三四五六" and (match := _SHORT_WEEKDAY.match(text, piece.end)):
        last = found.first + timedelta(days=(WEEKDAYS[match[1]] - found.first.weekday()) % 7)
        return Piece(Found(found.first, last, "range"), piece.start, match.end())
    return None


def _with_open_end(text: str, piece: Piece) -> Piece:
    """20日前, 9月1日起, 截至11月, 国庆前后."""
    found = piece.found
    if found.kind in ("now", "vague", "window"):
        return piece
    if match := _AROUND.match(text, piece.end):
        return Piece(replace(found, kind="vague"), piece.start, match.end())
    match = _OPEN.match(text, piece.end)
    if match:
        kind = "before" if match["before"] else "since"
        return Piece(replace(found, kind=kind), piece.start, match.end())
    if _CLOSED_BEFORE.search(text[max(piece.start - 6, 0) : piece.start]):
        return replace(piece, found=replace(found, kind="before"))
    return piece
