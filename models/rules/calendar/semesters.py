"""The two semesters of a school year, as each organization sets them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MonthDay = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Semesters:
    """When the semesters begin and end, both days included.

    `autumn` and `spring` are ((month, day), (month, day)) and hold for every year; `exact` gives one
    semester its own dates, by key: ("2026-S1", first, last). The number before `-S` is the year in
    which the school year begins, so `2026-S1` is the autumn of 2026 and `2026-S2` the spring of 2027.
    Raises ValueError where a semester ends before it begins or runs into the next one.
    """

    autumn: tuple[MonthDay, MonthDay] = ((9, 1), (1, 31))
    spring: tuple[MonthDay, MonthDay] = ((2, 16), (7, 10))
    exact: tuple[tuple[str, date, date], ...] = ()

    def __post_init__(self) -> None:
        """Refuse semesters that overlap: a day belongs to one of them at most."""
        # The yearly dates are the same in every year, so one of them stands for all.
        years = {2026} | {int(key[:4]) for key, _, _ in self.exact}
        for year in sorted(years):
            spans = [self.get_span(y, n) for y in (year - 1, year, year + 1) for n in (1, 2)]
            for (first, last), (following, _) in zip(spans, spans[1:], strict=False):
                if first > last or last >= following:
                    raise ValueError(f"学期日期重叠或颠倒：{first} 至 {last}，下一学期 {following} 开始")

    def get_span(self, year: int, number: int) -> tuple[date, date]:
        """First and last day of semester `number` (1 or 2) of the school year that begins in `year`."""
        for key, first, last in self.exact:
            if key == f"{year}-S{number}":
                return first, last
        if number == 1:
            begin, end = self.autumn
            return date(year, *begin), _create_day(year + (end < begin), end)
        begin, end = self.spring
        return _create_day(year + 1, begin), _create_day(year + 1, end)

    def list_between(self, first: date, last: date) -> Iterator[tuple[str, date, date]]:
        """Key, first and last day of every semester that touches the days from `first` to `last`."""
        for year in range(max(first.year - 1, 1), min(last.year + 1, 9998)):
            for number in (1, 2):
                begin, end = self.get_span(year, number)
                if begin <= last and end >= first:
                    yield f"{year}-S{number}", begin, end

    def list_vacations(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        """The days between the semesters, as spans, as far as they touch the days given."""
        spans = [self.get_span(year, n) for year in range(first.year - 2, last.year + 2) for n in (1, 2)]
        for (_, end), (begin, _) in zip(spans, spans[1:], strict=False):
            free = (end + timedelta(days=1), begin - timedelta(days=1))
            if free[0] <= free[1] and free[0] <= last and free[1] >= first:
                yield free


def _create_day(year: int, month_day: MonthDay) -> date:
    month, day = month_day
    # 29 February as a yearly date; no century year but 2000 lies in the range of the program.
    return date(year, month, 28 if (month, day) == (2, 29) and year % 4 else day)


DEFAULT_SEMESTERS = Semesters()
