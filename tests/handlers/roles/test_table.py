"""The table names every command and every kind of button there is."""

import ast
from pathlib import Path

import handlers.router
from handlers.core import callback_data
from tests.handlers.roles.table import BUTTONS, COMMANDS


def test_every_command_and_every_kind_of_button_stands_in_this_table() -> None:
    tree = ast.parse(Path(handlers.router.__file__).read_text("utf-8"))
    commanded = next(node for node in ast.walk(tree) if getattr(node, "name", "") == "_commanded")
    cases = {
        pattern.value.value
        for pattern in ast.walk(commanded)
        if isinstance(pattern, ast.MatchValue) and isinstance(pattern.value, ast.Constant)
    }
    assert cases | set(handlers.router.ASIDE) | {"start", "help"} == COMMANDS
    kinds = {
        value
        for name, value in vars(callback_data).items()
        if name.isupper() and isinstance(value, str) and name not in ("CANCEL", "YES", "NO")
    }
    assert kinds == BUTTONS
