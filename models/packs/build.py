"""Builds a pack from its parsed TOML; every mistake is reported with its line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Any

from models.packs.checks import list_overlaps, list_requirement_mistakes
from models.packs.schema import OBSERVANCE, PACK, REQUIREMENT, SOURCE, Fields, read_fields
from models.packs.toml_lines import Place, find_line_numbers
from models.rules.calendar.day_parser import FESTIVALS, WhenKind
from models.rules.calendar.lead_times import Lead
from models.rules.calendar.observances import Observance
from models.rules.calendar.versions import Rule, Versioned
from models.rules.people.roles import Role
from models.rules.requirements.frequency_parser import format_frequency
from models.rules.requirements.pack import Pack
from models.rules.requirements.types import Goal, Requirement

TABLES = ("source", "requirement", "observance")


class PackError(ValueError):
    """A pack that cannot be used; one line a mistake: file, line, what to do."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def build_pack(
    name: str, file: str, text: str, data: Mapping[str, Any], included: Sequence[Pack] = ()
) -> Pack:
    """Build the pack of a parsed file; `text` gives line numbers, `file` names it in errors.

    Rules of the `included` packs become this pack's own, with its days of validity, unless it has the
    same key itself. Raises PackError with everything that is wrong.
    """
    return _Builder(name, file, find_line_numbers(text)).build_rules(data, included)


class _Builder:
    """Builds one file's pack; collects all mistakes before it raises."""

    def __init__(self, name: str, file: str, lines: Mapping[Place, int]) -> None:
        self.name, self.file, self.lines = name, file, lines
        self.problems: list[str] = []

    def build_rules(self, data: Mapping[str, Any], included: Sequence[Pack]) -> Pack:
        top = self._read_table({k: v for k, v in data.items() if k not in TABLES}, PACK)
        source = (
            self._read_table(data["source"], SOURCE, "source") if isinstance(data.get("source"), dict) else {}
        )
        span = {
            "valid_from": top.get("valid_from", date.min),
            "valid_until": top.get("valid_until", date.max),
        }
        taken = {**span, "pack": self.name}
        requirements = list(self._read_requirements(data, {**source, **taken}))
        observances = list(self._read_observances(data, {**source, **taken}))
        self._check_names(observances, included)
        self._check_overlaps("requirement", requirements)
        self._check_overlaps("observance", observances)
        if self.problems:
            raise PackError(self.problems)
        return Pack(
            name=self.name,
            title=top["title"],
            **span,
            requirements=_merge_included(requirements, [pack.requirements for pack in included], taken),
            observances=_merge_included(observances, [pack.observances for pack in included], taken),
            notes=(*chain.from_iterable(pack.notes for pack in included), *top.get("notes", ())),
        )

    def _add_problem(self, message: str, table: str = "", number: int = 0, key: str = "") -> None:
        """Note a mistake at a key of a table, or at the table's head where the key is missing."""
        around = key.partition(".")[0]
        places = ((table, number, key), (table, number, around), (around, 0, ""), (table, number, ""))
        # A missing key has no line of its own; the head of its table is the nearest.
        line = next((self.lines[place] for place in places if place in self.lines), 1)
        self.problems.append(f"{self.file} 第{line}行：{message}")

    def _read_table(
        self, values: Mapping[str, Any], fields: Fields, table: str = "", number: int = 0
    ) -> dict[str, Any]:
        found, mistakes = read_fields(values, fields, tables=() if table else TABLES)
        for key, message in mistakes:
            self._add_problem(message, table, number, key)
        return found

    def _read_array(
        self, data: Mapping[str, Any], table: str, fields: Fields
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """The tables of an array that have no mistake, with their numbers."""
        tables = data.get(table, [])
        if not isinstance(tables, list):
            self._add_problem(f"{table} 要写两层方括号：[[{table}]]", table)
            return
        for number, values in enumerate(tables):
            before = len(self.problems)
            found = self._read_table(values, fields, table, number)
            if len(self.problems) == before:
                yield number, found

    def _read_requirements(self, data: Mapping[str, Any], common: Mapping[str, Any]) -> Iterator[Requirement]:
        for number, own in self._read_array(data, "requirement", REQUIREMENT):
            values = {**common, **own}
            period, years = values.pop("every")
            frequency = format_frequency(period, years, values.get("goal", Goal()))
            values = {"key": values["name"], "frequency": frequency, **values}
            rule = Requirement(period=period, years=years, **values)
            for key, message in list_requirement_mistakes(rule):
                self._add_problem(message, "requirement", number, key)
            yield rule

    def _read_observances(self, data: Mapping[str, Any], common: Mapping[str, Any]) -> Iterator[Observance]:
        for _, own in self._read_array(data, "observance", OBSERVANCE):
            values = {"key": own["name"], **common, **own}
            first = (values.pop("text"),) if "text" in values else ()
            texts = (*first, *values.pop("texts", ()))
            audience = values.setdefault("audience", (Role.MEMBER,))
            leads = values.pop("leads", tuple(Lead(audience=role, workday=True) for role in audience))
            yield Observance(**{**values, "texts": texts, "leads": leads})

    def _check_overlaps(self, table: str, rules: Sequence[Versioned]) -> None:
        for number, message in list_overlaps(rules):
            self._add_problem(message, table, number, "name")

    def _check_names(self, observances: Sequence[Observance], included: Sequence[Pack]) -> None:
        """Check that an observance another one is reckoned from exists."""
        known = {*FESTIVALS, *(each.key for each in observances)}
        known.update(each.key for pack in included for each in pack.observances)
        for number, each in enumerate(observances):
            if each.when.kind is WhenKind.NAMED and each.when.name not in known:
                message = f"when 里的“{each.when.name}”不是节日，也不是本包里的节点"
                self._add_problem(message, "observance", number, "when")


def _merge_included(
    own: Sequence[Rule], included: Iterable[Sequence[Rule]], taken: Mapping[str, Any]
) -> tuple[Rule, ...]:
    """The included packs' rules under this pack's name and validity (`taken`), then its own.

    Of an included rule the newest version is taken, and none where the pack has the same key itself.
    """
    keys = {rule.key for rule in own}
    newest = {rule.key: rule for rule in chain.from_iterable(included) if rule.key not in keys}
    return (*(replace(rule, **taken) for rule in newest.values()), *own)  # type: ignore[type-var]
