"""The command line: `qingli` and its commands."""

import gc
import os

import click

os.environ.setdefault("PTB_TIMEDELTA", "1")  # without it python-telegram-bot warns at every 429


class Commands(click.Group):
    """Imports a command's module when it is called, so that small commands start fast."""

    modules = {
        "run": ("bot.cli.run", "run"),
        "demo": ("bot.cli.run", "demo"),
        "check": ("bot.cli.run", "check"),
        "status": ("bot.cli.show", "show_status"),
        "records": ("bot.cli.show", "show_records"),
        "import": ("bot.cli.people.roster", "import_roster"),
        "template": ("bot.cli.people.roster", "write_template"),
        "invite": ("bot.cli.people.invite", "invite"),
        "forget": ("bot.cli.people.forget", "forget"),
        "calendar": ("bot.cli.calendar.year", "show_calendar"),
        "plan": ("bot.cli.calendar.plan", "show_plan"),
        "move": ("bot.cli.calendar.move", "move"),
        "set": ("bot.cli.calendar.own_rules", "set_own"),
        "backfill": ("bot.cli.calendar.backfill", "backfill"),
        "feed": ("bot.cli.calendar.feed", "feed"),
        "backup": ("bot.cli.backup", "make_backup"),
        "restore": ("bot.cli.backup", "bring_back"),
        "holidays": ("bot.cli.calendar.holidays", "holidays"),
        "dates": ("bot.cli.read", "dates"),
        "read": ("bot.cli.read", "read"),
        "ask": ("bot.cli.read", "ask"),
    }

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """List the commands in the order in which a new operator needs them."""
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return one command; None where there is none of that name."""
        if cmd_name not in self.modules:
            return None
        module, name = self.modules[cmd_name]
        # What a module brings stays: looking for garbage in it costs a tenth of the start and finds nothing.
        gc.disable()
        found: click.Command = getattr(__import__(module, fromlist=[name]), name)
        gc.enable()
        return found


@click.command(cls=Commands)
@click.version_option(package_name="qingli")
def main() -> None:
    """清历 Qingli：学校党支部的会议日历和廉洁提醒机器人。"""


if __name__ == "__main__":
    main()
