"""The day by which something is due within its period."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from models.rules.calendar.periods import Period
from models.rules.calendar.workdays import Workdays

# A due day can be shifted over a vacation at most this many days.
SLACK = 90


class DueKind(StrEnum):
    """What a due day is counted from; `unset` waits for the organization's own setting."""

    END = "end"
    DAY = "day"
    MONTH_DAY = "month_day"
    WEEKDAY = "weekday"
    WORKDAY = "workday"
    FIXED = "fixed"
    AFTER = "after"
    UNSET = "unset"


class Shift(StrEnum):
    """Where a due day moves that is no working day."""

    LEAVE = "leave"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class DueRule:
    """A due day, as a value.

    kind      | meaning
    end       | the period's last day
    day       | the `n`-th day of a month (the last one where the month is shorter)
    month_day | `month`/`n` within the period (a year or a term)
    weekday   | the `n`-th `weekday` (Monday 0); n = -1 the last one; within a week just that weekday
    workday   | the `n`-th working day; n = -1 the last one
    fixed     | the day `on`, whatever the period
    after     | `n` days and `months` months after the period's first day (an event's day)

    `month_of` chooses the month of a longer period: 1 the first, -1 the last, 0 the rule's own habit
    (the last month for `day`, the whole period for weekdays and working days). `following` means the
    period after this one: 次月10日, 次年3月31日.
    """

    kind: DueKind = DueKind.END
    n: int = 0
    weekday: int = 0
    month: int = 0
    months: int = 0
    month_of: int = 0
    following: bool = False
    on: date | None = None
    shift: Shift = Shift.LEAVE

    @property
    def reach(self) -> int:
        """The most days after its period that the due day can lie, vacations included."""
        if self.kind is DueKind.AFTER:
            return self.n + 31 * self.months + SLACK
        return SLACK + 400 * self.following


def get_due_day(rule: DueRule, period: Period, workdays: Workdays) -> tuple[date, bool] | None:
    """The due day and whether it rests on days off not published yet; None for an unset rule."""
    # 次年3月31日 names its month itself; only what is counted within a period moves on with it.
    moves = rule.following and rule.kind is not DueKind.MONTH_DAY
    found = _get_unshifted_day(rule, _get_following_period(period) if moves else period, workdays)
    if found is None:
        return None
    day, provisional = found
    if rule.shift is Shift.LEAVE:
        return found
    moved = workdays.find_at_or_after(day) if rule.shift is Shift.AFTER else workdays.find_at_or_before(day)
    # Both the day itself and the walk from it can rest on unpublished days off.
    return moved[0], provisional or moved[1]


def _get_unshifted_day(rule: DueRule, period: Period, workdays: Workdays) -> tuple[date, bool] | None:
    match rule.kind:
        case DueKind.END:
            return period.last, False
        case DueKind.FIXED:
            return (rule.on, False) if rule.on else None
        case DueKind.AFTER:
            return add_months(period.first, rule.months) + timedelta(days=rule.n), False
        case DueKind.MONTH_DAY:
            return _get_month_day(rule, period), False
        case DueKind.DAY:
            return _get_day_of_month(rule, period), False
        case DueKind.WEEKDAY:
            return get_nth_weekday(rule.n, rule.weekday, *_get_month_within(period, rule.month_of)), False
        case DueKind.WORKDAY:
            return _find_nth_workday(rule, *_get_month_within(period, rule.month_of), workdays)
    return None


def _get_month_within(period: Period, which: int) -> tuple[date, date]:
    """The `which`-th month of a period, cut to it; -1 is the last, 0 the whole period."""
    # No month fits into less than 28 days: a week or a short semester is taken whole.
    if which == 0 or (period.last - period.first).days < 27:
        return period.first, period.last
    base = period.first if which > 0 else period.last
    begin = add_months(base.replace(day=1), which - 1 if which > 0 else which + 1)
    begin, end = get_month_span(begin.year, begin.month)
    return max(begin, period.first), min(end, period.last)


def _get_day_of_month(rule: DueRule, period: Period) -> date:
    first, last = _get_month_within(period, rule.month_of or -1)
    if (period.last - period.first).days < 27:
        return min(first + timedelta(days=rule.n - 1), last)
    return min(max(_create_clipped_date(first.year, first.month, rule.n), first), last)


def _get_month_day(rule: DueRule, period: Period) -> date:
    """Within the period; in the last year of a term; with `following` in the year after."""
    # A term of several years ends in the year that counts.
    long = (period.last - period.first).days > 366
    year = period.last.year if long else period.first.year
    if rule.following:
        return _create_clipped_date(year + 1, rule.month, rule.n)
    day = _create_clipped_date(year, rule.month, rule.n)
    return day if long or day >= period.first else _create_clipped_date(year + 1, rule.month, rule.n)


def get_nth_weekday(n: int, weekday: int, first: date, last: date) -> date:
    """The n-th such weekday (Monday 0) between two days; -1 is the last.

    The outermost one where there are fewer.
    """
    earliest = first + timedelta(days=(weekday - first.weekday()) % 7)
    latest = last - timedelta(days=(last.weekday() - weekday) % 7)
    if n < 0:
        return max(latest + timedelta(weeks=n + 1), earliest)
    return min(earliest + timedelta(weeks=max(n, 1) - 1), latest)


def _find_nth_workday(rule: DueRule, first: date, last: date, workdays: Workdays) -> tuple[date, bool]:
    """The n-th working day; the nearest one that exists where the span has fewer, or none."""
    step = timedelta(days=1 if rule.n > 0 else -1)
    day = first if rule.n > 0 else last
    # A guessed day anywhere on the way makes the result a guess.
    left, found, official = abs(rule.n), None, True
    while left and first <= day <= last:
        official = official and workdays.is_official(day)
        if workdays.is_workday(day):
            left, found = left - 1, day
        day += step
    if found:
        return found, not official
    return workdays.find_at_or_before(last)


def _get_following_period(period: Period) -> Period:
    """The span after a period, of the same length in months where it is whole months.

    After a week or a semester: of the same length in days.
    """
    first = period.last + timedelta(days=1)
    if period.first.day != 1 or first.day != 1:
        return Period("", first, first + (period.last - period.first))
    length = (first.year - period.first.year) * 12 + first.month - period.first.month
    return Period("", first, add_months(first, length) - timedelta(days=1))


def get_month_span(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def add_months(day: date, months: int) -> date:
    """The same day `months` later (or earlier), the month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    return _create_clipped_date(index // 12, index % 12 + 1, day.day)


def _create_clipped_date(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))
