"""The sections of the settings: each key with type, default and description."""

from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
)

from bot.settings import values

Clock = Annotated[time, BeforeValidator(values.parse_clock)]


class Section(BaseModel):
    """One table of the settings file: unknown keys are refused, values are strict and frozen."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class Telegram(Section):
    """The bot's account and the server it talks to."""

    token: Annotated[SecretStr | None, AfterValidator(values.parse_token)] = Field(
        None, description="The bot's token from @BotFather; only `run` needs it."
    )
    base_url: Annotated[str, AfterValidator(values.parse_root)] = Field(
        "https://api.telegram.org", description="Root address of the Bot API server."
    )
    username: Annotated[str | None, AfterValidator(values.parse_username)] = Field(
        None, description="The bot's name, for joining links; when empty Telegram is asked."
    )


class DatabaseSettings(Section):
    """Where everything is kept."""

    url: Annotated[str, AfterValidator(values.parse_database)] = Field(
        "sqlite:///qingli.db", description="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME."
    )


class Calendar(Section):
    """Days, festivals and what is required."""

    timezone: Annotated[str, AfterValidator(values.check_zone)] = Field(
        "Asia/Shanghai", description="The zone of every date and time of day."
    )
    packs: Annotated[tuple[str, ...], BeforeValidator(values.parse_names)] = Field(
        ("national",), description="Packs of requirements and observances, later ones win."
    )
    holidays_folder: Annotated[Path | None, BeforeValidator(values.parse_folder)] = Field(
        None,
        description="Folder with YEAR.json of days off and make-up workdays.",
    )

    @property
    def zone(self) -> ZoneInfo:
        """The zone itself."""
        return ZoneInfo(self.timezone)


class Reminders(Section):
    """When people are reminded, in local time."""

    members_at: Clock = Field(time(9), description="Integrity reminders to everybody.")
    members_also: Annotated[tuple[str, ...], BeforeValidator(values.parse_leads)] = Field(
        (), description="Further reminders of festivals beside the one on the last working day."
    )
    secretaries_at: Clock = Field(time(9), description="Reminders of what is due, to secretaries and clerks.")
    secretaries_days_before: int = Field(3, ge=0, le=60, description="Days before the due date.")
    joiners_until: Clock = Field(
        time(20),
        validate_default=True,
        description="Who joins that day still gets it until this time.",
    )
    questions_at: Clock = Field(time(8, 30), description="An open question is asked once more the next day.")
    late_after_minutes: int = Field(
        30, ge=1, le=1440, description="A reminder sent later than this after its slot says so."
    )
    max_lateness_hours: int = Field(
        24, ge=1, le=240, description="A reminder later than this is not sent any more."
    )
    quiet_from: Clock = Field(time(21), description="Nobody is reminded of anything from this time on …")
    quiet_until: Clock = Field(time(7), description="… until this time; what falls between waits for it.")

    receipts: bool = Field(False, description="Whether each reminder carries one button 已阅.")

    @field_validator("joiners_until")
    @classmethod
    def _after_the_reminder(cls, until: time, info: ValidationInfo) -> time:
        begin = info.data.get("members_at")
        if begin is not None and until <= begin:
            raise values.build_error(f"要晚于 reminders.members_at（{begin:%H:%M}）")
        return until


class Overdue(Section):
    """How what is overdue is passed on."""

    weekly_on: Annotated[int | None, BeforeValidator(values.parse_weekday)] = Field(
        0, description="Weekday of the list of what is overdue; empty: no list."
    )
    weekly_at: Clock = Field(time(9), description="Time of the weekly list.")
    secretaries_after_days: int = Field(
        1, ge=0, le=60, description="Days overdue till secretaries hear; 0: no."
    )
    supervisors_after_days: int = Field(7, ge=0, le=120, description="The same for supervisors.")
    leaders_after_days: int = Field(14, ge=0, le=180, description="The same for leaders.")

    @field_validator("supervisors_after_days", "leaders_after_days")
    @classmethod
    def _after_the_step_before(cls, days: int, info: ValidationInfo) -> int:
        before = max(info.data.get("secretaries_after_days", 0), info.data.get("supervisors_after_days", 0))
        if 0 < days < before:
            raise values.build_error(f"不能早于前一步的 {before} 天；不要这一步就写 0")
        return days


class RequirementSettings(Section):
    """What an organization sets differently for one requirement of its packs."""

    due: Annotated[str, AfterValidator(values.check_due)] | None = Field(
        None, description="The rule of the due date."
    )
    lead_days: int | None = Field(None, ge=0, le=60, description="Days before the due date to remind.")
    enabled: bool = Field(True, description="false: this requirement is not used.")


class OrganizationSettings(Section):
    """Who speaks in the messages."""

    sender: str | None = Field(
        None,
        min_length=1,
        max_length=60,
        description="Name of the sender instead of the reader's organization.",
    )
    contact: str | None = Field(
        None, min_length=1, max_length=120, description="One line under messages: whom to ask."
    )


class Approval(Section):
    """Whether leaders read the texts of festivals before they are sent."""

    enabled: bool = Field(False, description="Put new and changed texts before the leader.")
    days_before: int = Field(7, ge=1, le=60, description="Days before a text goes out.")
    without_answer: Literal["send", "hold"] = Field(
        "send", description="What happens to a text without an answer: send, or hold it back."
    )


class Invitations(Section):
    """The codes by which people join."""

    valid_days: int = Field(30, ge=1, le=365, description="Days until an unused joining code expires.")


class Web(Section):
    """The web endpoint of `run`, for calendar feeds."""

    enabled: bool = Field(False, description="Whether `run` serves calendar feeds.")
    host: str = Field("127.0.0.1", min_length=1, description="Address to listen on.")
    port: int = Field(8090, ge=1, le=65535, description="Port to listen on.")
    root: Annotated[str | None, AfterValidator(values.parse_public_root)] = Field(
        None, description="Public root address of the proxy in front of it."
    )


class Webhook(Section):
    """Where Telegram posts updates, instead of being asked for them."""

    url: Annotated[str | None, AfterValidator(values.parse_public_address)] = Field(
        None, description="Public address that Telegram posts to; empty: the program polls."
    )
    host: str = Field("127.0.0.1", min_length=1, description="Address to listen on.")
    port: int = Field(8443, ge=1, le=65535, description="Port to listen on.")
    secret: Annotated[SecretStr | None, AfterValidator(values.parse_secret)] = Field(
        None, description="What Telegram has to show; empty: made from the token."
    )


class Dashboard(Section):
    """The read-only page of `run`, opened from the chat."""

    enabled: bool = Field(False, description="Whether `run` serves the page.")
    host: str = Field(
        "0.0.0.0",  # noqa: S104 - without a public address only the local network is answered
        min_length=1,
        description="Address to listen on.",
    )
    port: int = Field(8091, ge=1, le=65535, description="Port to listen on.")
    root: Annotated[str | None, AfterValidator(values.parse_public_root)] = Field(
        None, description="Public root address; without one only the local network is answered."
    )
    session_minutes: int = Field(
        60, ge=5, le=720, description="Minutes for which an opened page can be read."
    )
    mini_app: bool = Field(
        False, validate_default=True, description="Whether the page is a Telegram Mini App as well."
    )

    @field_validator("mini_app")
    @classmethod
    def _over_https(cls, wanted: bool, info: ValidationInfo) -> bool:
        if wanted and not str(info.data.get("root") or "").startswith("https://"):
            raise values.build_error(
                "要先在 dashboard.root 写 https:// 开头的公开地址，Telegram 只打开这样的网页"
            )
        return wanted


class Log(Section):
    """What the program writes about itself."""

    level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(values.parse_level)] = (
        Field("INFO", description="The least important kind of line that is written.")
    )


class Privacy(Section):
    """How long messages are kept."""

    keep_messages_days: int = Field(90, ge=1, le=3650, description="Days until raw messages are deleted.")


class Demo(Section):
    """The demo's chat page."""

    port: int = Field(8088, ge=1, le=65535, description="Port of the page on 127.0.0.1.")
