"""Prepared statements: compiled once by SQLAlchemy and then run straight on the driver.

What a session does around a statement (cache keys, contexts, result metadata, objects) costs ten times
what SQLite needs for it. The few statements that every message goes through are therefore prepared here:
SQLAlchemy says them in SQL and converts their values, nothing else stands between. In sessions that name
no driver, those that only read, they are executed as usual.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, cast

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
        found = await driver.fetch(form.sql, form.bound(values))
        return [self._make(*form.read(row)) for row in found]

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
        found = await driver.fetch_each(form.sql, [form.bound(values) for values in rows])
        return [self._make(*form.read(row)) for row in found]

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


async def _driver(session: AsyncSession) -> Driver | None:
    driver: Driver | None = session.info.get(DRIVER)
    if driver is not None and session.in_transaction():
        await session.flush()
    return driver


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement as SQL, its parameters in order (name, place in the sequence, conversion), its columns."""

    sql: str
    binds: tuple[tuple[str, int | None, _Convert], ...]
    constants: Values
    results: tuple[_Convert, ...]
    converts: bool

    def bound(self, values: Values) -> tuple[Any, ...]:
        """The parameters; places that a list does not fill repeat its last value, which means the same."""
        known = {**self.constants, **values} if self.constants else values
        found = []
        for name, place, convert in self.binds:
            value = known[name]
            if place is not None:
                value = value[min(place, len(value) - 1)]
            found.append(value if convert is None else convert(value))
        return tuple(found)

    def read(self, values: Sequence[Any]) -> Sequence[Any]:
        """A row with its values converted."""
        if not self.converts:
            return values
        pairs = zip(values, self.results, strict=True)
        return [value if convert is None else convert(value) for value, convert in pairs]


def _compiled(clause: Any, dialect: Dialect, names: Sequence[str] | None = None) -> SQLCompiler:
    return cast(SQLCompiler, clause.compile(dialect=dialect, column_keys=names))


def _form(clause: Any, dialect: Dialect, values: Values) -> _Form:
    compiled = _compiled(clause, dialect, list(values) if isinstance(clause, Insert) else None)
    state = compiled.construct_expanded_state(dict(values))
    defaults = {column.key: _constant(column) for column in compiled.prefetch}
    places = {
        part: (name, place)
        for name, parts in state.parameter_expansion.items()
        for place, part in enumerate(parts)
    }
    known = {*values, *places}
    constants = {name: value for name, value in state.parameters.items() if name not in known} | defaults
    names = [places.get(name, (name, None)) for name in state.positiontup or ()]
    kinds = [compiled.binds[name].type.dialect_impl(dialect) for name, _ in names]
    binds = [(*name, kind.bind_processor(dialect)) for name, kind in zip(names, kinds, strict=True)]
    columns = clause.exported_columns if hasattr(clause, "exported_columns") else ()
    results = [column.type.dialect_impl(dialect).result_processor(dialect, FLOAT8) for column in columns]
    return _Form(state.statement, tuple(binds), constants, tuple(results), any(results))


def _constant(column: Column[Any]) -> Any:
    default = column.default
    if not isinstance(default, ScalarElementColumnDefault):
        raise TypeError(f"{column} has no constant as its default and has to be given")
    return default.arg
