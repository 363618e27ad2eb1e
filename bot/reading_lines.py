"""Reading for other programs: a JSON line in, a JSON line out."""

import json
import sys
from datetime import datetime
from typing import Any, TextIO

from handlers.reading.dates import find_dates


def date_lines(inp: TextIO, out: TextIO) -> None:
    """Answer each line {"text", "now"} with {"spans": [[first, last], ...]}, ISO dates, both included.

    A line that is not such an object is answered with {"error": …}; every answer is flushed at once.
    """
    for line in inp:
        if line.strip():
            out.write(json.dumps(_dates(line), ensure_ascii=False) + "\n")
            out.flush()


def _dates(line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line)
        text, now = asked["text"], datetime.fromisoformat(asked["now"])
    except (ValueError, KeyError, TypeError) as error:
        return {"error": f'需要 {{"text": "…", "now": "2026-11-21T10:00:00+08:00"}}：{error}'}
    if not isinstance(text, str):
        return {"error": "text 应为字符串"}
    return {
        "spans": [[span.first.isoformat(), span.last.isoformat()] for span in find_dates(text, now=now).spans]
    }


if __name__ == "__main__":
    {"dates": date_lines}[sys.argv[1]](sys.stdin, sys.stdout)
