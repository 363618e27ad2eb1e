"""The command line: `qingli` and its commands."""

import gc
import os

import click

os.environ.setdefault("PTB_TIMEDELTA", "1")  # without it python-telegram-bot warns at every 429


class Commands(click.Group):
    """Loads a command's module only when it is called, so that small commands start at once."""

    modules = {
        "run": ("bot.running", "run"),
        "demo": ("bot.running", "demo"),
        "check": ("bot.running", "check"),
        "status": ("bot.commands_show", "show_status"),
        "records": ("bot.commands_show", "show_records"),
        "import": ("bot.commands_roster", "import_roster"),
        "template": ("bot.commands_roster", "write_template"),
        "invite": ("bot.commands_invite", "invite"),
        "forget": ("bot.commands_forget", "forget"),
        "calendar": ("bot.commands_calendar", "show_calendar"),
        "plan": ("bot.commands_plan", "show_plan"),
        "move": ("bot.commands_move", "move"),
        "set": ("bot.commands_set", "set_own"),
        "backfill": ("bot.commands_backfill", "backfill"),
        "feed": ("bot.commands_feed", "feed"),
        "backup": ("bot.commands_backup", "make_backup"),
        "restore": ("bot.commands_backup", "bring_back"),
        "holidays": ("bot.commands_holidays", "holidays"),
        "dates": ("bot.commands_read", "dates"),
        "read": ("bot.commands_read", "read"),
        "ask": ("bot.commands_read", "ask"),
    }

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The commands in the order of a newcomer's path."""
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """One command, or None."""
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
