"""Working days: published days off, make-up days, and the guess for years not published yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from models.rules.calendar.statutory import get_expected_days_off

ONE_DAY = timedelta(days=1)
# A run of days off longer than this is a vacation; nobody walks back further than a year.
LONGEST_WALK = 366


@dataclass(frozen=True, slots=True)
class HolidayYear:
    """One year's announcement: the days off, and the weekend days that are worked."""

    year: int
    off: frozenset[date]
    worked: frozenset[date]


class Workdays:
    """Which days are worked, and whether that is published.

    Built once from the years' announcements, an organization's single days (`overrides`: True is a
    working day) and its vacations (spans, both days included); never changed afterwards, so that
    answers are kept. An override is certain; a vacation makes a day off for certain, too.
    """

    __slots__ = ("_known", "_overrides", "_vacations", "years")

    def __init__(
        self,
        years: Iterable[HolidayYear] = (),
        overrides: Mapping[date, bool] = MappingProxyType({}),
        vacations: Iterable[tuple[date, date]] = (),
    ) -> None:
        self.years = {each.year: each for each in years}
        self._overrides = dict(overrides)
        self._vacations = tuple(vacations)
        # Asked for the same days thousands of times in one plan.
        self._known: dict[date, tuple[bool, bool]] = {}

    def create_for_organization(
        self, overrides: Mapping[date, bool], vacations: Iterable[tuple[date, date]] = ()
    ) -> "Workdays":
        """The same years with one organization's own days and vacations added."""
        return Workdays(self.years.values(), {**self._overrides, **overrides}, (*self._vacations, *vacations))

    def is_workday(self, day: date) -> bool:
        """Whether people work on that day."""
        return self._get_known(day)[0]

    def is_official(self, day: date) -> bool:
        """Whether the answer for that day is published and not a guess."""
        return self._get_known(day)[1]

    def find_run_of_days_off(self, day: date) -> tuple[date, date] | None:
        """First and last day of the unbroken days off around a day; None on a working day."""
        if self.is_workday(day):
            return None
        first = last = day
        for _ in range(LONGEST_WALK):
            if self.is_workday(first - ONE_DAY):
                break
            first -= ONE_DAY
        for _ in range(LONGEST_WALK):
            if self.is_workday(last + ONE_DAY):
                break
            last += ONE_DAY
        return first, last

    def find_last_workday_before(self, day: date) -> tuple[date, bool]:
        """The last working day before a day, and whether any day looked at is provisional.

        From a day off this is the working day before the run of days off it lies in.
        """
        found, provisional = self.find_at_or_before(day - ONE_DAY)
        return found, provisional or not self.is_official(day)

    def find_at_or_before(self, day: date) -> tuple[date, bool]:
        """The day itself if it is worked, else the last working day before; and whether provisional."""
        return self._find_workday(day, -ONE_DAY)

    def find_at_or_after(self, day: date) -> tuple[date, bool]:
        """The day itself if it is worked, else the next working day; and whether provisional."""
        return self._find_workday(day, ONE_DAY)

    def _find_workday(self, day: date, step: timedelta) -> tuple[date, bool]:
        provisional = False
        for _ in range(LONGEST_WALK):
            worked, official = self._get_known(day)
            provisional = provisional or not official
            if worked:
                return day, provisional
            day += step
        raise ValueError(f"一年之内没有工作日：{day}，请检查假期设置")

    def _get_known(self, day: date) -> tuple[bool, bool]:
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = self._decide_day(day)
        return known

    def _decide_day(self, day: date) -> tuple[bool, bool]:
        # An override wins over everything: a school may work in its vacation.
        if day in self._overrides:
            return self._overrides[day], True
        if any(first <= day <= last for first, last in self._vacations):
            return False, True
        official = self._is_published(day)
        # The first days off of a year may be announced for late December of the year before.
        for year in (self.years.get(day.year), self.years.get(day.year + 1)):
            if year and (day in year.off or day in year.worked):
                return day in year.worked, official
        if day.weekday() >= 5:
            return False, official
        return not self._is_expected_off(day), official

    def _is_published(self, day: date) -> bool:
        """The last ten days of December may still become part of the next year's first holiday."""
        late_december = day.month == 12 and day.day > 21
        return day.year in self.years and (not late_december or day.year + 1 in self.years)

    def _is_expected_off(self, day: date) -> bool:
        if day.year not in self.years and day in get_expected_days_off(day.year):
            return True
        return (
            day.month == 12 and day.year + 1 not in self.years and day in get_expected_days_off(day.year + 1)
        )
