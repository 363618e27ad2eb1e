"""What an import would change, in words: for the terminal and for a chat."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from models.rules.people.roles import KIND_NAMES, ROLE_NAMES
from models.rules.roster.types import Change, Entry, ImportPlan, OrganizationEntry, PersonEntry, Place

MOST_LINES = 500


def format_summary(plan: ImportPlan, most: int = MOST_LINES) -> str:
    """The plan as lines: what is new (新增), changed (变更), gone (退出) and wrong (有误).

    At most `most` lines of each kind, then how many more there are.
    """
    lines = []
    if plan.wrong:
        lines.append(f"有误 {len(plan.wrong)} 处，一行也不写入；请改好文件再导入：")
        lines += _limit_lines(map(str, plan.wrong), most)
    elif plan.nothing:
        lines.append("名册没有变化：新增 0，变更 0，退出 0，有误 0")
    else:
        lines += _format_part("组织", plan.organizations, _format_organization, most)
        lines += _format_part("人员", plan.people, _format_person, most)
        lines += ["次序有调整，按文件排列"] * plan.reordered
        lines.append("有误 0")
    if plan.notes:
        lines += [f"请核对 {len(plan.notes)} 处，导入就是认可：", *_limit_lines(map(str, plan.notes), most)]
    return "\n".join(lines)


def _format_part(
    title: str, changes: Sequence[Change[Entry]], describe: Callable[[Change[Entry]], str], most: int
) -> Iterator[str]:
    new = [change for change in changes if change.before is None]
    gone = [change for change in changes if change.after is None]
    changed = [change for change in changes if change.before is not None and change.after is not None]
    yield f"{title}：新增 {len(new)}，变更 {len(changed)}，退出 {len(gone)}"
    for word, found in (("新增", new), ("变更", changed), ("退出", gone)):
        yield from _limit_lines((f"{word} {describe(change)}" for change in found), most)


def _limit_lines(lines: Iterable[str], most: int) -> list[str]:
    found = [f"  {line}" for line in lines]
    return found if len(found) <= most else [*found[:most], f"  …… 另有 {len(found) - most} 行"]


def _format_organization(change: Change[OrganizationEntry]) -> str:
    before, after = change.before, change.after
    if before is None or after is None:
        entry = after or before
        return "" if entry is None else f"{entry.name}（{'，'.join(_list_facts(entry))}）"
    return f"{after.name}：{'；'.join(_list_differences(before, after))}"


def _list_facts(entry: OrganizationEntry) -> Iterator[str]:
    yield KIND_NAMES[entry.kind]
    if entry.parent:
        yield f"上级 {entry.parent}"
    if entry.oversights:
        yield f"督导组 {'、'.join(entry.oversights)}"
    yield f"{entry.starts_on} 启用"


def _list_differences(before: OrganizationEntry, after: OrganizationEntry) -> Iterator[str]:
    if before.ended:
        yield "恢复使用"
    for title, show in _SHOWN.items():
        old, new = show(before), show(after)
        if old != new:
            yield f"{title} {old} → {new}"


def _join_names(names: Sequence[str]) -> str:
    return "、".join(names) or "无"


# What is compared of an organization, under the title of its column, as people read it.
_SHOWN: dict[str, Callable[[OrganizationEntry], str]] = {
    "名称": lambda entry: entry.name,
    "类型": lambda entry: KIND_NAMES[entry.kind],
    "上级": lambda entry: entry.parent or "无",
    "别名": lambda entry: _join_names(entry.aliases),
    "督导组": lambda entry: _join_names(entry.oversights),
    "支委会": lambda entry: "有" if entry.has_committee else "无",
    "启用日期": lambda entry: str(entry.starts_on),
    "联系人": lambda entry: entry.contact or "无",
}


def _format_person(change: Change[PersonEntry]) -> str:
    before, after = change.before, change.after
    if before is None or after is None:
        entry = after or before
        return "" if entry is None else f"{entry.name}：{_format_posts(entry.places)}"
    if not before.places:
        return f"{after.name}：重新加入，{_format_posts(after.places)}"
    name = after.name if before.name == after.name else f"{before.name} → {after.name}"
    if set(before.places) == set(after.places):
        new_chat = not after.addresses <= before.addresses
        return f"{name}：{'登记聊天号' if new_chat else '只改姓名的写法'}"
    return f"{name}：{_format_posts(before.places)} → {_format_posts(after.places)}"


def _format_posts(places: Iterable[Place]) -> str:
    return "、".join(f"{place.name}{ROLE_NAMES[place.role]}" for place in places)
