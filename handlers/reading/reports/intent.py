"""Decides the intent of a message from its words and from what other readers found."""

import re
from typing import NamedTuple

from handlers.reading.reports import intent_patterns as cue
from handlers.reading.types import Intent


class MessageFeatures(NamedTuple):
    """What the other readers found in a message.

    `activity`: one is named, or the message answers a question about one. `counts`: people are counted.
    `when`: the named day is past, today or future; None without one. `bare`: it holds nothing but days,
    numbers and names. `signs`: it holds a sign of assent such as 👌.
    """

    activity: bool = False
    counts: bool = False
    when: str | None = None
    bare: bool = False
    signs: bool = False


def find_intent(text: str, features: MessageFeatures) -> Intent:
    """The intent of folded text with quotations and credits blanked.

    A question or doubt never becomes a record. The first test that matches decides.
    """
    if is_acknowledgement(text, features.signs):
        return Intent.ACKNOWLEDGE
    asks = _is_question(text, features)
    if not (asks and not cue.SUGGESTS.search(text)) and _is_withdrawal(text):
        return Intent.WITHDRAW
    if not asks and _is_correction(text, features):
        return Intent.CORRECT
    if asks:
        return Intent.QUERY
    if (cue.HEARSAY.search(text) and len(text) <= _LONG) or (
        cue.USUALLY.search(text) and not features.counts
    ):
        return Intent.OTHER
    if (
        cue.REQUEST.search(text)
        and not features.counts
        and not (cue.DONE.search(text) and features.when in ("past", "today"))
    ):
        return Intent.OTHER
    if _is_leave(text, features):
        return Intent.LEAVE
    if features.activity:
        return _find_activity_intent(text, features)
    return _find_general_intent(text, features)


def is_acknowledgement(text: str, signs: bool) -> bool:
    """Whether it is only 收到, 好的, 知道了, OK or 1, with titles around it, or a sign (👌)."""
    words = cue.NOT_WORDS.sub("", text).strip()
    if not words:
        return signs
    return bool(cue.ACKNOWLEDGED.fullmatch(words) and cue.ACK_NEEDED.search(words))


def _is_question(text: str, features: MessageFeatures) -> bool:
    """Whether it ends like a question, or asks outside of what was discussed."""
    if cue.QUESTION_END.search(text):
        return not cue.SETTLED.search(text)
    reported = (
        features.activity
        and features.when in ("past", "today")
        and (features.counts or bool(cue.DONE.search(text)))
    )
    if reported and len(text) > _LONG:
        return False
    asked = remove_content(text)
    return bool(cue.QUESTION.search(asked) or cue.A_NOT_A.search(asked))


_LONG = 60
"""Longer reports are briefs, in which 如何 and 怎么 are no questions; in characters."""


def remove_content(text: str) -> str:
    """The text without what was studied or discussed: 研究谁去培训 is no question."""
    if not cue.CONTENT.search(text):
        return text
    parts, at = [], 0
    for match in cue.CONTENT.finditer(text):
        if match.start() >= at and (rest := cue.CONTENT_TO.match(text, match.end())):
            parts.append(text[at : match.start()])
            at = rest.end()
    return "".join([*parts, text[at:]])


def _is_withdrawal(text: str) -> bool:
    if not cue.WITHDRAW.search(text) or cue.CONTRAST.search(text):
        return False
    return (
        bool(cue.WITHDRAW_ALONE.search(text))
        and len(text) <= 6
        or bool(cue.LAST.search(text))
        and not cue.RETOLD.search(text)
    )


def _is_correction(text: str, features: MessageFeatures) -> bool:
    if cue.CORRECT_OPENING.match(text) or cue.CONTRAST.search(text):
        return True
    if not cue.CORRECT.search(text):
        return False
    if not (
        features.activity
        or features.counts
        or features.when
        or cue.LAST.search(text)
        or cue.RECORDED.search(text)
    ):
        return False
    return bool(cue.LAST.search(text)) or (
        len(text) < _LONG and not (features.activity and cue.DONE.search(text))
    )


def _is_leave(text: str, features: MessageFeatures) -> bool:
    if (
        (features.counts and features.when != "future")
        or cue.LONG_AGO.search(text)
        or cue.NOT_LEAVE.search(text)
    ):
        return False
    if features.activity and cue.MOVED_TO.search(text):
        return False
    return bool(cue.LEAVE.search(text)) and (features.activity or features.when is not None)


def _find_activity_intent(text: str, features: MessageFeatures) -> Intent:
    done = bool(cue.DONE.search(_remove_papers(text)))
    negated = bool(cue.NEGATED.search(text))
    if features.counts and cue.HELD_THEN.search(text):
        return Intent.RECORD
    others = cue.CATCHING_UP.sub("", text) if "补" in text else text
    if cue.MOVED.search(others) and not (done and features.when != "future" and not negated):
        return Intent.RESCHEDULE
    if negated and not (done and features.counts):
        return Intent.RESCHEDULE
    if done:
        return Intent.OTHER if _is_no_report(text, features, done=done) else Intent.RECORD
    return _find_unfinished_intent(text, features)


def _find_unfinished_intent(text: str, features: MessageFeatures) -> Intent:
    """The intent about an activity without 开了, 完成 …; the first test that matches decides."""
    if cue.LATER.search(text):
        return Intent.OTHER
    if not features.counts and cue.PAPERS_OF.search(text) and not cue.CALL.search(text):
        return Intent.QUERY if cue.LOOK_UP.search(text) else Intent.OTHER
    if not cue.STATED.search(text) and (features.when == "future" or cue.CALL.search(text)):
        return Intent.ANNOUNCE
    if cue.PLAN.search(text) and not (features.counts and features.when == "past"):
        return Intent.ANNOUNCE
    if not features.counts and cue.LOOK_UP.search(text):
        return Intent.QUERY
    if (not features.counts and cue.PAPERS.search(text)) or _is_no_report(text, features, done=False):
        return Intent.OTHER
    held = features.when == "past" and (features.bare or bool(cue.HELD.search(text)))
    return Intent.RECORD if features.counts or held else Intent.OTHER


def _is_no_report(text: str, features: MessageFeatures, *, done: bool) -> bool:
    if len(text) > _LONG:
        return False
    if not done and cue.NOT_HELD.search(text):
        return True
    return not features.counts and bool(cue.NOT_REPORTED.search(text))


_CLAUSE = re.compile(r"[^,。;\n]+")


def _remove_papers(text: str) -> str:
    """The clauses that are not about photos, minutes or other papers (照片交了)."""
    if not cue.PAPERS.search(text):
        return text
    return ",".join(clause for clause in _CLAUSE.findall(text) if not cue.PAPERS.search(clause))


def _find_general_intent(text: str, features: MessageFeatures) -> Intent:
    """The intent without a known activity: a record only if an event clearly took place."""
    if cue.LOOK_UP.search(text) and not features.counts:
        return Intent.QUERY
    caption = features.when in ("past", "today") and cue.CAPTION.search(text)
    if caption and not cue.NEGATED.search(text):
        return Intent.RECORD
    reported = features.counts and features.when in ("past", "today") and cue.EVENT_WORD.search(text)
    ways = (cue.DONE, cue.HELD, cue.STATED, cue.TOOK_PART, cue.EVENT_COUNTED)
    if reported and not cue.NEGATED.search(text) and any(way.search(text) for way in ways):
        return Intent.RECORD
    return Intent.OTHER
