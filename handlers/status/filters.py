"""Status questions: recognition of short ones, the organizations meant, JSON. PURE."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
from typing import Any

from handlers.reading.dates.find import find_dates
from handlers.reading.questions.read import ALL, TEXT, Question
from handlers.reading.text.folding import blank, fold, list_spans
from handlers.reading.text.name_index import NameIndex
from models.rules.people.organization_tree import Tree
from models.rules.people.roles import OrganizationKind

MOST_CANDIDATES = 6
_LONGEST = 30
_FILLERS = re.compile(
    r"情况|状态|进度|记录|台账|看板|汇总|统计|清单|明细|怎么样|如何|多少|哪些|哪几个|哪个|谁|所有|全部|截至|截止|逾期|迟[报办交]|"
    r"[没不未]?达标|对比|比较|未[报办交]|没[报办交开]|待办|已办|报了|完成|给我|发我|我要|看看|看一?下|查一?下|查|看|表格|表|图片|图|画|出|导出|"
    r"一份|[一个张份的了吗呢吧啊那再和与及各都还有]|[\s,，。.!！?？、:：;；/·~～\-—]"
)
_OVERSIGHT = re.compile(r"[第\s]|督导|督查|小?组")
_DIGITS = str.maketrans("一二三四五六七八九", "123456789")
_WRITTEN = re.compile(
    r"[第]?[一二三四五六七八九十\d]{0,3}[一-龥]{0,8}(?:督导组|支部|总支|党委|小学|中学|学校|幼儿园)"
)


@dataclass(frozen=True, slots=True)
class Selection:
    """The organizations that a question names: ids, known names, and names that are unknown."""

    ids: frozenset[int]
    names: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def is_question(text: str, asked: Question, *, now: datetime, names: NameIndex) -> bool:
    """Whether a short message is a status question and nothing else: 理科支部今年."""
    if len(text) > _LONGEST or not (_has_filter(asked) or asked.requirements):
        return False
    folded = fold(text)
    named = list_spans(names.find_names(folded))
    rest = blank(folded, [*named, *list_spans(find_dates(blank(folded, named), now=now).spans)])
    return not _FILLERS.sub("", _WRITTEN.sub("", rest)).replace("■", "").strip()


def names_only_activity(asked: Question) -> bool:
    """Whether only an activity is named, which may be the beginning of a report."""
    return not _has_filter(asked)


def _has_filter(asked: Question) -> bool:
    return bool(
        asked.stated_period or asked.organizations or asked.show != ALL or asked.as_ != TEXT or asked.as_of
    )


def find_meant(
    wanted: tuple[str, ...], tree: Tree, oversights: Mapping[int, str], scope: frozenset[int]
) -> Selection:
    """The organizations of these names within the scope; the whole scope for no names."""
    if not wanted:
        return Selection(scope)
    ids: set[int] = set()
    known: list[str] = []
    unknown: list[str] = []
    for name in wanted:
        found = _find_named(name, tree, oversights) & scope
        (known if found else unknown).append(name)
        ids |= found
    return Selection(frozenset(ids), tuple(known), tuple(unknown))


def _find_named(name: str, tree: Tree, oversights: Mapping[int, str]) -> frozenset[int]:
    for node in tree:
        if name == node.name or name in node.aliases:
            return tree.list_below(node.id)
    for key, called in oversights.items():
        if name == called or _parse_oversight_number(name) == _parse_oversight_number(called) != "":
            return frozenset().union(*(tree.list_below(branch) for branch in tree.oversights.get(key, ())))
    return frozenset()


def _parse_oversight_number(name: str) -> str:
    """The number of a 督导组, the same for 第二督导组, 督导二组 and 2组; "" without one."""
    if "组" not in name:
        return ""
    rest = _OVERSIGHT.sub("", name).translate(_DIGITS)
    return rest if rest.isdigit() or rest == "十" else ""


def find_similar(name: str, tree: Tree, scope: frozenset[int]) -> list[tuple[int, str]]:
    """Organizations of the scope with a name like the unknown one, the most similar first."""
    core = re.sub(r"(?:党?支部|党?总支|党委|党组织)$", "", name) or name
    rated = [
        (max(_rate_likeness(core, called) for called in (node.name, *node.aliases)), place, node)
        for place, node in enumerate(tree)
        if node.id in scope
    ]
    close = sorted(
        (-likeness, place, node.id, node.name) for likeness, place, node in rated if likeness > 0.5
    )
    return [(found, called) for _, _, found, called in close[:MOST_CANDIDATES]]


def _rate_likeness(core: str, called: str) -> float:
    if core in called:
        return 1.0
    rest = re.sub(r"(?:党?支部|党?总支|党委|党组织)$", "", called) or called
    begins_alike = (
        0.01 if core[:1] == rest[:1] else 0.0
    )  # with two characters of which one is wrong, prefer the same first one
    return SequenceMatcher(None, core, rest).ratio() + begins_alike


def move_year_later(asked: Question) -> Question:
    """The question about the same days of the next year."""
    if asked.first is None or asked.last is None:
        return asked
    after = asked.last + timedelta(days=1)
    return replace(asked, first=_add_year(asked.first), last=_add_year(after) - timedelta(days=1))


def _add_year(day: date) -> date:
    return (day if (day.month, day.day) != (2, 29) else day - timedelta(days=1)).replace(year=day.year + 1)


def list_groups(tree: Tree, oversights: Mapping[int, str], ids: frozenset[int]) -> dict[int, str]:
    """The 督导组, else the school, of each organization; empty where all have the same one."""
    overseen = {
        below: oversights[key]
        for key, branches in tree.oversights.items()
        if key in oversights
        for branch in branches
        for below in tree.list_below(branch)
    }
    found = {one: overseen.get(one) or _find_school(one, tree) for one in ids}
    return found if len(set(found.values())) > 1 else {}


def _find_school(organization_id: int, tree: Tree) -> str:
    """The committee or general branch right below the highest organization."""
    chain = (organization_id, *tree.list_above(organization_id))
    below_top = tree.nodes[chain[-2]] if len(chain) > 1 else tree.nodes[chain[0]]
    schools = (OrganizationKind.COMMITTEE, OrganizationKind.GENERAL_BRANCH)
    return below_top.name if below_top.kind in schools else ""


def to_json(asked: Question) -> dict[str, Any]:
    """A question as the JSON value that is stored."""
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(asked).items()
    }


def from_json(data: Mapping[str, Any]) -> Question:
    """The inverse of `to_json`; unknown keys of an older version are ignored."""
    names = {field.name for field in fields(Question)}
    known: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in data.items()
        if name in names
    }
    for name in ("first", "last", "as_of"):
        if known.get(name):
            known[name] = date.fromisoformat(known[name])
    return Question(**known)
