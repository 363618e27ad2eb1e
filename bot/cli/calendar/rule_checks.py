"""The part of `qingli check` about packs and days off."""

from collections.abc import Iterable, Iterator
from datetime import date

from bot.settings.load import Settings
from bot.settings.to_rules import build_rulebook, get_holidays_folder
from models.packs.build import PackError
from models.packs.load import load_pack, load_workdays
from models.rules.calendar.holidays import HolidayError
from models.rules.calendar.observances import Observance
from models.rules.requirements.types import count_unchecked

SHORT_TEXT = 120
ASK_FROM_MONTH = 11  # when the announcement of the next year can be expected


def check_rules(settings: Settings, today: date) -> tuple[list[str], bool]:
    """Return the lines to show, and whether all is well; an error in a pack has file and line."""
    lines, good = [], True
    try:
        rules = build_rulebook(settings)
        waiting = count_unchecked(rules.requirements)
        lines.append(
            f"规则包：{'、'.join(settings.calendar.packs)}，{len(rules.requirements)} 项要求，"
            f"其中 {waiting} 项尚未与正式文本核对"
        )
        lines += _check_ended_packs(settings, today)
        lines += _check_text_lengths(rules.observances)
    except PackError as error:
        lines += [f"规则包：{problem}" for problem in error.problems]
        good = False
    except HolidayError:
        pass  # told below
    try:
        lines.append(_format_days_off(settings, today))
    except HolidayError as error:
        lines += [f"放假安排：{problem}" for problem in error.problems]
        good = False
    return lines, good


def _check_text_lengths(observances: Iterable[Observance]) -> Iterator[str]:
    """Warn about reminders longer than SHORT_TEXT characters."""
    long = {
        each.name
        for each in observances
        for text in (*each.texts, *(text for _, text in each.yearly))
        if len(text) > SHORT_TEXT
    }
    if long:
        yield f"规则包：{'、'.join(sorted(long))} 的提醒文字超过{SHORT_TEXT}个字，短一点大家才会看完"


def _check_ended_packs(settings: Settings, today: date) -> Iterator[str]:
    """Warn about packs whose validity is over."""
    for name in settings.calendar.packs:
        pack = load_pack(name)
        if pack.valid_until < today:
            yield (
                f"规则包：{name}（{pack.title}）只到 {pack.valid_until}，此后没有应办事项；"
                f"要沿用就写 {name}@{today.year}-01-01"
            )


def _format_days_off(settings: Settings, today: date) -> str:
    """Describe the years with days off and those that are missing. Raises HolidayError."""
    years = sorted(load_workdays(get_holidays_folder(settings)).years)
    wanted = today.year + (today.month >= ASK_FROM_MONTH)
    missing = [str(year) for year in range(today.year, wanted + 1) if year not in years]
    known = f"放假安排：有 {years[0]}—{years[-1]} 年" if years else "放假安排：一年也没有"
    if not missing:
        return known
    return f"{known}；{'、'.join(missing)} 年还没有，公布后请运行 qingli holidays add {missing[0]}.json"
