"""Tables of examples: one test a table, which goes through every row and reports each wrong one."""

import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

Test = Callable[..., None]
MOST_SHOWN = 25


def each_row(
    names: str | Sequence[str], rows: Iterable[Any], *, ids: Callable[[Any], str] = repr
) -> Callable[[Test], Test]:
    """Run the test with every row, named as by `pytest.mark.parametrize`; fail with all rows that are wrong.

    `ids` says how a row is called in the report. Fixtures are made once for the whole table.
    """
    columns = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    table = list(rows)

    def decorate(test: Test) -> Test:
        signature = inspect.signature(test)
        others = [each for name, each in signature.parameters.items() if name not in columns]

        @functools.wraps(test)
        def whole_table(**fixtures: Any) -> None:
            assert table, "the table has no row"
            wrong = []
            for row in table:
                values = [row] if len(columns) == 1 else row
                try:
                    test(**dict(zip(columns, values, strict=True)), **fixtures)
                except (Exception, pytest.fail.Exception) as error:
                    wrong.append(f"{ids(row)}\n    {type(error).__name__}: {error}")
            if wrong:
                shown = "\n".join(wrong[:MOST_SHOWN])
                pytest.fail(f"{len(wrong)} of {len(table)} rows are wrong\n{shown}", pytrace=False)

        whole_table.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
        return whole_table

    return decorate
