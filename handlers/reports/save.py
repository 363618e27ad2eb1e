"""Saving a report: complete its entries, ask the next question, store the records."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from handlers.core.context import Answers, OrganizationIndex, Request
from handlers.core.messages import OutgoingMessage
from handlers.reports import draft as report_draft, period as report_period, texts
from handlers.reports.draft import Option, Piece, Question
from handlers.reports.keyboards import build_question_rows, build_record_rows
from models.records import completions, reports
from models.records.reports import Report
from models.rules.deliveries import ReplyContext
from models.rules.people.permissions import Action
from models.rules.people.roles import OrganizationKind
from models.rules.requirements.entries import Entry
from models.rules.requirements.rulebook import Rulebook
from models.tables.records import Completion


class NotAllowedError(Exception):
    """The speaker may not report for this organization."""

    def __init__(self, organization: str) -> None:
        super().__init__(organization)
        self.organization = organization


def ask_or_store(
    request: Request, report: Report, pieces: Sequence[Piece], replied: ReplyContext, *, new: bool = False
) -> Answers:
    """Store the pieces if no field is open, otherwise ask the next question.

    `new` is true where the report has no completions yet and its pieces went through `placed`. Raises
    NotAllowedError as `placed` does.
    """
    known = list(pieces) if new else [complete_piece(request, piece, replied) for piece in pieces]
    # One question at a time: the answer to the first can make the others unnecessary.
    for index, piece in enumerate(known):
        if name := report_draft.find_open_field(piece, request.today):
            return _ask_question(
                request, report, known, _build_question(request, index, piece, name, replied)
            )
    before = [] if new else completions.list_of_report(request.session, report.id)
    timed = [_assign_period(request, before, piece, replied, alone=len(known) == 1) for piece in known]
    met: list[PieceWithEarlier] = []
    for index, piece in enumerate(timed):
        if parts := _list_part_options(request, piece):
            return _ask_question(request, report, timed, Question(index, "part", parts))
        earlier = _find_earlier(request, report, piece.entry)
        if _has_conflict(earlier, piece):
            return _ask_question(request, report, timed, Question(index, "again", AGAIN))
        met.append((piece, earlier))
    return _store_pieces(request, report, before, met)


def _list_part_options(request: Request, piece: Piece) -> tuple[Option, ...]:
    rule = request.context.rules.by_key.get(piece.entry.requirement or "")
    return tuple(report_period.list_part_options(rule, piece))


def _has_conflict(earlier: Completion | None, piece: Piece) -> bool:
    """Whether the speaker must say if this corrects the earlier record or is another activity."""
    return earlier is not None and piece.again is None and not _is_same(earlier, piece.entry)


PieceWithEarlier = tuple[Piece, Completion | None]
"""A piece, and the completion of another report on the same day, if there is one."""

AGAIN = (Option("更正", {"again": "correct"}), Option("另一次", {"again": "another"}))


NamedEntries = Sequence[tuple[Entry, str]]


def add_organization_names(request: Request, entries: Iterable[Entry]) -> NamedEntries:
    """Entries with the names of their organizations."""
    tree = request.index.tree
    return [
        (entry, tree.get_name(entry.organization_id) if entry.organization_id else "") for entry in entries
    ]


def list_organizations_for(
    rules: Rulebook, register: OrganizationIndex, scope: frozenset[int], key: str | None
) -> list[int]:
    """The organizations of the scope that the requirement applies to, in the register's order.

    Where it applies to none of them, all organizations but groups are given.
    """
    rule = rules.by_key.get(key or "")
    allowed = register.tree.list_among(scope)
    fitting = [node.id for node in allowed if rule is not None and node.kind in rule.kinds]
    return fitting or [node.id for node in allowed if node.kind is not OrganizationKind.GROUP]


def complete_piece(request: Request, piece: Piece, replied: ReplyContext) -> Piece:
    """The piece with requirement and organization from the text, the context or the only choice.

    Raises NotAllowedError when the named organization is outside the speaker's scope.
    """
    entry = piece.entry
    found = replied.find_matching(entry)
    if entry.requirement is None and len({row[0] for row in found}) == 1:
        entry = entry._replace(requirement=found[0][0])
        piece = piece._replace(ask=tuple(name for name in piece.ask if name != "requirement"))
    if entry.organization_id is None:
        entry = entry._replace(organization_id=_find_organization(request, piece, entry, replied))
    return piece._replace(entry=entry)


def _find_organization(request: Request, piece: Piece, entry: Entry, replied: ReplyContext) -> int | None:
    scope = request.scope(Action.REPORT)
    choices = list_organizations_for(request.context.rules, request.index, scope, entry.requirement)
    if piece.branch is not None and (found := request.index.find(piece.branch)) is not None:
        return _choose_named(request, found, choices)
    spoken_of = {row[1] for row in replied.find_matching(entry)} & scope
    if len(spoken_of) == 1:
        return spoken_of.pop()
    return choices[0] if len(choices) == 1 else None


def _choose_named(request: Request, organization_id: int, choices: Sequence[int]) -> int | None:
    """The organization that was written, or the one group of it that reports the requirement.

    None where several groups do, so that the question is asked.
    """
    if organization_id not in request.scope(Action.REPORT):
        raise NotAllowedError(request.index.tree.get_name(organization_id))
    if organization_id in choices:
        return organization_id
    groups = [choice for choice in choices if choice in request.index.tree.list_with_groups(organization_id)]
    if len(groups) > 1:
        return None
    return groups[0] if groups else organization_id


def _assign_period(
    request: Request, before: Sequence[Completion], piece: Piece, replied: ReplyContext, *, alone: bool
) -> Piece:
    replied_to = next((row[2] for row in replied.find_matching(piece.entry)), None)
    return report_period.assign_period(request, before, piece, replied_to, alone=alone)


def _find_earlier(request: Request, report: Report, entry: Entry) -> Completion | None:
    """A completion of the same organization, requirement and day from another report."""
    rows = [row for row in completions.list_on_day(request.session, entry) if row.report_id != report.id]
    return next((row for row in rows if _is_same(row, entry)), rows[-1] if rows else None)


def _is_same(row: Completion, entry: Entry) -> bool:
    return completions.to_entry(row).get_figures() == entry.get_figures()


def _ask_question(request: Request, report: Report, pieces: Sequence[Piece], asked: Question) -> Answers:
    number = (report.question or {}).get("number", 0) + 1
    draft = {"pieces": [piece.to_json() for piece in pieces]}
    reports.ask_question(request.session, report, draft, asked.to_json(number), request.now.date())
    return [build_question_message(request, report, pieces, asked)]


def build_question_message(
    request: Request, report: Report, pieces: Sequence[Piece], asked: Question
) -> OutgoingMessage:
    """The open question of a report as a message with its buttons."""
    piece = pieces[asked.piece]
    organization = piece.entry.organization_id
    name = request.index.tree.get_name(organization) if organization in request.index.tree.nodes else None
    text = texts.format_question(piece, asked, name if organization else None, request.today)
    number = (report.question or {}).get("number", 1)
    return OutgoingMessage(
        text, build_question_rows(report.id, number, asked), about=ReplyContext(report_id=report.id)
    )


def _build_question(request: Request, index: int, piece: Piece, name: str, replied: ReplyContext) -> Question:
    entry, register, rules = piece.entry, request.index, request.context.rules
    match name:
        case "requirement":
            spoken_of = [row[0] for row in replied.find_matching(entry)]
            return Question(
                index,
                name,
                report_draft.list_requirement_options(spoken_of or [rule.key for rule in rules.requirements]),
            )
        case "organization_id":
            choices = list_organizations_for(rules, register, request.scope(Action.REPORT), entry.requirement)
            named_choices = [(choice, register.tree.get_name(choice)) for choice in choices]
            return Question(index, name, report_draft.list_organization_options(named_choices))
        case "held_on":
            return Question(index, name, report_draft.list_day_options(request.today, entry.held_on))
        case "present" if entry.present is not None and entry.expected is not None:
            return Question(index, name, report_draft.list_figure_options(entry))
    return Question(index, name)


def _store_pieces(
    request: Request, report: Report, before: Sequence[Completion], pieces: Sequence[PieceWithEarlier]
) -> Answers:
    """Store new entries; apply corrections to the report they correct; skip repetitions."""
    own: list[Piece] = []
    told: list[tuple[str, Piece]] = []
    for piece, earlier in pieces:
        if earlier is None or piece.again == "another":
            own.append(piece)
            told.append(("new", piece))
        elif _is_same(earlier, piece.entry):
            told.append(("same", piece))
        else:
            _correct_earlier(request, earlier, piece.entry)
            told.append(("corrected", piece))
    entries, by, at = [piece.entry for piece in own], request.speaker.id, request.now
    changed = completions.store_entries(
        request.session, report.id, entries, before=before, reporter_id=by, at=at
    )
    reports.close_question(request.session, report, reports.RECORDED if own else reports.REPEATED)
    verb = (
        texts.format_unchanged if not changed else texts.format_changed if before else texts.format_recorded
    )
    return _build_answer(request, report, told, verb)


def _correct_earlier(request: Request, earlier: Completion, entry: Entry) -> None:
    """Replace one completion of another report, or one that was backfilled without a report."""
    by, at = request.speaker.id, request.now
    if earlier.report_id is None:
        completions.revise_past(request.session, earlier, entry, by=by, at=at)
        return
    rows = completions.list_of_report(request.session, earlier.report_id)
    entries = [entry if row.id == earlier.id else completions.to_entry(row) for row in rows]
    completions.store_entries(request.session, earlier.report_id, entries, before=rows, reporter_id=by, at=at)


def _build_answer(
    request: Request,
    report: Report,
    told: Sequence[tuple[str, Piece]],
    verb: Callable[[NamedEntries, date], str],
) -> Answers:
    """The answer after storing: `verb` formats new pieces; corrected and repeated ones follow."""
    entries: dict[str, list[Entry]] = {"new": [], "corrected": [], "same": []}
    for kind, piece in told:
        entries[kind].append(piece.entry)
    formats = {"new": verb, "corrected": texts.format_changed, "same": texts.format_unchanged}
    blocks = [
        formats[kind](add_organization_names(request, of_kind), request.today)
        for kind, of_kind in entries.items()
        if of_kind
    ]
    is_stored = verb is not texts.format_unchanged
    notes = _format_notes([piece for kind, piece in told if kind == "new"]) if is_stored else ""
    rows = build_record_rows(report.id) if entries["new"] else ()
    return [OutgoingMessage("\n\n".join(blocks) + notes, rows, about=ReplyContext(report_id=report.id))]


def _format_notes(pieces: Sequence[Piece]) -> str:
    """What was inferred and what was spelt differently, each once."""
    inferred = dict.fromkeys(name for piece in pieces for name in piece.assumed)
    slips = dict.fromkeys(pair for piece in pieces for pair in piece.slips)
    return texts.format_assumed(inferred) + texts.format_slips(slips)
