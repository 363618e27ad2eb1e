"""The Chinese font for pictures, from the package zhplot."""

import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.path import Path as Outline
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D

MISSING = "〓"  # the typographic sign for a missing character


class FontMissingError(RuntimeError):
    """The package zhplot, which carries the Chinese font, is not installed: run `make setup`."""


@cache
def find_font_file() -> Path:
    """The font file, found without importing zhplot, which changes matplotlib's settings."""
    spec = find_spec("zhplot")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        file = Path(folder) / "fonts" / "NotoSansSC-Regular.ttf"
        if file.is_file():
            return file
    raise FontMissingError


def get_font(size: float) -> FontProperties:
    """The font in a size in pixels; pictures have 72 dpi, so that a point is a pixel."""
    return FontProperties(fname=find_font_file(), size=size)


def make_printable(text: str) -> str:
    """The text without invisible characters, and with MISSING for each one that the font lacks."""
    known = _load_characters()
    return "".join(
        letter if ord(letter) in known else MISSING for letter in text if not _is_invisible(letter)
    )


def measure_width(text: str, size: float) -> float:
    """The approximate width in pixels: full-width characters are square, others 0.58 of that."""
    wide = sum(unicodedata.east_asian_width(letter) in "WFA" for letter in text)
    return size * (wide + 0.58 * (len(text) - wide))


def shorten(text: str, size: float, room: float) -> str:
    """The text with its middle cut out if it is wider than the room: names differ at the ends."""
    if measure_width(text, size) <= room:
        return text
    keep = max(2, int(room / size) - 1)
    head = (keep + 1) // 2
    return f"{text[:head]}…{text[len(text) - (keep - head) :]}"


@cache
def get_outline(mark: str, size: float) -> Outline:
    """The shape of one mark in pixels, centred at (0, 0)."""
    shape = TextPath((0, 0), mark, prop=get_font(size))
    box = shape.get_extents()
    middle = Affine2D().translate(-(box.x0 + box.x1) / 2, -(box.y0 + box.y1) / 2)
    return shape.transformed(middle)


@cache
def _load_characters() -> frozenset[int]:
    return frozenset(FT2Font(str(find_font_file())).get_charmap())


def _is_invisible(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cf", "Cc", "Mn") or "\ufe00" <= letter <= "\ufe0f"
