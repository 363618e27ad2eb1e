"""The buttons under a status: pages, views, files, periods and organizations. PURE."""

from collections.abc import Mapping, Sequence

from handlers.core.callback_data import ALTER_OF, URGE_OF, build_status_button
from handlers.core.messages import Button

LIST, BY_REQUIREMENT, BY_BRANCH, BY_MONTH, BRANCH = "list", "what", "who", "month", "branch"
PICTURE, WORKBOOK, SHEET, SCOPE, PERIOD = "picture", "workbook", "sheet", "scope", "period"
PAGE, WHOLE, AGAIN = "page", "whole", "again"
ALL_PLACES, ALL_MATTERS, AS_ASKED = 0, 1, 2
ELSEWHERE = frozenset((PICTURE, WORKBOOK, SHEET, PAGE, AGAIN))
VIEWS = ((LIST, "欠办"), (BY_REQUIREMENT, "按事项"), (BY_BRANCH, "按支部"), (BY_MONTH, "按月"))
PERIODS = (("上月", "month", -1), ("本季度", "quarter", 0), ("今年", "year", 0))
MOST_BRANCHES = 12

Rows = tuple[tuple[Button, ...], ...]


def split_rows(buttons: Sequence[Button], wide: int) -> Rows:
    """The buttons in rows of `wide`."""
    return tuple(tuple(buttons[start : start + wide]) for start in range(0, len(buttons), wide))


def build_paging(inquiry: int, view: str, number: int, place: int = 0, *, more: bool) -> Rows:
    """The buttons to the page before and after, where there are any."""
    before = [build_status_button("上一页", inquiry, view, place, number - 1)] if number else []
    after = [build_status_button("更多", inquiry, view, place, number + 1)] if more else []
    return ((*before, *after),) if before or after else ()


def build_views(inquiry: int, view: str, *, months: bool, branches: bool) -> Rows:
    """The buttons to the other views; by month or branch only where there are several."""
    left_out = {view, *([] if months else [BY_MONTH]), *([] if branches else [BY_BRANCH])}
    return (tuple(build_status_button(label, inquiry, key) for key, label in VIEWS if key not in left_out),)


def build_files(inquiry: int, place: int = 0, *, web: bool = False) -> tuple[Button, ...]:
    """The buttons to picture, workbook and web page; `place` is the id of one organization or 0."""
    return (
        build_status_button("图", inquiry, PICTURE, place),
        build_status_button("表格", inquiry, WORKBOOK, place),
        *([build_status_button("网页", inquiry, PAGE)] if web else []),
    )


def page(inquiry: int, *, web: bool) -> Rows:
    """As a page, where it is served: it holds what is too much for a message or a file."""
    return ((build_status_button("网页", inquiry, PAGE),),) if web else ()


def build_text_button(inquiry: int, place: int) -> Rows:
    """The button under a file: the same status as a message."""
    return ((build_status_button("看文字", inquiry, AGAIN, place),),)


def build_widening(inquiry: int, *, places: bool, matters: bool) -> Rows:
    """The buttons that remove the filter by organization or by requirement, where there is one."""
    row = (
        *([build_status_button("全部支部", inquiry, WHOLE, ALL_PLACES)] if places else []),
        *([build_status_button("全部事项", inquiry, WHOLE, ALL_MATTERS)] if matters else []),
    )
    return (row,) if row else ()


def build_missing(inquiry: int) -> Rows:
    """The button to the list of what is missing."""
    return ((build_status_button("还缺什么", inquiry, WHOLE, AS_ASKED),),)


def build_periods(inquiry: int) -> Rows:
    """The buttons to other periods."""
    return (
        tuple(
            build_status_button(label, inquiry, PERIOD, place) for place, (label, _, _) in enumerate(PERIODS)
        ),
    )


def build_next_year(inquiry: int, label: str) -> Rows:
    """The button to the same days a year later; no row for an empty label."""
    return ((build_status_button(label, inquiry, PERIOD, len(PERIODS)),),) if label else ()


def build_nudge(inquiry: int) -> tuple[Button, ...]:
    """The nudge button for leaders."""
    return (Button("催办", f"{URGE_OF}:{inquiry}:0"),)


def build_waive_or_move(place: int, inquiry: int) -> tuple[Button, ...]:
    """The button to waive or move an occurrence of one organization."""
    return (Button("免办或改期", f"{ALTER_OF}:{place}:{inquiry}"),)


def build_branches(inquiry: int, names: Mapping[int, str]) -> Rows:
    """The buttons that open an organization, by id; at most MOST_BRANCHES."""
    buttons = [build_status_button(name, inquiry, BRANCH, key) for key, name in names.items()]
    return split_rows(buttons[:MOST_BRANCHES], 3)
