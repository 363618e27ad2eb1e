"""What the program writes about itself: its own lines only, without the token and without what people say."""

import logging
import traceback
from collections.abc import Iterable
from types import TracebackType

OWN = ("bot", "handlers", "scheduler", "models")
LAYOUT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
HIDDEN = "***"


class Discreet(logging.Formatter):
    """A traceback without the messages of its errors, which repeat what people wrote; secrets crossed out."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__(LAYOUT)
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """One record as text."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text

    def formatException(  # noqa: N802  the library's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """Where it happened and the kinds of the errors, the first cause first."""
        lines: list[str] = []
        error, seen = ei[1], set[int]()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            where = "".join(traceback.format_tb(error.__traceback__)).rstrip()
            lines.insert(0, f"{where}\n{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)


def begin(level: str, secrets: Iterable[str] = ()) -> None:
    """Log lines of the program from `level` on, of libraries only their warnings."""
    handler = logging.StreamHandler()
    handler.setFormatter(Discreet(secrets))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for name in OWN:
        logging.getLogger(name).setLevel(level)
