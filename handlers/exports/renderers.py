"""Files as JSON recipes, which deliveries store, and the rendering of a recipe to bytes."""

from dataclasses import astuple, fields
from datetime import date
from typing import Any

from handlers.exports.board_grid import Board, Cell, Column, Row
from handlers.exports.ledger import Book, Line, Meeting, Sheet
from models.rules.requirements.status import State

BOARD, BOOK, MEETING = "board", "book", "meeting"
_DAYS_OF_LINES = frozenset(("due_on", "held_on", "reported_on"))


def to_recipe(values: Board | Book | Meeting) -> dict[str, Any]:
    """The JSON recipe of a file; `make` is its inverse up to bytes."""
    match values:
        case Board():
            return {"kind": BOARD, **_board_to_json(values)}
        case Book():
            sheets = [[each.requirement, [_to_list(line) for line in each.lines]] for each in values.sheets]
            return {
                "kind": BOOK,
                "title": values.title,
                "unit": values.unit,
                "as_of": values.as_of.isoformat(),
                "overview": _board_to_json(values.overview),
                "sheets": sheets,
            }
    return {"kind": MEETING, "values": _to_list(values)}


def render_file(values: dict[str, Any]) -> bytes:
    """Render a file from its recipe. Takes up to some seconds: call it in a thread.

    The drawing libraries are imported here, because they would delay every start by half a second.
    """
    match values["kind"]:
        case "board":
            from handlers.exports.board_image import render_board

            return render_board(_board_from_json(values))
        case "book":
            from handlers.exports.workbook import render_workbook

            return render_workbook(
                Book(
                    values["title"],
                    values["unit"],
                    date.fromisoformat(values["as_of"]),
                    _board_from_json(values["overview"]),
                    tuple(Sheet(name, tuple(map(_parse_line, lines))) for name, lines in values["sheets"]),
                )
            )
        case "meeting":
            from handlers.exports.record_sheet import render_record_sheet

            given = dict(zip((field.name for field in fields(Meeting)), values["values"], strict=True))
            return render_record_sheet(Meeting(**_parse_days(given, frozenset(("held_on", "held_until")))))
    raise ValueError(f"no file is made of {values['kind']}")


def _to_list(values: Line | Meeting) -> list[Any]:
    return [value.isoformat() if isinstance(value, date) else value for value in astuple(values)]


def _parse_line(values: list[Any]) -> Line:
    given = _parse_days(
        dict(zip((field.name for field in fields(Line)), values, strict=True)), _DAYS_OF_LINES
    )
    return Line(**{**given, "state": State(given["state"])})


def _parse_days(values: dict[str, Any], names: frozenset[str]) -> dict[str, Any]:
    days = {name: date.fromisoformat(values[name]) for name in names if values[name] is not None}
    return {**values, **days}


def _board_to_json(board: Board) -> dict[str, Any]:
    return {
        "title": board.title,
        "note": board.note,
        "columns": [[column.label, list(column.parts)] for column in board.columns],
        "rows": [
            [row.label, row.group, [cell and [cell.state, cell.count] for cell in row.cells]]
            for row in board.rows
        ],
    }


def _board_from_json(values: dict[str, Any]) -> Board:
    return Board(
        values["title"],
        values["note"],
        tuple(Column(label, tuple(parts)) for label, parts in values["columns"]),
        tuple(
            Row(label, tuple(cell and Cell(State(cell[0]), cell[1]) for cell in cells), group)
            for label, group, cells in values["rows"]
        ),
    )
