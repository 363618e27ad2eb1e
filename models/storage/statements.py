"""Prepared statements: compiled once by SQLAlchemy and then run straight on the driver.

What a session does around a statement (cache keys, contexts, result metadata, objects) costs ten times
what SQLite needs for it. The few statements that every message goes through are therefore prepared here:
SQLAlchemy says them in SQL and converts their values, nothing else stands between. In sessions that name
no driver, those that only read, they are executed as usual.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, cast

from sqlalchemy import Column, CursorResult, Dialect, Executable, Insert, Result
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault

DRIVER = "driver"
"""Under this name a writing session tells, in its `info`, the driver that its transaction is open on."""


class Driver(Protocol):
    """A connection with an open transaction; its errors are SQLAlchemy's."""

    dialect: Dialect

    async def fetch(self, statement: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """One statement; its rows."""

    async def fetch_each(self, statement: str, rows: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
        """One statement for each of these values; the rows of all."""


FLOAT8 = 701
"""PostgreSQL's number of the type double precision, the only one of a number that is read here."""

Row = TypeVar("Row")
Values = Mapping[str, Any]
_Convert = Callable[[Any], Any] | None
_NOTHING: Values = {}


class Prepared(Generic[Row]):
    """One statement; each of its rows is given to `make`, as positional arguments.

    Values of expanding parameters are sequences. An INSERT takes the columns that its values name; those
    that have a constant as their default may be left out. `postgresql` is the statement there, if it is
    another one.
    """

    def __init__(
        self, clause: Any, make: Callable[..., Row], *, postgresql: Executable | None = None
    ) -> None:
        self._clause, self._postgresql, self._make = clause, postgresql, make
        self._forms: dict[Any, _Form] = {}
        self._inserts = isinstance(clause, Insert)
        self._expanding: list[str] | None = [] if self._inserts else None

    async def all(self, session: AsyncSession, values: Values = _NOTHING) -> list[Row]:
        """Its rows. What the session has not written yet is written before, as for any other statement."""
        driver = await _driver(session)
        if driver is None:
            return self._made(await session.execute(self._on(session.get_bind().dialect), values))
        form = self._form(driver.dialect, values)
        return form.made(await driver.fetch(form.sql, form.bound(values)), self._make)

    async def first(self, session: AsyncSession, values: Values = _NOTHING) -> Row | None:
        """Its first row, if there is any."""
        found = await self.all(session, values)
        return found[0] if found else None

    async def each(self, session: AsyncSession, rows: Sequence[Values]) -> list[Row]:
        """The statement for each of these; the rows of all."""
        if not rows:
            return []
        if len(rows) == 1:
            return await self.all(session, rows[0])
        driver = await _driver(session)
        if driver is None:
            return self._made(await session.execute(self._on(session.get_bind().dialect), rows))
        form = self._form(driver.dialect, rows[0])
        if self._expanding:
            raise TypeError("a statement with a list of values is not asked for many rows at once")
        return form.made(await driver.fetch_each(form.sql, [form.bound(row) for row in rows]), self._make)

    def _made(self, result: Result[Any]) -> list[Row]:
        if isinstance(result, CursorResult) and not result.returns_rows:
            return []
        return [self._make(*row) for row in result]

    def _on(self, dialect: Dialect) -> Any:
        there = self._postgresql is not None and dialect.name != "sqlite"
        return self._postgresql if there else self._clause

    def _form(self, dialect: Dialect, values: Values) -> "_Form":
        if self._expanding is None:
            binds = _compiled(self._clause, dialect).binds
            lists = [name for name, bind in binds.items() if bind.expanding]
            if not set(lists) <= set(values):
                raise TypeError("a list of values has to be a parameter with a name")
            self._expanding = lists
        some = tuple(values) if self._inserts else tuple(_size(values[name]) for name in self._expanding)
        key = dialect.name, some
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = _form(self._on(dialect), dialect, _padded(values, self._expanding))
        return form


def _size(given: Sequence[Any]) -> int:
    """How many places a list of values gets: a power of two, so that few statements serve any length."""
    return 1 << (len(given) - 1).bit_length() if given else 0


def _padded(values: Values, lists: Sequence[str]) -> Values:
    """The values with each list as long as its places."""
    longer = {
        name: [*values[name], *[values[name][-1]] * (_size(values[name]) - len(values[name]))]
        for name in lists
        if values[name]
    }
    return {**values, **longer}


def only(value: Any) -> Any:
    """Makes a row of one column that column."""
    return value


def as_tuple(*values: Any) -> tuple[Any, ...]:
    """Makes a row a tuple."""
    return values


def each_by_itself(database: str) -> str:
    """Ends a subquery of EXISTS that is to be one look into its index for each row.

    PostgreSQL would make a join of it, and where it takes the states that are searched for as rare (its
    figures are of another hour) it compares every row with every other: 53 ms for a claim instead of 3.
    """
    return "" if database == "sqlite" else " OFFSET 0"


async def _driver(session: AsyncSession) -> Driver | None:
    driver: Driver | None = session.info.get(DRIVER)
    if driver is not None and session.in_transaction():
        await session.flush()
    return driver


class _Single(NamedTuple):
    """A parameter: its place in the statement, the name of its value, the conversion."""

    at: int
    name: str
    convert: _Convert


class _Listed(NamedTuple):
    """A parameter that takes one place of a list of values."""

    at: int
    name: str
    place: int
    convert: _Convert


class _Form(NamedTuple):
    """A statement as SQL; its parameters, those that never change filled in; conversions of its columns."""

    sql: str
    constants: list[Any]
    singles: list[_Single]
    listed: list[_Listed]
    results: list[tuple[int, Callable[[Any], Any]]]

    def bound(self, values: Values) -> list[Any]:
        """The parameters; places that a list does not fill repeat its last value, which means the same."""
        found = self.constants.copy()
        for at, name, convert in self.singles:
            found[at] = values[name] if convert is None else convert(values[name])
        for at, name, place, convert in self.listed:
            value = values[name][min(place, len(values[name]) - 1)]
            found[at] = value if convert is None else convert(value)
        return found

    def made(self, rows: Sequence[Sequence[Any]], make: Callable[..., Row]) -> list[Row]:
        """The rows with their values converted, each given to `make`."""
        if not self.results:
            return [make(*row) for row in rows]
        converted = [list(row) for row in rows]
        for row in converted:
            for at, convert in self.results:
                row[at] = convert(row[at])
        return [make(*row) for row in converted]


def _compiled(clause: Any, dialect: Dialect, names: Sequence[str] | None = None) -> SQLCompiler:
    return cast(SQLCompiler, clause.compile(dialect=dialect, column_keys=names))


def _form(clause: Any, dialect: Dialect, values: Values) -> _Form:
    compiled = _compiled(clause, dialect, list(values) if isinstance(clause, Insert) else None)
    state = compiled.construct_expanded_state(dict(values))
    defaults = {column.key: _constant(column) for column in compiled.prefetch}
    known = {**state.parameters, **defaults}
    places = {
        part: (name, place)
        for name, parts in state.parameter_expansion.items()
        for place, part in enumerate(parts)
    }
    form = _Form(state.statement, [], [], [], [])
    for at, part in enumerate(state.positiontup or ()):
        name, place = places.get(part, (part, None))
        convert = compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
        form.constants.append(None)
        if place is not None:
            form.listed.append(_Listed(at, name, place, convert))
        elif name in values:
            form.singles.append(_Single(at, name, convert))
        else:
            form.constants[at] = known[name] if convert is None else convert(known[name])
    for at, column in enumerate(getattr(clause, "exported_columns", ())):
        if convert := column.type.dialect_impl(dialect).result_processor(dialect, FLOAT8):
            form.results.append((at, convert))
    return form


def _constant(column: Column[Any]) -> Any:
    default = column.default
    if not isinstance(default, ScalarElementColumnDefault):
        raise TypeError(f"{column} has no constant as its default and has to be given")
    return default.arg
