"""The table of roles names every command and every kind of button there is."""

from handlers.router import ROUTES
from tests.handlers.roles.table import BUTTONS, COMMANDS


def test_every_command_stands_in_this_table() -> None:
    assert set(ROUTES.commands) - {"commands"} == COMMANDS


def test_every_kind_of_button_stands_in_this_table() -> None:
    assert set(ROUTES.callbacks) == BUTTONS
