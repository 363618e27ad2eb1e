"""Named points of a run at which a test can end the process, as a crash would.

A fault case starts its process with STOP_QINGLI_AT set to `NAME` or `NAME:COUNT`; at that point,
the COUNTth time it is reached, the process kills itself with SIGKILL.
"""

import os
import signal
from collections.abc import Callable

from scheduler.delivery.sender import skip_step

VARIABLE = "STOP_QINGLI_AT"
NAMES = (
    "after_claim", "after_intent", "after_send", "after_mark",
    "after_fetch", "after_inbox", "in_handler", "before_answer",
)  # fmt: skip


def steps() -> Callable[[str], None]:
    """What the dispatcher and the intake are told the points with; ValueError for an unknown name."""
    setting = os.environ.get(VARIABLE, "")
    if not setting:
        return skip_step
    name, _, count = setting.partition(":")
    if name not in NAMES:
        raise ValueError(f"{VARIABLE}={setting}: the points are {', '.join(NAMES)}")
    return _Stop(name, int(count or 1))


class _Stop:
    def __init__(self, name: str, count: int) -> None:
        self._name, self._left = name, count

    def __call__(self, name: str) -> None:
        if name == self._name:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
