"""Where in a TOML file something stands, so that an error can name its line."""

import re

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\-\"]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([\w\-]+|\"[^\"]+\")\s*=")

Place = tuple[str, int, str]


def find_line_numbers(text: str) -> dict[Place, int]:
    """(table, number, key) to its line, both counted from 1; key "" is the table's header.

    The tables of an array (`[[requirement]]`) are numbered from 0, others are 0; the top is table "". A key
    of a table inside one (`[observance.years]`) is "years.2027".
    """
    places: dict[Place, int] = {}
    counts: dict[str, int] = {}
    table, number, inside, quote = "", 0, "", ""
    for row, line in enumerate(text.splitlines(), start=1):
        if quote:
            # Inside a string of several lines nothing is a key.
            quote = "" if quote in line else quote
            continue
        header, key = _HEADER.match(line), _KEY.match(line)
        if header and (deeper := header[2].removeprefix(f"{table}.")) != header[2]:
            inside = f"{deeper}."
            places[table, number, deeper] = row
        elif header:
            table, inside = header[2].strip('"'), ""
            number = counts.get(table, 0)
            counts[table] = number + 1
            places[table, number, ""] = row
        elif key:
            name = key[1].strip('"')
            places.setdefault((table, number, inside + name), row)
            quote = next((q for q in ('"""', "'''") if line.count(q) % 2), "")
    return places
