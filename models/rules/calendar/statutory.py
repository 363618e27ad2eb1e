"""Statutory days off by the law of their year, and the guess made from them."""

from datetime import date, timedelta
from functools import lru_cache

from models.rules.calendar.festivals import FIRST_YEAR, FIXED_FESTIVALS, LAST_YEAR, get_festival_date

# First year of each law: the festival, the first day counted from it, and how many days.
# 《全国年节及纪念日放假办法》 in the versions of 1999, 2007, 2013 and 2024.
_LAWS: dict[int, tuple[tuple[str, int, int], ...]] = {
    2025: (("元旦", 0, 1), ("春节", -1, 4), ("清明节", 0, 1), ("劳动节", 0, 2), ("端午节", 0, 1),
           ("中秋节", 0, 1), ("国庆节", 0, 3)),
    2014: (("元旦", 0, 1), ("春节", 0, 3), ("清明节", 0, 1), ("劳动节", 0, 1), ("端午节", 0, 1),
           ("中秋节", 0, 1), ("国庆节", 0, 3)),
    2008: (("元旦", 0, 1), ("春节", -1, 3), ("清明节", 0, 1), ("劳动节", 0, 1), ("端午节", 0, 1),
           ("中秋节", 0, 1), ("国庆节", 0, 3)),
    2000: (("元旦", 0, 1), ("春节", 0, 3), ("劳动节", 0, 3), ("国庆节", 0, 3)),
}  # fmt: skip


@lru_cache(maxsize=512)
def get_statutory_days(year: int, law: int | None = None) -> dict[str, tuple[date, ...]]:
    """Map each festival to its statutory days, by the law of the year (or of `law`).

    《全国年节及纪念日放假办法》, in the version in force that year.

    Only the days of the law itself; weekends and make-up days are not in it. Years 1901–2099.
    """
    rules = next((rules for since, rules in _LAWS.items() if (law or year) >= since), _LAWS[2000])
    days = {}
    for name, offset, count in rules:
        # Around the first and last year only 元旦 is ever asked for.
        if FIRST_YEAR <= year <= LAST_YEAR or name in FIXED_FESTIVALS:
            first = get_festival_date(name, year)
            days[name] = tuple(first + timedelta(days=offset + n) for n in range(count)) if first else ()
    return days


@lru_cache(maxsize=512)
def get_expected_days_off(year: int) -> frozenset[date]:
    """The working days that are probably off in a year not published yet, beside its weekends.

    The law of 2025, and the Monday before a holiday that begins on a Tuesday.
    """
    found: set[date] = set()
    for days in get_statutory_days(year, law=2025).values():
        found.update(days)
        # A holiday on a Tuesday is usually bridged to the weekend before.
        if days[0].weekday() == 1:
            found.add(days[0] - timedelta(days=1))
    return frozenset(found)
