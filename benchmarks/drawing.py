"""Draws the board of a district: 68 branches by 12 activities."""

import time

from benchmarks import results
from handlers.exports.board_grid import Board, Cell, Column, Row
from handlers.exports.board_image import render_board
from models.rules.requirements.status import State

ROUNDS, LONGEST_S = 5, 1.5


def build_district(rows: int, columns: int) -> Board:
    """Build a board with every state on it."""
    states = list(State)
    return Board(
        "全局 · 2026年11月",
        "截至11月21日",
        tuple(Column(f"事项{number}") for number in range(columns)),
        tuple(
            Row(
                f"示例{row}支部",
                tuple(Cell(states[(row + each) % len(states)]) for each in range(columns)),
            )
            for row in range(rows)
        ),
    )


def measure_best(board: Board) -> tuple[float, int]:
    """Return the seconds of the fastest round, and the size of the picture in bytes."""
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        size = len(render_board(board))
        took.append(time.perf_counter() - begun)
    return min(took), size


def main() -> None:
    """Measure a small board and the whole district."""
    small, _ = measure_best(build_district(8, 3))
    whole, size = measure_best(build_district(68, 12))
    rows = [
        ["8 × 3", f"{small:.2f} s", "1.00 ×", ""],
        [
            f"68 × 12, {size / 1000:.0f} kB",
            f"{whole:.2f} s",
            f"{whole / small:.1f} ×",
            results.format_goal(whole <= LONGEST_S, f"≤ {LONGEST_S} s"),
        ],
    ]
    head = ["board", "drawn in", "beside the small one", "goal"]
    results.write_section(
        "drawing", "The board as a picture", results.format_table(head, rows), f"The best of {ROUNDS}."
    )


if __name__ == "__main__":
    main()
