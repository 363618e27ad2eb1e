"""Loads the settings from a TOML file and environment variables, and checks them."""

import json
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.settings.errors import PREFIX, SettingsError, list_unknown_variables, list_wrong_keys, read_toml
from bot.settings.sections import (
    Approval,
    Calendar,
    Dashboard,
    DatabaseSettings,
    Demo,
    Invitations,
    Log,
    OrganizationSettings,
    Overdue,
    Privacy,
    Reminders,
    RequirementSettings,
    Section,
    Telegram,
    Web,
    Webhook,
)


class Environment(EnvSettingsSource):
    """Environment variables, one a key; `unknown_variables` refuses whole sections."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Nothing for a section as a whole; its keys are found one by one."""
        _, key, is_complex = super().get_field_value(field, field_name)
        return None, key, is_complex

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """Decode a list: JSON, or names separated by commas such as `national,xuchang`."""
        try:
            return super().decode_complex_value(field_name, field, value)
        except json.JSONDecodeError:
            # In a shell a JSON list needs quotes within quotes, which is easily written wrongly.
            return [name for part in value.replace("、", ",").split(",") if (name := part.strip())]


class Settings(BaseSettings):
    """All settings. `load_settings` reads them from their two sources."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        hide_input_in_errors=True,
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
    )

    telegram: Telegram = Field(default_factory=Telegram)
    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
    calendar: Calendar = Field(default_factory=Calendar)
    reminders: Reminders = Field(default_factory=Reminders)
    overdue: Overdue = Field(default_factory=Overdue)
    requirements: dict[str, RequirementSettings] = Field(default_factory=dict)
    organization: OrganizationSettings = Field(default_factory=OrganizationSettings)
    approval: Approval = Field(default_factory=Approval)
    invitations: Invitations = Field(default_factory=Invitations)
    web: Web = Field(default_factory=Web)
    webhook: Webhook = Field(default_factory=Webhook)
    dashboard: Dashboard = Field(default_factory=Dashboard)
    log: Log = Field(default_factory=Log)
    privacy: Privacy = Field(default_factory=Privacy)
    demo: Demo = Field(default_factory=Demo)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment override the file, which is passed in as arguments."""
        return Environment(settings_cls), init_settings


def list_keys() -> dict[str, FieldInfo]:
    """Return every key as `section.name` with its field; `*` stands for any requirement."""
    keys: dict[str, FieldInfo] = {}
    for section, field in Settings.model_fields.items():
        model = field.annotation
        inside = section
        if section == "requirements":
            model, inside = RequirementSettings, "requirements.*"
        if isinstance(model, type) and issubclass(model, Section):
            keys |= {f"{inside}.{name}": found for name, found in model.model_fields.items()}
    return keys


def list_changed_values(settings: Settings) -> dict[str, Any]:
    """Return the settings that differ from the defaults, as `section.name`, without secrets."""
    # The database address contains a password; the result goes into the audit log.
    secret = {"telegram": {"token"}, "database": {"url"}, "webhook": {"secret"}}
    values = settings.model_dump(mode="json", exclude=secret, exclude_defaults=True)
    return {
        f"{section}.{name}": value for section, inside in values.items() for name, value in inside.items()
    }


def load_settings(path: Path | None) -> Settings:
    """Load the settings of a TOML file (None: the defaults), overridden by the environment.

    Raises SettingsError with a line for each error.
    """
    table = read_toml(path) if path is not None else {}
    keys = list_keys()
    lines = list_unknown_variables(keys)
    settings = None
    try:
        settings = Settings(**table)
    except ValidationError as error:
        lines += list_wrong_keys(error, keys)
    if settings is None or lines:
        raise SettingsError(lines)
    return settings
