"""The style of each state: mark, word, and colours for colour-blind and grey print. PURE."""

from typing import NamedTuple

from models.rules.requirements.status import State


class Look(NamedTuple):
    """Colours (RGB hex) of background, mark and border; the mark in a cell; the legend's word."""

    paper: str
    ink: str
    border: str
    mark: str
    word: str


# Lightness shows the urgency, from dark (overdue) to light (done), so that it survives grey print; the
# mark distinguishes states of equal lightness.
LOOKS = {
    State.OVERDUE: Look("#A8240F", "#FFFFFF", "#A8240F", "缺", "逾期"),
    State.NOT_SEEN: Look("#A593D1", "#1E1046", "#A593D1", "？", "未见记录"),
    State.DUE: Look("#FFFFFF", "#0B4F8A", "#0B4F8A", "待", "待办"),
    State.PARTIAL: Look("#A9CFF0", "#0B3C66", "#0B4F8A", "半", "进行中"),
    State.DONE: Look("#BFE3D0", "#0A4F3A", "#BFE3D0", "✓", "已办"),
    State.DONE_LATE: Look("#F0B64A", "#4A2F00", "#F0B64A", "迟", "迟办"),
    State.WAIVED: Look("#D6D6D6", "#4A4A4A", "#D6D6D6", "免", "免办"),
    State.NOT_YET: Look("#EFEFEF", "#686868", "#EFEFEF", "·", "未到期"),
}
