"""The rooms: imports go one way, pure modules stay pure, packages hold only a docstring."""

import ast
import re
from collections import Counter
from pathlib import Path

from tests.tables import each_row

ROOT = Path(__file__).parents[2]
ROOMS = ("models.rules", "models", "scheduler", "handlers", "bot")  # each may import itself and those before
TOPS = {"models", "scheduler", "handlers", "bot", "tests"}
IMPURE = {"telegram", "sqlalchemy", "apscheduler", "aiohttp", "asyncio", "os", "pathlib", "time", "random"}
PURE = ("models/rules/", "handlers/reading/", "scheduler/messages/")
PURE_NAMES = {"texts.py", "keyboards.py", "types.py"}
"""Modules of these names are pure in every room."""
LONGEST_MODULE, MOST_MODULES = 300, 15
STILL_LONGER = {
    "bot.demo.messages.html": 310,
    "handlers.reading.attendance.read": 320,
    "handlers.status.query": 315,
    "models.delivery.inbox": 315,
    "scheduler.delivery.dispatcher": 420,
    "scheduler.delivery.sender": 380,
}
"""Modules that are to be split; until then they may not grow."""
FIELD = {"feed", "folding", "matching", "paging", "polling", "rendering"}
"""Nouns of the field that end like a verb."""
CLOCKS = {"now", "today", "utcnow"}


def _files() -> list[Path]:
    return sorted(
        path for room in ("bot", "handlers", "scheduler", "models") for path in (ROOT / room).rglob("*.py")
    )


def _pure_files() -> list[Path]:
    return [
        path
        for path in _files()
        if str(path.relative_to(ROOT)).startswith(PURE)
        or (path.name in PURE_NAMES and path.relative_to(ROOT).parts[0] in ("handlers", "scheduler"))
    ]


def _lines(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _room(module: str) -> int:
    return next(place for place, room in enumerate(ROOMS) if module == room or module.startswith(f"{room}."))


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_imports_go_one_way() -> None:
    wrong = [
        f"{_name(path)} imports {module}"
        for path in _files()
        for module in _imports(path)
        if module.partition(".")[0] in TOPS and _room(module) > _room(_name(path))
    ]
    assert wrong == []


@each_row("path", _pure_files(), ids=_name)
def test_pure_modules_read_no_clock_and_no_file(path: Path) -> None:
    impure = {module for module in _imports(path) if module.partition(".")[0] in IMPURE}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    clocks = [
        call.attr
        for call in calls
        if isinstance(call, ast.Attribute)
        and call.attr in CLOCKS
        and isinstance(call.value, ast.Name)
        and call.value.id in {"datetime", "date"}
    ]
    opened = [
        call.id for call in calls if isinstance(call, ast.Name) and call.id in {"open", "print", "input"}
    ]
    assert (impure, clocks, opened) == (set(), [], [])


def test_only_its_channel_knows_a_chat_library() -> None:
    """The command line makes one call of its own: `check` and `invite` ask who the bot is."""
    knowing = {
        str(path.relative_to(ROOT).parent)
        for path in _files()
        for module in _imports(path)
        if module.partition(".")[0] == "telegram"
    }
    assert knowing <= {"bot/channels/telegram", "bot/app", "bot/cli", "bot/cli/people"}, knowing


def test_no_private_attribute_of_anything_else_is_used() -> None:
    """What begins with _ belongs to its own class or module; a tuple's methods are public all the same."""
    allowed = {"_replace", "_asdict", "_fields", "_make"}
    wrong = [
        f"{_name(path)}:{node.lineno} {ast.unparse(node)}"
        for path in _files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr.startswith("_")
        and not node.attr.startswith("__")
        and node.attr not in allowed
        and not (isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"})
    ]
    assert wrong == []


def test_a_module_fits_on_a_few_pages_and_a_package_on_one() -> None:
    written = [path for path in _files() if "versions" not in path.parts]  # migrations are generated
    sizes = {_name(path): _lines(path) for path in written}
    long = {name: size for name, size in sizes.items() if size > STILL_LONGER.get(name, LONGEST_MODULE)}
    packages = Counter(path.parent for path in _files() if path.name != "__init__.py")
    large = {str(folder.relative_to(ROOT)): n for folder, n in packages.items() if n > MOST_MODULES}
    assert (long, large) == ({}, {})


def test_rooms_lie_at_most_two_levels_below_their_layer() -> None:
    deep = {
        _name(path)
        for path in _files()
        if len(path.relative_to(ROOT).parts) - (2 if "rules" in path.parts else 1) > 3
    }
    assert deep == set()


def test_module_names_are_no_participles_and_no_gerunds() -> None:
    """As far as a program can judge; the rule is in CONTRIBUTING."""
    verbs = {path for path in _files() if re.fullmatch(r"[a-z]+(ing|ed)", path.stem)}
    wrong = {_name(path) for path in verbs if path.stem not in FIELD}
    assert wrong == set()


def test_packages_hold_only_a_docstring() -> None:
    for path in _files():
        if path.name == "__init__.py":
            body = ast.parse(path.read_text(encoding="utf-8")).body
            assert len(body) <= 1, path
            assert all(isinstance(node, ast.Expr) for node in body), path


@each_row("path", _files(), ids=_name)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_nothing_is_ranked_and_nobody_gets_points() -> None:
    """Why not: docs/leading.md."""
    words = re.compile("排名|名次|排行|积分|得分|打分|红黑榜")
    saying = [path for path in _files() if "reading" not in path.parts]
    assert [path.name for path in saying if words.search(path.read_text(encoding="utf-8"))] == []
