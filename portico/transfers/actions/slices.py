"""One slice of an import: the next rows with their events, counts and progress, together."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils.translation import gettext as _

from portico.clients.cleaning import properties_of
from portico.history.actions import count_act
from portico.history.models import Act
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.kit.names import name_key
from portico.operations.choices import OperationState
from portico.operations.models import Operation, OperationRow
from portico.transfers.actions.differences import differences_of
from portico.transfers.actions.known import Known
from portico.transfers.actions.organizations_plans import plan_organization
from portico.transfers.actions.people_plans import plan_person
from portico.transfers.actions.plans import (
    PERSON_LIMIT,
    UNKNOWN_ORGANIZATION,
    Decision,
    Ground,
    RowStopped,
    limit_notice,
)
from portico.transfers.actions.saving import Touched, save_decisions
from portico.transfers.actions.sessions import (
    LEFT_OUT,
    WRITING,
    Row,
    Session,
    close_sessions,
    session_of,
)
from portico.transfers.actions.states import MANAGERS
from portico.transfers.choices import (
    COUNTER_OF,
    COUNTERS,
    FIRST_ROWS,
    FURTHER_COUNTERS,
    INVITATIONS,
    PARTLY,
    PROPERTY_SUBJECTS,
    TAGS_CREATED,
    WRONG,
    Match,
    Outcome,
)
from portico.transfers.reading.drafts import OrganizationDraft, PersonDraft
from portico.transfers.reading.failures import failures_file
from portico.transfers.reading.notices import Notice, Problem
from portico.transfers.reading.records import ReadRow
from portico.transfers.reports import accepted_rows

# What rows share (their organizations and counters, the plan) is asked and written once a chunk: a
# thousand at once take two thirds of the time of twice five hundred. SQLite lets nobody else write
# meanwhile, and gives a waiting writer little chance between two chunks: there they stay short.
CHUNKS = {"sqlite": 500, "postgresql": 1000}
SHOWN_ROWS = 50
TOLD = (Outcome.UPDATED, Outcome.UNCHANGED, *LEFT_OUT)
"""Outcomes of which as many rows are kept to be shown, beside the first rows of the file."""
LONGEST_CELL = 2000
ATTEMPTS = 3
BATCH = 500


def work_slice(operation: Operation, actor: Actor) -> bool:
    """Check or import the next rows of an operation; True when there are none left.

    All or nothing is first decided in slices, which show progress and can be cancelled, and then
    written in one. Runs in a transaction of the caller, who saves the operation: its `done`,
    `counts` and `options` are changed here. Raises Refused when file or mapping can't be used any
    more.
    """
    session = session_of(operation)
    operation.counts = dict.fromkeys((*COUNTERS, *FURTHER_COUNTERS, WRONG), 0) | operation.counts
    if operation.done == 0:
        fresh: dict[str, Any] = {"shown": [], "to_fix": [], "notices": {}, "unknown_names": []}
        operation.options = {**operation.options, **fresh}
    if session.options.all_or_nothing and not session.is_dry:
        _import_all(operation, actor, session=session)
    else:
        _take_chunk(operation, actor, session=session)
    if operation.done < operation.total or _goes_on_to_write(operation, session):
        return False
    _close(operation, session)
    if not session.is_dry:
        _count_act(operation)
    return True


def _goes_on_to_write(operation: Operation, session: Session) -> bool:
    """Turn from deciding to writing, if this is all or nothing and every row was found right."""
    is_first_half = session.is_dry and operation.state != OperationState.CHECKING
    if not is_first_half or operation.counts[WRONG]:
        return False
    operation.options = {**operation.options, WRITING: accepted_rows(operation)}
    operation.counts = {}
    operation.done = 0
    operation.rows.all().delete()
    close_sessions()
    return True


def _count_act(operation: Operation) -> None:
    """Let Recent changes tell all of the kind that the first slice began with, not its part."""
    kind = Act.objects.filter(pk=operation.pk).values_list("kind", flat=True).first()
    created = {
        "organization.created": operation.counts["organizations_created"],
        "person.created": operation.counts["people_created"],
    }
    if kind is not None:
        count_act(operation.pk, created.get(kind) or accepted_rows(operation))


def _chunk() -> int:
    return CHUNKS[connection.vendor]


def _take_chunk(operation: Operation, actor: Actor, *, session: Session) -> None:
    rows = session.next_rows(_chunk())
    read = [(row, session.read(row)) for row in rows]
    decisions = _saved(actor, read, session=session)
    _note(operation, session, rows=rows, decisions=decisions)
    _insert_results(operation, decisions, all_or_nothing=session.options.all_or_nothing)
    operation.done += len(rows)


def _saved(
    actor: Actor, read: Sequence[tuple[Row, ReadRow]], *, session: Session
) -> list[Decision]:
    """Decide and save; what somebody saved in between is seen at the next attempt (case 48)."""
    for attempt in range(ATTEMPTS):
        decisions = _decided(actor, read, session=session)
        if session.is_dry:
            break
        try:
            with transaction.atomic():
                save_decisions(actor, decisions)
            break
        except Refused:
            session.memory.forget()
            if attempt + 1 == ATTEMPTS:
                raise
    session.memory.keep()
    return decisions


def _decided(
    actor: Actor, read: Sequence[tuple[Row, ReadRow]], *, session: Session
) -> list[Decision]:
    options = session.options
    drafts = [row.draft for _row, row in read if row.draft is not None]
    known = Known(
        drafts,
        organization=options.organization,
        with_members=options.updates and options.has_contacts,
        with_managers=options.updates and MANAGERS in options.mapping.values(),
        by_name=options.key == Match.NAME,
    )
    properties = properties_of(PROPERTY_SUBJECTS[options.kind])
    ground = Ground(
        actor=actor, options=options, memory=session.memory, known=known, properties=properties
    )
    decisions = []
    for (number, _cells), row in read:
        decision = _decide(ground, row, number=number)
        session.memory.add(decision.keys, number)
        decisions.append(decision)
    return decisions


def _decide(ground: Ground, row: ReadRow, *, number: int) -> Decision:
    draft = row.draft
    if draft is None:
        return Decision(number=number, outcome=Outcome.REFUSED, problems=row.problems)
    try:
        if isinstance(draft, OrganizationDraft):
            decision = plan_organization(ground, draft, number=number)
        else:
            decision = plan_person(ground, draft, number=number)
    except RowStopped as stopped:
        notices = [limit_notice()] if stopped.code == PERSON_LIMIT else []
        return Decision(
            number=number,
            outcome=stopped.outcome,
            problems=stopped.problems,
            notices=notices,
            unknown_organization=_unknown_name(draft, stopped.code),
        )
    decision.notices = [*row.notices, *decision.notices]
    return decision


def _unknown_name(draft: PersonDraft | OrganizationDraft, code: str) -> str:
    """The name in a row that is refused because no organization has it."""
    if code == UNKNOWN_ORGANIZATION and isinstance(draft, PersonDraft):
        return draft.organization_name
    return ""


def _import_all(operation: Operation, actor: Actor, *, session: Session) -> None:
    """Everything in one transaction, or nothing: a wrong row takes the others back with it."""
    taken: list[Decision] = []
    with transaction.atomic():
        session = _all_held(operation, actor, session=session)
        while rows := session.next_rows(_chunk()):
            read = [(row, session.read(row)) for row in rows]
            decisions = _saved(actor, read, session=session)
            _note(operation, session, rows=rows, decisions=decisions)
            taken.extend(replace(decision, keys=()) for decision in decisions)
        if operation.counts[WRONG]:
            transaction.set_rollback(True)
    _insert_results(operation, taken, all_or_nothing=True)
    operation.done = operation.total


def _all_held(operation: Operation, actor: Actor, *, session: Session) -> Session:
    """Lock what all rows change before the first is written; returns the session at the first row.

    Chunk after chunk would lock in the order of the file, and end in a deadlock with an act on
    several of the same records. Whoever saves between the two readings is met as ever.
    """
    if not connection.features.has_select_for_update:
        return session
    touched = Touched()
    while rows := session.next_rows(_chunk()):
        read = [(row, session.read(row)) for row in rows]
        touched.add(_decided(actor, read, session=session))
        session.memory.keep()
    touched.hold()
    close_sessions()
    return session_of(operation)


def _note(
    operation: Operation, session: Session, *, rows: Sequence[Row], decisions: Sequence[Decision]
) -> None:
    """Count, and keep a few rows to be shown."""
    counts = operation.counts
    shown = operation.options["shown"]
    for (_number, cells), decision in zip(rows, decisions, strict=True):
        counts["rows"] += 1
        counts[COUNTER_OF[decision.outcome]] += 1
        counts[WRONG] += decision.outcome is Outcome.REFUSED
        counts["organizations_created"] += decision.new_place is not None
        counts["people_created"] += decision.new_person is not None
        counts[TAGS_CREATED] += decision.new_tags
        counts[INVITATIONS] += decision.invites and not decision.unfinished
        counts[PARTLY] += bool(decision.unfinished)
        _note_notices(operation, decision.notices, number=decision.number)
        _note_unknown(operation, decision.unknown_organization)
        is_told = decision.outcome in TOLD and counts[COUNTER_OF[decision.outcome]] <= SHOWN_ROWS
        if is_told or len(shown) < FIRST_ROWS:
            shown.append(_shown(session, cells, decision=decision))
        if decision.outcome is Outcome.REFUSED and is_told:
            operation.options["to_fix"].append(_to_fix(session, cells, decision=decision))


def _shown(session: Session, cells: Sequence[str], *, decision: Decision) -> dict[str, Any]:
    mapping = session.options.mapping
    texts = dict(zip(session.table.header, cells, strict=False))
    problem = decision.problems[0] if decision.problems else Problem("", "", "")
    is_changing = session.is_dry and decision.outcome is Outcome.UPDATED
    return {
        "row": decision.number,
        "outcome": decision.outcome,
        "field": problem.field,
        "reason": " ".join(dict.fromkeys(problem.message for problem in decision.problems)),
        "cells": {mapping[name]: texts[name][:80] for name in texts if name in mapping},
        "changes": differences_of(decision, kind=session.options.kind) if is_changing else [],
    }


def _to_fix(session: Session, cells: Sequence[str], *, decision: Decision) -> dict[str, Any]:
    """A refused row as the page shows it to be corrected: its mapped cells, and what is wrong."""
    mapping = session.options.mapping
    texts = zip(session.table.header, cells, strict=False)
    return {
        "row": decision.number,
        "cells": {name: text[:LONGEST_CELL] for name, text in texts if name in mapping},
        "problems": [[problem.field, problem.message] for problem in decision.problems],
    }


def _note_notices(operation: Operation, notices: Iterable[Notice], *, number: int) -> None:
    kept = operation.options["notices"]
    for notice in notices:
        first = kept.setdefault(notice.code, {"n": 0, "row": number, "text": notice.message})
        first["n"] += 1


def _note_unknown(operation: Operation, name: str) -> None:
    """Keep the first names that no organization has, each as its first row writes it."""
    kept = operation.options.setdefault("unknown_names", [])
    if name and len(kept) < SHOWN_ROWS and name_key(name) not in map(name_key, kept):
        kept.append(name)


def _insert_results(
    operation: Operation, decisions: Sequence[Decision], *, all_or_nothing: bool
) -> None:
    """Write down why rows did not go through; with "all or nothing" also which are as they were."""
    told = {*LEFT_OUT, Outcome.UNCHANGED} if all_or_nothing else set(LEFT_OUT)
    OperationRow.objects.bulk_create(
        [
            OperationRow(
                operation=operation,
                number=decision.number,
                outcome=PARTLY if decision.unfinished else decision.outcome,
                field=_joined(problem.field for problem in decision.problems)[:100],
                reason=decision.unfinished or _reason(decision),
            )
            for decision in decisions
            if decision.outcome in told or decision.unfinished
        ],
        batch_size=BATCH,
    )


def _reason(decision: Decision) -> str:
    return _joined(problem.message for problem in decision.problems)


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(filter(None, texts)))


def _close(operation: Operation, session: Session) -> None:
    """Hold back everything where that was asked, and write the file of refused rows."""
    counts = operation.counts
    problems = _problems(operation)
    if session.options.all_or_nothing and counts[WRONG]:
        problems |= _held_back(operation, session)
        counts["refused"] += counts["created"] + counts["updated"]
        created = ("created", "updated", "organizations_created", "people_created")
        for name in (*created, *FURTHER_COUNTERS):
            counts[name] = 0
    _replace_failures(operation, session, problems=problems)
    close_sessions()


def _problems(operation: Operation) -> dict[int, list[Problem]]:
    rows = operation.rows.filter(outcome=Outcome.REFUSED)
    return {row.number: [Problem(row.field, "refused", row.reason)] for row in rows.iterator()}


def _held_back(operation: Operation, session: Session) -> dict[int, list[Problem]]:
    told = set(operation.rows.values_list("number", flat=True))
    text = _("Nothing was imported, because other rows of the file are wrong.")
    held = Problem("", "held_back", text)
    return {number: [held] for number, _cells in session.table.rows() if number not in told}


def _replace_failures(
    operation: Operation, session: Session, *, problems: dict[int, list[Problem]]
) -> None:
    """Keep the file of refused rows with the operation, in the place of that of the check."""
    if operation.result_file:
        operation.result_file.delete(save=False)
    operation.result_file = None
    if problems:
        content = b"".join(failures_file(session.table, problems))
        name = f"{operation.pk}-{'check' if session.is_dry else 'run'}.csv"
        operation.result_file.save(name, ContentFile(content), save=False)
