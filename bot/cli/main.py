"""The command line: `qingli` and its commands."""

import gc
import os
from importlib import import_module

import click

os.environ.setdefault("PTB_TIMEDELTA", "1")  # without it python-telegram-bot warns at every 429


class Commands(click.Group):
    """Imports a command's module when it is called, so that small commands start fast."""

    modules = {
        "run": "bot.cli.run",
        "demo": "bot.cli.run",
        "check": "bot.cli.run",
        "status": "bot.cli.show",
        "records": "bot.cli.show",
        "import": "bot.cli.people.roster",
        "template": "bot.cli.people.roster",
        "invite": "bot.cli.people.invite",
        "forget": "bot.cli.people.forget",
        "calendar": "bot.cli.calendar.year",
        "plan": "bot.cli.calendar.plan",
        "move": "bot.cli.calendar.move",
        "set": "bot.cli.calendar.own_rules",
        "backfill": "bot.cli.calendar.backfill",
        "feed": "bot.cli.calendar.feed",
        "backup": "bot.cli.backup",
        "restore": "bot.cli.backup",
        "holidays": "bot.cli.calendar.holidays",
        "dates": "bot.cli.read",
        "read": "bot.cli.read",
        "ask": "bot.cli.read",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """List the commands in the order in which a new operator needs them."""
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return one command; None where there is none of that name."""
        if cmd_name not in self.modules:
            return None
        # What a module brings stays: looking for garbage in it costs a tenth of the start and finds nothing.
        gc.disable()
        module = import_module(self.modules[cmd_name])
        gc.enable()
        commands = (value for value in vars(module).values() if isinstance(value, click.Command))
        return next(command for command in commands if command.name == cmd_name)


@click.command(cls=Commands)
@click.version_option(package_name="qingli")
def main() -> None:
    """清历 Qingli：学校党支部的会议日历和廉洁提醒机器人。"""


if __name__ == "__main__":
    main()
