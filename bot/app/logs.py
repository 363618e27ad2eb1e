"""Logging: the program's own lines, without tokens and without the content of messages."""

import logging
import traceback
from collections.abc import Iterable
from types import TracebackType

OWN_PACKAGES = ("bot", "handlers", "scheduler", "models")
LAYOUT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
HIDDEN = "***"


class PrivateFormatter(logging.Formatter):
    """Formats records without secrets and without error messages, which may quote messages."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__(LAYOUT)
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """Format one record with every secret replaced."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text

    def formatException(  # noqa: N802  the library's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """Format the tracebacks and types of an error and its causes, the first cause first."""
        lines: list[str] = []
        # A chain of causes can be circular; `seen` ends the walk.
        error, seen = ei[1], set[int]()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            where = "".join(traceback.format_tb(error.__traceback__)).rstrip()
            lines.insert(0, f"{where}\n{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)


def set_up_logs(level: str, secrets: Iterable[str] = ()) -> None:
    """Log the program's packages from `level` on, and only warnings of libraries."""
    handler = logging.StreamHandler()
    handler.setFormatter(PrivateFormatter(secrets))
    # At INFO libraries may log URLs, and a Bot API URL contains the token.
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for name in OWN_PACKAGES:
        logging.getLogger(name).setLevel(level)
