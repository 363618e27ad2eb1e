"""Quarters, half-years, semesters and decades: 今年三季度, Q3, 上半年, 本学期, 十九世纪七十年代."""

from datetime import date, timedelta
from re import Match

from handlers.reading.dates.context import (
    Before,
    DateValue,
    DayRange,
    Form,
    Frame,
    Scope,
    create_period,
    get_months,
)
from handlers.reading.dates.patterns import (
    CN_DAY,
    FIGURES,
    GAP,
    LIST,
    NEAR,
    NEAR_BEGINS,
    NOT_PLACE,
    NUMERALS,
    TO,
    count_steps,
    parse_number,
)
from handlers.reading.text.numbers import DIGIT
from models.rules.calendar.periods import parse_period
from models.rules.calendar.semesters import DEFAULT_SEMESTERS

_Q = "[一二三四1-4]"
QUARTER = rf"""
    (?!一季度{GAP}[一两][次场])                                   # 一季度一次 is a frequency
    (?: 第{GAP}(?P<ordinal>{_Q}){GAP}个?{GAP}(?:
            季{GAP}度                                              # 第三季度
          | 季(?P<loose>)(?![度节军])                              # 第三季, only after a year
          | (?=(?:{TO}|{LIST})第?{_Q}个?季度)                      # 第二、三季度
        )
      | (?P<pair>一二|二三|三四)季度
      | (?P<quarter>{_Q}){GAP}(?:
            季度
          | (?={TO}第?{_Q}{GAP}季度)                               # 一到三季度
          | (?={LIST}{_Q}{GAP}季度)                                # 一、二季度
        )
      | 前(?P<first>[二两三23])个?季度
      | (?P<end>首|末|最后一?个?)季度
    )
"""
QUARTER_NEAR = rf"(?P<near>{NOT_PLACE}{NEAR}){GAP}季度?(?!节)"
CODED = r"(?P<code>[QqHh][1-4])(?![0-9A-Za-z])(?:[ -]?(?P<after>20[0-9]{2})(?![0-9]))?"
CODED_YEAR = r"(?P<before>(?:19|20)[0-9]{2})[- ]?(?P<code>[QqHh][1-4])(?![0-9A-Za-z])"
WRITTEN_KEY = r"(?P<key>20[0-9]{2}-(?:W[0-5][0-9]|B[1-6]|S[12]))(?![0-9A-Za-z-])"
# 以前半年, 近半年 are lengths of time.
HALF = "(?<![以近])(?P<half>[上下前后])半年度?(?![前后])"
HALF_NEAR = "(?P<near>[上下这本])(?:个|一个)半年"
DECADE = rf"(?P<hundreds>1[0-9]|20)?(?P<decade>[0-9]0|{DIGIT}?十){GAP}年代"
CENTURY = rf"(?P<century>上个?|本|[0-9]{{1,2}}|{CN_DAY}){GAP}世纪{GAP}{DECADE}"
_TERM = "(?P<term>第[一二12]|[春秋]季?)个?学期"
SEMESTER_NEAR = "(?P<near>上个?|本|这个?|下个?|新)一?个?学期"
SCHOOL_YEAR = rf"(?P<school>20[0-9]{{2}})年?[-~至/](?:20)?[0-9]{{2}}{GAP}学年度?"
SEMESTER_OF = rf"{SCHOOL_YEAR}{GAP}的?(?P<term>第[一二12]|[春秋]季?|[上下])个?学期"
SCHOOL_YEAR_NEAR = "(?P<near>上个?|本|这个?|下个?|新)一?学年度?"
VACATION = "(?P<vacation>寒假|暑假)"


def read_quarter(match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """今年三季度, 第3季度, 前三季度; 第三季 only after a year."""
    if match["loose"] is not None and not scope.year:
        return None
    first, count = _parse_quarters(match)
    days = _find_in_year(frame, scope, first * 3 - 2, count * 3)
    if days is None:
        return None
    return DateValue(*days, "range") if count > 1 else create_period(days, f"{days[0].year:04}-Q{first}")


def _parse_quarters(match: Match[str]) -> tuple[int, int]:
    """The first quarter that is named, and how many are."""
    if match["end"]:
        return (1 if match["end"] == "首" else 4), 1
    if match["pair"]:
        return parse_number(match["pair"][0]), 2
    if match["first"]:
        return 1, parse_number(match["first"])
    return parse_number(match["ordinal"] or match["quarter"]), 1


def _find_in_year(frame: Frame, scope: Scope, first: int, length: int) -> DayRange | None:
    """`length` months from month `first` in the scope's year, else in the nearest."""
    if scope.year:
        return get_months(scope.year, first, length)
    return frame.find_nearest(lambda year: get_months(year, first, length))


def read_quarter_near(match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """上季度, 本季度, 下个季度."""
    index = frame.today.year * 4 + (frame.today.month - 1) // 3 + count_steps(match["near"])
    year, quarter = divmod(index, 4)
    return create_period(get_months(year, 3 * quarter + 1, 3), f"{year:04}-Q{quarter + 1}")


def read_coded(match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """Q3, 2026-H2, Q4 2025."""
    kind, wanted = match["code"][0].upper(), int(match["code"][1])
    size = 3 if kind == "Q" else 6
    year = match["before"] if "before" in match.re.groupindex else match["after"]
    if wanted * size > 12:
        return None
    days = _find_in_year(frame, Scope(int(year)) if year else scope, size * (wanted - 1) + 1, size)
    return create_period(days, f"{days[0].year:04}-{kind}{wanted}") if days else None


def read_written_key(match: Match[str], _frame: Frame, _scope: Scope) -> DateValue | None:
    """2026-W47, 2026-B6, 2026-S1, as our own messages name a period."""
    period = parse_period(match["key"])
    return create_period((period.first, period.last), period.key)


def read_half(match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """去年下半年, 上半年."""
    half = 1 if match["half"] in "上前" else 2
    days = _find_in_year(frame, scope, 6 * half - 5, 6)
    return create_period(days, f"{days[0].year:04}-H{half}") if days else None


def read_half_near(match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """上个半年: the half-year before this one."""
    index = frame.today.year * 2 + (frame.today.month - 1) // 6 + count_steps(match["near"])
    year, half = divmod(index, 2)
    return create_period(get_months(year, 6 * half + 1, 6), f"{year:04}-H{half + 1}")


def read_decade(match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """本世纪20年代, 十九世纪七十年代, 80年代; without a century the last such decade that has begun."""
    decade = parse_number(match["decade"])
    if decade % 10 or decade > 90:
        return None
    first = date(_find_century(match, frame.today.year, decade) * 100 + decade, 1, 1)
    return DateValue(first, date(first.year + 9, 12, 31), "period")


def _find_century(match: Match[str], this_year: int, decade: int) -> int:
    """The hundreds of a decade's years: 19 of 1980年代 and of 二十世纪八十年代."""
    if match["hundreds"]:
        return int(match["hundreds"])
    this, year = divmod(this_year, 100)
    named = match["century"] if "century" in match.re.groupindex else None
    if named is None:
        return this if decade <= year else this - 1
    return {"上": this - 1, "上个": this - 1, "本": this}.get(named, parse_number(named) - 1)


def _create_semester(year: int, half: int) -> DateValue:
    """Semester 1 or 2 of the school year that begins in `year`, with its usual days."""
    return create_period(DEFAULT_SEMESTERS.get_span(year, half), f"{year:04}-S{half}")


def read_semester(match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """2025-2026学年第一学期, 2026年秋季学期, 春季学期."""
    half = 1 if match["term"][-1] in "一1上" or match["term"][0] == "秋" else 2
    if "school" in match.re.groupindex:
        return _create_semester(int(match["school"]), half)
    if scope.year:
        return _create_semester(scope.year - (half == 2), half)
    days = frame.find_nearest(lambda year: DEFAULT_SEMESTERS.get_span(year - (half == 2), half))
    return _create_semester(days[0].year - (half == 2), half) if days else None


def read_semester_near(match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """本学期, 上个学期, 下学期; in the vacations 本学期 is the one that has ended."""
    today, near = frame.today, match["near"]
    begun = [DEFAULT_SEMESTERS.get_span(today.year - 1, 2)[0], DEFAULT_SEMESTERS.get_span(today.year, 1)[0]]
    index = (today.year - 1) * 2 + sum(first <= today for first in begun)
    index += 1 if near.startswith("下") else -near.count("上")
    return _create_semester(index // 2, index % 2 + 1)


def read_school_year(match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """2025-2026学年, 本学年: from the first day of autumn to the last of spring."""
    if "school" in match.re.groupindex:
        year = int(match["school"])
    else:
        year = frame.today.year - (frame.today.month < 9) + count_steps(match["near"])
    return DateValue(DEFAULT_SEMESTERS.get_span(year, 1)[0], DEFAULT_SEMESTERS.get_span(year, 2)[1], "period")


def read_vacation(match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """暑假, 去年寒假: between the usual semesters, never a single day."""

    def find_days(year: int) -> DayRange:
        autumn, spring = DEFAULT_SEMESTERS.get_span(year - 1, 1), DEFAULT_SEMESTERS.get_span(year - 1, 2)
        following = DEFAULT_SEMESTERS.get_span(year, 1)
        before, after = (spring, following) if match["vacation"] == "暑假" else (autumn, spring)
        return before[1] + timedelta(days=1), after[0] - timedelta(days=1)

    days = find_days(scope.year) if scope.year else frame.find_nearest(find_days)
    return DateValue(*days, "vague") if days else None


FORMS = (
    Form("2025-2026学年第一学期", "2", SEMESTER_OF, read_semester),
    Form("秋季学期", "第春秋", _TERM, read_semester, Before.NOTHING | Before.YEAR),
    Form("上学期", "上本这下新", SEMESTER_NEAR, read_semester_near),
    Form("2025-2026学年", "2", SCHOOL_YEAR, read_school_year),
    Form("本学年", "上本这下新", SCHOOL_YEAR_NEAR, read_school_year),
    Form("三季度", "第前首末最一二三四1234", QUARTER, read_quarter, Before.NOTHING | Before.YEAR),
    Form("上季度", NEAR_BEGINS, QUARTER_NEAR, read_quarter_near),
    Form("Q3", "QqHh", CODED, read_coded, Before.NOTHING | Before.YEAR),
    Form("2026-H2", "12", CODED_YEAR, read_coded),
    Form("2026-W47", "2", WRITTEN_KEY, read_written_key),
    Form("上个半年", "上下这本", HALF_NEAR, read_half_near),
    Form("去年下半年", "上下前后", HALF, read_half, Before.NOTHING | Before.YEAR),
    Form("十九世纪七十年代", "上本" + FIGURES + NUMERALS, CENTURY, read_decade),
    Form("80年代", FIGURES + NUMERALS, DECADE, read_decade),
    Form("暑假", "寒暑", VACATION, read_vacation, Before.NOTHING | Before.YEAR),
)
