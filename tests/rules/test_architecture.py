"""The rooms: imports go one way, pure modules stay pure, packages hold only a docstring."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("models.rules", "models", "scheduler", "handlers", "bot")  # each may import itself and those before
TOPS = {"models", "scheduler", "handlers", "bot", "tests"}
IMPURE = {"telegram", "sqlalchemy", "apscheduler", "aiohttp", "asyncio", "os", "pathlib", "time", "random"}
PURE = (
    "models/rules",
    "handlers/reading",
    "bot/dashboard/choice.py",
    "bot/dashboard/init_data.py",
    "handlers/words.py",
    "handlers/page_words.py",
    "handlers/calendar_words.py",
    "handlers/help_words.py",
    "handlers/keeping_words.py",
    "handlers/substance.py",
    "handlers/history_words.py",
    "handlers/asked.py",
    "handlers/commands.py",
    "handlers/leading_words.py",
    "handlers/altering_words.py",
    "handlers/status_buttons.py",
    "handlers/status_files.py",
    "handlers/status_lists.py",
    "handlers/status_pages.py",
    "handlers/status_words.py",
    "handlers/drafts.py",
    "handlers/exports/book.py",
    "handlers/exports/grid.py",
    "handlers/exports/marks.py",
    "scheduler/planner.py",
    "scheduler/plan_days.py",
    "scheduler/plan_due.py",
    "scheduler/plan_overdue.py",
    "scheduler/overdue_words.py",
    "scheduler/situation.py",
    "scheduler/messages.py",
    "scheduler/times.py",
    "scheduler/notices.py",
)
CLOCKS = {"now", "today", "utcnow"}


def _files() -> list[Path]:
    return sorted(
        path for room in ("bot", "handlers", "scheduler", "models") for path in (ROOT / room).rglob("*.py")
    )


def _pure_files() -> list[Path]:
    return [path for path in _files() if str(path.relative_to(ROOT)).startswith(PURE)]


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


@pytest.mark.parametrize("path", _pure_files(), ids=_name)
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


def test_only_the_adapter_among_the_handlers_knows_telegram() -> None:
    knowing = {
        path.name
        for path in (ROOT / "handlers").rglob("*.py")
        for module in _imports(path)
        if module.partition(".")[0] == "telegram"
    }
    assert knowing == {"telegram.py"}


def test_packages_hold_only_a_docstring() -> None:
    for path in _files():
        if path.name == "__init__.py":
            body = ast.parse(path.read_text(encoding="utf-8")).body
            assert len(body) <= 1, path
            assert all(isinstance(node, ast.Expr) for node in body), path


@pytest.mark.parametrize("path", _files(), ids=_name)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_nothing_is_ranked_and_nobody_gets_points() -> None:
    """Why not: docs/leading.md."""
    words = re.compile("排名|名次|排行|积分|得分|打分|红黑榜")
    saying = [path for path in _files() if "reading" not in path.parts]
    assert [path.name for path in saying if words.search(path.read_text(encoding="utf-8"))] == []


def test_no_conversation_imports_another() -> None:
    conversations = {
        *("asking", "correcting", "calendar", "importing", "joining", "overview", "taking_leave"),
        *("reporting", "rescheduling", "binding", "history", "inviting", "telephones"),
        *("preview", "subscribing", "closing", "urging", "altering", "broadcasting", "receipting"),
    }
    wrong = [
        f"{name} imports {module}"
        for name in conversations
        for module in _imports(ROOT / "handlers" / f"{name}.py")
        if module.startswith("handlers.") and module.split(".")[1] in conversations
    ]
    assert wrong == []
