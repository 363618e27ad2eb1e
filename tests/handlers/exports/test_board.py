"""The picture: like reference images that were looked at, readable without colours, quick, without tofu."""

import os
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from itertools import combinations, cycle
from pathlib import Path

import numpy as np
from PIL import Image

from handlers.exports.board_grid import Board, Cell, Column, Row, build_board
from handlers.exports.board_image import render_board
from handlers.exports.fonts import MISSING, make_printable
from handlers.exports.state_style import LOOKS
from models.rules.requirements.status import State
from tests.tables import each_row

ROOT = Path(__file__).parents[3]
REFERENCE = Path(__file__).parent / "reference"
REWRITE = os.environ.get("QINGLI_REFERENCE") == "write"
WEIGHTS = {State.DONE: 11, State.DUE: 2, State.NOT_YET: 2, State.OVERDUE: 2}
REQUIREMENTS = (
    *("支部党员大会", "支部委员会", "党小组会", "党课", "主题党日", "组织生活会", "民主评议党员"),
    *("谈心谈话", "交纳党费", "党风廉政建设和反腐败工作专题学习", "听思政课", "意识形态研判"),
)


def _some_states() -> Iterator[State]:
    return cycle(state for state in State for _ in range(WEIGHTS.get(state, 1)))


def _district(count: int, months: tuple[str, ...] = ("",)) -> Board:
    """Branches of six groups with every state somewhere; the third requirement is owed by every other one."""
    names = [
        f"第{number + 1}{'实验小学教育集团' if number % 9 == 0 else '中学'}党支部" for number in range(count)
    ]
    states = _some_states()
    return build_board(
        "2026年11月情况 · 某区教育局党委",
        "截至11月21日 10:00",
        [
            ((name, what, month), next(states))
            for place, name in enumerate(names)
            for what in REQUIREMENTS
            for month in months
            if what != "党小组会" or place % 2
        ],
        rows=names,
        columns=[Column(what, months) for what in REQUIREMENTS],
        groups={name: f"第{'一二三四五六'[place * 6 // count]}督导组" for place, name in enumerate(names)},
    )


def _year() -> Board:
    states = _some_states()
    months = [f"{month}月" for month in range(1, 13)]
    owed = [
        (what, month) for what in REQUIREMENTS for month in months if what != "组织生活会" or month == "12月"
    ]
    return build_board(
        "理科支部 · 2026年",
        "截至11月21日",
        [((what, month, ""), next(states)) for what, month in owed],
        rows=REQUIREMENTS,
        columns=[Column(month) for month in months],
    )


def _counted() -> Board:
    cells = (Cell(State.OVERDUE, "2/4"), Cell(State.DONE), None)
    rows = (Row("理科支部（含 $x$ 与 <b>）", cells), Row("文科支部", cells[::-1]))
    return Board("周例会", "截至11月21日", (Column("周例会"), Column("主题党日"), Column("党课")), rows)


@each_row(
    ("name", "shown"),
    [
        ("month", _district(14)),
        ("quarter", _district(8, ("10月", "11月", "12月"))),
        ("year", _year()),
        ("counted", _counted()),
    ],
)
def test_pictures_look_like_the_reference(name: str, shown: Board) -> None:
    file = REFERENCE / f"{name}.png"
    png = render_board(shown)
    if REWRITE:
        file.write_bytes(png)
    drawn, wanted = (_small(Image.open(BytesIO(each))) for each in (png, file.read_bytes()))
    assert drawn.shape == wanted.shape
    assert np.abs(drawn - wanted).mean() < 1.0
    assert np.abs(drawn - wanted).max() < 60


def _small(picture: Image.Image) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """A quarter of the size, so that the smoothing of letters may differ."""
    size = (picture.width // 4, picture.height // 4)
    return np.asarray(picture.convert("RGB").resize(size, Image.Resampling.BOX), dtype=float)


def test_a_whole_district_is_one_picture() -> None:
    whole = _district(68)
    assert (len(whole.rows), len(whole.columns)) == (68, 12)
    assert Image.open(BytesIO(render_board(whole))).size == (1188, 3810)


IN_A_NEW_PROCESS = """
import subprocess
import sys
import matplotlib
before = matplotlib.rcParams.copy()
from handlers.exports.board_image import render_board
from handlers.exports.board_grid import Board, Cell, Column, Row
from models.rules.requirements.status import State
assert render_board(Board("甲", "乙", (Column("党课"),), (Row("支部", (Cell(State.DONE),)),)))[1:4] == b"PNG"
assert matplotlib.rcParams.copy() == before
assert not {"zhplot", "matplotlib.pyplot"} & set(sys.modules)
"""


def test_drawing_leaves_the_settings_of_the_process_alone() -> None:
    subprocess.run([sys.executable, "-c", IN_A_NEW_PROCESS], check=True, timeout=60, cwd=ROOT)


def test_every_state_has_a_mark_of_its_own_that_the_font_can_draw() -> None:
    assert set(LOOKS) == set(State)
    assert len({look.mark for look in LOOKS.values()}) == len(State)
    for look in LOOKS.values():
        assert make_printable(look.mark + look.word) == look.mark + look.word


def test_a_character_the_font_has_not_got_is_shown_as_one() -> None:
    assert make_printable("𠮷祥\u200b支部🙂") == f"{MISSING}祥支部{MISSING}"


def test_of_several_the_most_pressing_is_shown_with_how_many_are_done() -> None:
    states = [State.DONE, State.OVERDUE, State.DONE_LATE, State.WAIVED]
    shown = build_board(
        "",
        "",
        [(("甲", "周例会", ""), state) for state in states],
        rows=["甲", "乙"],
        columns=[Column("周例会")],
    )
    assert shown.rows == (Row("甲", (Cell(State.OVERDUE, "3/4"),)),)


# Linear RGB as seen without one kind of cone (Machado, Oliveira and Fernandes 2009, severity 1).
BLIND = {
    "protanopia": "0.152286 1.052583 -0.204868 0.114503 0.786281 0.099216 -0.003882 -0.048116 1.051998",
    "deuteranopia": "0.367322 0.860646 -0.227968 0.280085 0.672501 0.047413 -0.011820 0.042940 0.968881",
    "tritanopia": "1.255528 -0.076749 -0.178779 -0.078411 0.930809 0.147602 0.004733 0.691367 0.303900",
}
TOLD_APART = (State.OVERDUE, State.NOT_SEEN, State.DUE, State.DONE, State.DONE_LATE)


@each_row("kind", BLIND)
def test_colours_are_told_apart_by_the_colour_blind(kind: str) -> None:
    cones = np.array(BLIND[kind].split(), dtype=float).reshape(3, 3)
    for one, other in combinations(TOLD_APART, 2):
        seen = [np.clip(cones @ _linear(LOOKS[state].paper), 0, 1) for state in (one, other)]
        assert np.linalg.norm(_lab(seen[0]) - _lab(seen[1])) > 12, (one, other)


def test_what_is_missing_is_by_far_the_darkest_in_grey_print() -> None:
    lightness = {state: float(_lab(_linear(look.paper))[0]) for state, look in LOOKS.items()}
    assert lightness[State.OVERDUE] + 15 < min(
        value for state, value in lightness.items() if state != "overdue"
    )
    for look in LOOKS.values():
        assert abs(_lab(_linear(look.paper))[0] - _lab(_linear(look.ink))[0]) > 40


def _linear(colour: str) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    values = np.array([int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _lab(
    linear: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]",
) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    to_xyz = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
    ratio = np.array(to_xyz) @ linear / np.array([0.95047, 1.0, 1.08883])
    bent = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * bent[1] - 16, 500 * (bent[0] - bent[1]), 200 * (bent[1] - bent[2])])


@each_row("state", LOOKS)
def test_a_mark_stands_out_from_its_paper(state: State) -> None:
    """By 4.5 : 1, as the WCAG ask of text (2.2, 1.4.3)."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    light = sorted(float(weights @ _linear(each)) for each in (LOOKS[state].paper, LOOKS[state].ink))
    assert (light[1] + 0.05) / (light[0] + 0.05) >= 4.5
