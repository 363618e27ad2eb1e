"""`python -m tests.figures`: the figures of the code, a row a layer, and the length of its two flows.

Functions are measured by their lines, branches and names; modules by their number and length. A flow is run
once, and each file of the program that it enters counts, as does each call from one file into another.
"""

import argparse
import ast
import asyncio
import statistics
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[1]
LAYERS = ("bot", "handlers", "handlers/reading", "scheduler", "models")
ROOMS = ("bot", "handlers", "scheduler", "models")
GENERATED = "migrations"
MOST_BRANCHES = 10

BRANCHES = (
    ast.If
    | ast.For
    | ast.AsyncFor
    | ast.While
    | ast.ExceptHandler
    | ast.IfExp
    | ast.comprehension
    | ast.match_case
)
IRREGULAR = """
begun bound bought broken brought built caught chosen done drawn fallen felt forgotten found given gone grown
heard held hidden kept known laid left lent lost made meant met moved paid said seen sent shown spoken spent
stood struck taken taught thought told torn understood woken won worn written
"""
"""Participles without `read`, `set`, `split` and `come`, which name functions as plain verbs."""
NO_PARTICIPLES = "bring embed feed heading need ring seed setting shed speed string thing"


@dataclass
class Figures:
    """What is counted of one layer."""

    lengths: list[int] = field(default_factory=list)
    branches: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    lines: int = 0
    comments: int = 0
    packages: Counter[str] = field(default_factory=Counter)
    longest: tuple[int, str] = (0, "")


def measure(layer: str) -> Figures:
    """Count one layer, or one folder of it; migrations are left out."""
    figures = Figures()
    for path in sorted((ROOT / layer).rglob("*.py")):
        if GENERATED in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        count_module(figures, path, text)
        for function in functions_of(ast.parse(text)):
            figures.lengths.append((function.end_lineno or function.lineno) - function.lineno + 1)
            figures.branches.append(count_branches(function))
            figures.names.append(function.name)
    return figures


def count_module(figures: Figures, path: Path, text: str) -> None:
    """Count the lines of a module, and the module in its package."""
    lines = text.splitlines()
    name = str(path.relative_to(ROOT))
    figures.lines += len(lines)
    figures.comments += sum(line.strip().startswith("#") for line in lines)
    figures.longest = max(figures.longest, (len(lines), name))
    if path.name != "__init__.py":
        figures.packages[str(path.relative_to(ROOT).parent)] += 1


def functions_of(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, inner ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def count_branches(function: ast.AST) -> int:
    """One, and one more for each branch, loop, handler, comprehension and further operand of a condition."""
    nodes = list(ast.walk(function))
    operands = sum(len(node.values) - 1 for node in nodes if isinstance(node, ast.BoolOp))
    return 1 + operands + sum(isinstance(node, BRANCHES) for node in nodes)


def is_one_word(name: str) -> bool:
    """Whether a function's name is one word; dunder methods are named by the language."""
    return "_" not in name.strip("_") and not name.startswith("__")


def is_participle(name: str) -> bool:
    """Whether a function is named by a bare participle, such as `told`, `placed` or `waiting`."""
    word = name.strip("_")
    if not is_one_word(name) or word in NO_PARTICIPLES.split():
        return False
    return word in IRREGULAR.split() or (len(word) > 4 and word.endswith(("ed", "ing")))


def share(count: int, whole: int) -> str:
    """A share in per cent."""
    return f"{100 * count / max(whole, 1):.1f} %"


COLUMNS = (
    "layer", "modules", "lines", "function lines median/p90/max", f"complexity > {MOST_BRANCHES}",
    "one-word names", "participles", "comment lines", "modules a package, max", "longest module",
)  # fmt: skip


def table_row(layer: str, figures: Figures) -> list[str]:
    """The cells of one layer, in the order of COLUMNS."""
    whole = len(figures.lengths)
    p90 = statistics.quantiles(figures.lengths, n=10)[-1]
    [(fullest, most)] = figures.packages.most_common(1)
    length, name = figures.longest
    return [
        layer,
        str(sum(figures.packages.values())),
        str(figures.lines),
        f"{statistics.median(figures.lengths):.0f} / {p90:.0f} / {max(figures.lengths)}",
        share(sum(branches > MOST_BRANCHES for branches in figures.branches), whole),
        share(sum(map(is_one_word, figures.names)), whole),
        share(sum(map(is_participle, figures.names)), whole),
        share(figures.comments, figures.lines),
        f"{most} ({fullest})",
        f"{length} ({name})",
    ]


def format_table(rows: list[list[str]]) -> str:
    """Rows as Markdown, the first one as the head."""
    head, *body = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([head, "|---" * len(rows[0]) + "|", *body]) + "\n"


class Trace:
    """What runs of the program while it is switched on, in every thread that begins after `begin`."""

    def __init__(self) -> None:
        self.on = False
        self.files: set[str] = set()
        self.hops: set[tuple[str, str]] = set()
        self._names: dict[str, str] = {}

    def begin(self) -> None:
        """Watch this thread and those to come."""
        sys.setprofile(self._notice)
        threading.setprofile(self._notice)

    def end(self) -> None:
        """Watch no more."""
        sys.setprofile(None)
        threading.setprofile(None)

    async def follow(self, flow: Callable[[], Awaitable[None]]) -> list[str]:
        """Run one flow; gives the numbers of its files and hops."""
        self.files, self.hops = set(), set()
        self.on = True
        try:
            await flow()
        finally:
            self.on = False
        return [str(len(self.files)), str(len(self.hops))]

    def _notice(self, frame: FrameType, event: str, _value: Any) -> None:
        if not self.on or event != "call":
            return
        callee = self._file(frame)
        if not callee:
            return
        self.files.add(callee)
        outer = frame.f_back
        while outer is not None and not (caller := self._file(outer)):
            outer = outer.f_back
        if outer is not None and caller != callee:
            self.hops.add((f"{caller}:{outer.f_code.co_name}", f"{callee}:{frame.f_code.co_name}"))

    def _file(self, frame: FrameType) -> str:
        """The file within the program, "" for any other; the demo is no part of a flow."""
        path = frame.f_code.co_filename
        if path not in self._names:
            name = path.removeprefix(f"{ROOT}/")
            ours = name != path and name.startswith(ROOMS) and not name.startswith("bot/demo")
            self._names[path] = name if ours else ""
        return self._names[path]


REPORT = "主题党日昨天开了，到23人，请假2"


async def follow_flows() -> list[list[str]]:
    """Both flows in the demo's school: a report to its stored answer, a reminder from plan to sent."""
    from bot.demo.school import SECRETARY  # the table alone needs nothing but Python
    from tests.chat.conftest import moved_in, open_program

    trace = Trace()
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/figures.db"
        moved_in(address)
        async with open_program(address) as (program, telegram, clock):
            trace.begin()
            try:
                telegram.say(SECRETARY.user_id, SECRETARY.chat_id, REPORT)
                await program.bot.initialize()

                async def report() -> None:
                    await program.intake.take(telegram.updates.pending)
                    await program.intake.handle_pending()

                async def remind() -> None:
                    assert await asyncio.to_thread(program.planner.plan_reminders)
                    await program.dispatcher.drain()

                rows = [["a report, to its stored answer", *await trace.follow(report)]]
                await program.dispatcher.drain()
                slot = await asyncio.to_thread(program.planner.find_next_slot, clock.now())
                assert slot is not None
                clock.set(slot)
                rows.append(["a reminder, planned and sent", *await trace.follow(remind)])
            finally:
                trace.end()
            await program.stop()
    return [["flow", "files", "hops"], *rows]


def main() -> None:
    """Print the table of the layers, and that of the flows unless it is left out."""
    parser = argparse.ArgumentParser(prog="python -m tests.figures", description=__doc__)
    parser.add_argument("--no-flows", action="store_true", help="leave the two flows out")
    asked = parser.parse_args()
    sys.stdout.write(format_table([list(COLUMNS), *(table_row(layer, measure(layer)) for layer in LAYERS)]))
    if not asked.no_flows:
        sys.stdout.write("\n" + format_table(asyncio.run(follow_flows())))


if __name__ == "__main__":
    main()
