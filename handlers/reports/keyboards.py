"""Buttons under records and questions. PURE."""

from handlers.core.callback_data import ANSWER, CANCEL, FIX, UNDO
from handlers.core.messages import Button
from handlers.reports.draft import Question


def build_question_rows(report_id: int, number: int, asked: Question) -> tuple[tuple[Button, ...], ...]:
    """The offered answers, two a row, and 不记了, which drops the report."""
    buttons = [
        Button(option.label, f"{ANSWER}:{report_id}:{number}:{index}")
        for index, option in enumerate(asked.options)
    ]
    rows = [tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]
    return (*rows, (Button("不记了", f"{ANSWER}:{report_id}:{number}:{CANCEL}"),))


def build_record_rows(report_id: int) -> tuple[tuple[Button, ...], ...]:
    """The buttons under a record: correct and withdraw."""
    return ((Button("改一下", f"{FIX}:{report_id}"), Button("撤回", f"{UNDO}:{report_id}")),)
