"""What a delivery keeps of a file: JSON from which the same file is made again."""

import json
from datetime import date
from io import BytesIO

from docx import Document
from openpyxl import load_workbook

from handlers.exports.board_grid import Board, Cell, Column, Row
from handlers.exports.board_image import render_board
from handlers.exports.ledger import Book, Line, Meeting, Sheet
from handlers.exports.renderers import render_file, to_recipe
from handlers.exports.workbook import render_workbook
from models.rules.requirements.status import State

BOARD = Board(
    "11月情况",
    "截至11月21日",
    (Column("主题党日", ("10月", "11月")),),
    (Row("理科支部", (Cell(State.OVERDUE, "1/2"), None), "第一督导组"),),
)
BOOK = Book(
    "11月台账",
    "示范学校党委",
    date(2026, 11, 21),
    BOARD,
    (
        Sheet(
            "主题党日",
            (
                Line(
                    "一组", "理科支部", "2026年11月", date(2026, 11, 5), State.DONE, date(2026, 11, 4), 25, 23
                ),
                Line("一组", "文科支部", "2026年11月", date(2026, 11, 5), State.OVERDUE),
            ),
        ),
    ),
)


def _through_json(values: Board | Book | Meeting) -> bytes:
    return render_file(json.loads(json.dumps(to_recipe(values))))


def test_a_picture_made_from_what_was_kept_is_the_same() -> None:
    assert _through_json(BOARD) == render_board(BOARD)


def test_a_workbook_made_from_what_was_kept_has_the_same_cells() -> None:
    once, again = (load_workbook(BytesIO(each)) for each in (render_workbook(BOOK), _through_json(BOOK)))
    for sheet in once:
        assert list(again[sheet.title].values) == list(sheet.values)


def test_a_record_sheet_made_from_what_was_kept_has_its_day() -> None:
    paper = Document(BytesIO(_through_json(Meeting("理科支部", "党课", date(2026, 11, 4), topic="条例"))))
    assert paper.tables[0].rows[0].cells[1].text == "2026年11月4日"
