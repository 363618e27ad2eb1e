"""Quarters, half-years, semesters and decades: 今年三季度, Q3, 上半年, 本学期, 十九世纪七十年代."""

from datetime import date, timedelta
from re import Match

from handlers.reading.calendar_forms import YEAR_OF
from handlers.reading.fragments import DAY, GAP, LIST, NEAR, NOT_PLACE, TO, number, steps, year_of
from handlers.reading.spans import Days, Found, Frame, Read, months
from models.rules.semesters import DEFAULT_SEMESTERS

_Q = "[一二三四1-4]"
QUARTER = (
    rf"(?:{YEAR_OF})?(?:第{GAP}(?P<ordinal>{_Q}){GAP}个?(?:季度|季(?P<loose>)(?![度节军])|(?={TO}第?{_Q}个?季度))"
    rf"|(?P<quarter>{_Q}){GAP}(?:季度|(?={TO}第?{_Q}{GAP}季度)|(?={LIST}{_Q}{GAP}季度))|前(?P<first>[二两三23])个?季度"
    rf"|(?P<end>首|末)季度)"
)
QUARTER_NEAR = rf"(?P<near>{NOT_PLACE}{NEAR}){GAP}季度?(?!节)"
CODED = (
    r"(?:(?P<before>(?:19|20)[0-9]{2})(?:年度?|-| )?)?(?P<code>[QqHh][1-4])(?![0-9A-Za-z])"
    r"(?:[ -]?(?P<after>20[0-9]{2})(?![0-9]))?"
)
HALF = rf"(?:{YEAR_OF})?(?<![以近])(?P<half>[上下前后])半年度?(?!前|后)"
HALF_NEAR = r"(?P<near>上|下|这|本)(?:个|一个)半年"
DECADE = rf"(?:(?P<century>上个?|本|[0-9]{{1,2}}|{DAY}){GAP}世纪{GAP})?(?P<decade>[0-9]0|[一二三四五六七八九]?十){GAP}年代"
SEMESTER = (
    rf"(?:{YEAR_OF}|(?P<school>20[0-9]{{2}})年?[-~至/](?:20)?[0-9]{{2}}{GAP}学年度?{GAP}的?)?"
    r"(?P<term>第[一二12]|[春秋]季?|[上下])(?:个)?学期"
)
SEMESTER_NEAR = r"(?P<near>上个?|本|这个?|下个?|新)(?:一)?(?:个)?学期"
SCHOOL_YEAR = rf"(?:(?P<school>20[0-9]{{2}})年?[-~至/](?:20)?[0-9]{{2}}{GAP}|(?P<near>上个?|本|这个?|下个?|新)(?:一)?)学年度?"
VACATION = rf"(?:{YEAR_OF})?(?P<vacation>寒假|暑假)"


def _quarter(year: int, number_of: int, length: int = 1) -> Days:
    return months(year, 3 * number_of - 2, 3 * length)


def _keyed(days: Days, key: str) -> Found:
    return Found(*days, "period", key)


def read_quarter(match: Match[str], frame: Frame) -> Found | None:
    """今年三季度, 第3季度, 前三季度; 第三季 only after a year."""
    if match["loose"] is not None and not match["year"]:
        return None
    if match["end"]:
        wanted, length = (1, 1) if match["end"] == "首" else (4, 1)
    elif match["first"]:
        wanted, length = 1, number(match["first"])
    else:
        wanted, length = number(match["ordinal"] or match["quarter"]), 1
    year = year_of(match["year"], frame) if match["year"] else None
    days = _quarter(year, wanted, length) if year else frame.nearest(lambda y: _quarter(y, wanted, length))
    if days is None:
        return None
    return Found(*days, "range") if length > 1 else _keyed(days, f"{days[0].year:04}-Q{wanted}")


def read_quarter_near(match: Match[str], frame: Frame) -> Found | None:
    """上季度, 本季度, 下个季度."""
    index = frame.today.year * 4 + (frame.today.month - 1) // 3 + steps(match["near"])
    year, quarter = divmod(index, 4)
    return _keyed(_quarter(year, quarter + 1), f"{year:04}-Q{quarter + 1}")


def read_coded(match: Match[str], frame: Frame) -> Found | None:
    """Q3, 2026-H2, Q4 2025."""
    kind, wanted = match["code"][0].upper(), int(match["code"][1])
    size = 3 if kind == "Q" else 6
    if wanted * size > 12:
        return None
    year = match["before"] or match["after"]
    begin = size * (wanted - 1) + 1
    days = months(int(year), begin, size) if year else frame.nearest(lambda y: months(y, begin, size))
    return _keyed(days, f"{days[0].year:04}-{kind}{wanted}") if days else None


def read_half(match: Match[str], frame: Frame) -> Found | None:
    """去年下半年, 上半年."""
    wanted = 1 if match["half"] in "上前" else 2
    year = year_of(match["year"], frame) if match["year"] else None
    days = months(year, 6 * wanted - 5, 6) if year else frame.nearest(lambda y: months(y, 6 * wanted - 5, 6))
    return _keyed(days, f"{days[0].year:04}-H{wanted}") if days else None


def read_half_near(match: Match[str], frame: Frame) -> Found | None:
    """上个半年: the half-year before this one."""
    year, half = divmod(frame.today.year * 2 + (frame.today.month - 1) // 6 + steps(match["near"]), 2)
    return _keyed(months(year, 6 * half + 1, 6), f"{year:04}-H{half + 1}")


def read_decade(match: Match[str], frame: Frame) -> Found | None:
    """本世纪20年代, 十九世纪七十年代, 80年代; without a century the twenties are those of this one."""
    decade = number(match["decade"])
    if decade % 10 or decade > 90:
        return None
    named = match["century"]
    this = frame.today.year // 100
    if named is None:
        century = this if decade <= frame.today.year % 100 else this - 1
    else:
        century = {"上": this - 1, "上个": this - 1, "本": this}.get(named, number(named) - 1)
    first = date(century * 100 + decade, 1, 1)
    return Found(first, date(first.year + 9, 12, 31), "period")


def _semester(year: int, half: int) -> Found:
    return _keyed(DEFAULT_SEMESTERS.span(year, half), f"{year:04}-S{half}")


def read_semester(match: Match[str], frame: Frame) -> Found | None:
    """2025-2026学年第一学期, 2026年秋季学期, 春季学期; bare 上学期 is the one before this."""
    half = 1 if match["term"][-1] in "一1秋上" or match["term"].startswith("秋") else 2
    if match["school"]:
        return _semester(int(match["school"]), half)
    if match["term"] in ("上", "下"):
        return _semester_near(frame, -1 if match["term"] == "上" else 1) if not match["year"] else None
    if match["year"]:
        return _semester(year_of(match["year"], frame) - (half == 2), half)
    days = frame.nearest(lambda year: DEFAULT_SEMESTERS.span(year - (half == 2), half))
    return _semester(days[0].year - (half == 2), half) if days else None


def read_semester_near(match: Match[str], frame: Frame) -> Found | None:
    """本学期, 上个学期, 下学期; in the vacations 本学期 is the one that has ended."""
    return _semester_near(frame, 1 if match["near"].startswith("下") else -match["near"].count("上"))


def _semester_near(frame: Frame, step: int) -> Found:
    today = frame.today
    year, half = divmod(
        today.year * 2 + (today.month >= 9) - (today < DEFAULT_SEMESTERS.span(today.year - 1, 2)[0]), 2
    )
    index = year * 2 + half - 1 + step
    return _semester(index // 2, index % 2 + 1)


def read_school_year(match: Match[str], frame: Frame) -> Found | None:
    """2025-2026学年, 本学年: from the first day of autumn to the last of spring."""
    if match["school"]:
        year = int(match["school"])
    else:
        year = frame.today.year - (frame.today.month < 9) + steps(match["near"])
    return Found(DEFAULT_SEMESTERS.span(year, 1)[0], DEFAULT_SEMESTERS.span(year, 2)[1], "period")


def read_vacation(match: Match[str], frame: Frame) -> Found | None:
    """暑假, 去年寒假: between the usual semesters, never a single day."""

    def days(year: int) -> Days:
        if match["vacation"] == "暑假":
            before, after = DEFAULT_SEMESTERS.span(year - 1, 2), DEFAULT_SEMESTERS.span(year, 1)
        else:
            before, after = DEFAULT_SEMESTERS.span(year - 1, 1), DEFAULT_SEMESTERS.span(year - 1, 2)
        return before[1] + timedelta(days=1), after[0] - timedelta(days=1)

    found = days(year_of(match["year"], frame)) if match["year"] else frame.nearest(days)
    return Found(*found, "vague") if found else None


FORMS: tuple[tuple[str, Read], ...] = (
    (SEMESTER, read_semester),
    (SEMESTER_NEAR, read_semester_near),
    (SCHOOL_YEAR, read_school_year),
    (QUARTER, read_quarter),
    (QUARTER_NEAR, read_quarter_near),
    (CODED, read_coded),
    (HALF_NEAR, read_half_near),
    (HALF, read_half),
    (DECADE, read_decade),
    (VACATION, read_vacation),
)
