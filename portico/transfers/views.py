"""The pages of an import: file, columns, check, result."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from portico.kit.errors import NotThere, Refused
from portico.kit.form_tokens import once
from portico.kit.policies import Audience, Body, page
from portico.operations.choices import UNFINISHED, OperationState
from portico.operations.models import Operation
from portico.operations.operations import stage_of
from portico.operations.reports import is_cancellable, is_undoable
from portico.transfers import reports
from portico.transfers.actions.imports import (
    EDITABLE,
    cancel_import,
    change_mapping,
    check_import,
    choose_sheet,
    correct_import,
    run_import,
    undo_import,
)
from portico.transfers.actions.options import ImportOptions
from portico.transfers.actions.preparing import prepare_import
from portico.transfers.choices import PARTLY, WRONG
from portico.transfers.forms import (
    COLUMN,
    ChoicesForm,
    FileForm,
    SheetForm,
    corrections_of,
    mapping_of,
)
from portico.ui.pages import render, render_block
from portico.workspaces.choices import Permission

IMPORTING = (Permission.IMPORT_CLIENTS,)


@page("imports.new", Audience.AGENT, permissions=IMPORTING, writes=True, body=Body.IMPORT)
@once
def import_new(request: Any) -> HttpResponse:
    """Choose a file; it is read at once, so that a wrong one is refused here."""
    kind = request.GET.get("kind", "people")
    form = FileForm(request.POST or None, request.FILES or None, initial={"kind": kind})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            operation = prepare_import(
                request.actor, form.cleaned_data["kind"], content=file.read(), name=file.name
            )
            return _to("imports.mapping", operation)
        except Refused as refused:
            form.add_error("file", refused.detail)
    context = {"form": form, "steps": reports.steps_of(None, 0), "kind": kind}
    return render(
        request, "transfers/imports/new.html", context, status=422 if form.errors else 200
    )


@page("imports.mapping", Audience.AGENT, permissions=IMPORTING, writes=True)
@once
def import_mapping(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """What each column means, and how the import behaves."""
    operation = reports.import_of(request.actor, id)
    if operation.state not in EDITABLE:
        return _to_present_step(operation)
    asked = ImportOptions.of(operation)
    form = ChoicesForm(
        request.POST or None,
        initial=asked.kept(),
        kind=asked.kind,
        has_dates=reports.has_dates(asked.kind),
    )
    mapping_errors: list[str] = []
    if request.method == "POST" and form.is_valid():
        mapping = mapping_of(request.POST, operation.options["file"]["columns"])
        try:
            change_mapping(request.actor, id, mapping=mapping, choices=form.cleaned_data)
            return _to("imports.check", check_import(request.actor, id))
        except Refused as refused:
            mapping_errors = _put(refused, form)
    context = {
        **_about(operation, 1),
        "form": form,
        "mapping_errors": mapping_errors,
        "columns": _columns(operation, asked, posted=request.POST),
        "fields": reports.field_choices(asked.kind),
        "sheet_choices": [(name, name) for name in operation.options["file"].get("sheets", [])],
        **_recognised(operation),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "transfers/imports/mapping.html", context, status=status)


@page("imports.sheet", Audience.AGENT, permissions=IMPORTING, writes=True, methods=("POST",))
@once
def import_sheet(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Read another sheet of the workbook."""
    form = SheetForm(request.POST)
    if form.is_valid():
        choose_sheet(request.actor, id, sheet=form.cleaned_data["sheet"])
    return _to("imports.mapping", reports.import_of(request.actor, id))


@page("imports.check", Audience.AGENT, permissions=IMPORTING)
def import_check(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """What the import would do: four numbers, and the rows to fix."""
    operation = reports.import_of(request.actor, id)
    if operation.state not in {OperationState.CHECKING, OperationState.CHECKED}:
        return _to_present_step(operation, is_poll=bool(request.htmx))
    if request.htmx or operation.state == OperationState.CHECKING:
        is_checking = operation.state == OperationState.CHECKING
        context = {**_about(operation, 2), "is_checking": is_checking}
        if request.htmx:
            return _progress(request, "transfers/imports/check.html", context)
        return render(request, "transfers/imports/check.html", context)
    return _checked(
        request, operation, named=reports.named_organizations(operation, typed={}, errors={})
    )


def _checked(
    request: Any, operation: Operation, *, named: list[dict[str, Any]], status: int = 200
) -> HttpResponse:
    wrong = operation.counts.get(WRONG, 0)
    part = request.GET.get("rows", "refused" if wrong else "")
    held_back = bool(wrong and operation.options["asked"]["all_or_nothing"])
    context = {
        **_about(operation, 2),
        "wrong": wrong,
        "accepted": reports.accepted_rows(operation),
        "is_held_back": held_back,
        "nothing": reports.nothing_sentence(operation),
        "part": part,
        "rows": reports.rows_of(operation, part),
        "changing": operation.counts.get("updated", 0),
        "left_alone": reports.left_alone(operation),
        "columns": reports.shown_columns(operation),
        "to_fix": reports.rows_to_fix(operation) if part == "refused" else [],
        "forecast": reports.forecast(operation),
        "named_organizations": named,
        "corrected": len(operation.options.get("corrections", {})),
        "notices": list(operation.options.get("notices", {}).values()),
        **_recognised(operation),
    }
    return render(request, "transfers/imports/check.html", context, status=status)


@page("imports.correct", Audience.AGENT, permissions=IMPORTING, writes=True, methods=("POST",))
@once
def import_correct(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Save what was typed into the refused rows, and check the file again with it."""
    operation = reports.import_of(request.actor, id)
    if operation.state != OperationState.CHECKED:
        return _to_present_step(operation)
    cells = corrections_of(request.POST, reports.rows_to_fix(operation))
    named = reports.named_organizations(operation, typed=request.POST, errors={})
    sent = {row["name"]: row["text"] for row in named}
    try:
        return _to("imports.check", correct_import(request.actor, id, cells, organizations=sent))
    except Refused as refused:
        errors = {problem.field or "": problem.message for problem in refused.errors}
        named = reports.named_organizations(operation, typed=request.POST, errors=errors)
        return _checked(request, operation, named=named, status=422)


@page("imports.run", Audience.AGENT, permissions=IMPORTING, writes=True, methods=("POST",))
@once
def import_run(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Start what was checked; a second press leads to the same page."""
    try:
        return _to("imports.show", run_import(request.actor, id))
    except Refused as refused:
        if refused.code != "wrong_state":
            raise
        return _to_present_step(reports.import_of(request.actor, id))


@page("imports.show", Audience.AGENT, permissions=IMPORTING)
def import_show(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Progress, then the result; it may be left at any time."""
    operation = reports.import_of(request.actor, id)
    if operation.state in {*EDITABLE, OperationState.CHECKING}:
        return _to_present_step(operation)
    is_running = operation.state in UNFINISHED
    stage = stage_of(operation)
    context = {**_about(operation, 3), "is_running": is_running, "stage": stage}
    context["poll_url"] += f"?stage={stage}"
    context["label"] = reports.progress_label(operation, stage)
    if request.htmx:
        context["is_running"] = is_running and request.GET.get("stage", stage) == stage
        return _progress(request, "transfers/imports/show.html", context)
    context |= {
        "may_cancel": is_cancellable(operation),
        "may_undo": is_undoable(operation),
        "wrong": operation.counts.get("refused", 0),
        "links": reports.record_links(operation),
        "partly": operation.counts.get(PARTLY, 0),
        "has_reasons": operation.rows.exists(),
        "forecast": reports.forecast(operation),
        "notices": list(operation.options.get("notices", {}).values()),
        "result_figures": reports.result_figures_of(operation),
        "sentence": reports.result_sentence(operation),
        "kept": operation.options.get("kept", []),
    }
    return render(request, "transfers/imports/show.html", context)


@page("imports.cancel", Audience.AGENT, permissions=IMPORTING, writes=True, methods=("POST",))
@once
def import_cancel(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Stop before the next rows."""
    return _to("imports.show", cancel_import(request.actor, id))


@page("imports.undo", Audience.AGENT, permissions=IMPORTING, writes=True)
@once
def import_undo(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Ask, then take back what the import created."""
    operation = reports.import_of(request.actor, id)
    if request.method == "POST":
        return _to("imports.show", undo_import(request.actor, id))
    if not is_undoable(operation):
        return _to("imports.show", operation)
    return render(request, "transfers/imports/undo.html", _about(operation, 3))


@page("imports.failures", Audience.AGENT, permissions=IMPORTING)
def import_failures(request: Any, id: UUID) -> FileResponse:  # noqa: A002 - the address's word
    """The refused rows as a file that can be corrected and imported again."""
    operation = reports.import_of(request.actor, id)
    if not operation.result_file:
        raise NotThere
    stem = operation.title.rsplit(".", 1)[0]
    return FileResponse(
        operation.result_file.open("rb"),
        as_attachment=True,
        filename=f"{stem}-to-fix.csv",
        content_type="text/csv; charset=utf-8",
    )


def _about(operation: Operation, step: int) -> dict[str, Any]:
    return {
        "operation": operation,
        "facts": reports.file_facts(operation),
        "file_notices": operation.options["file"]["notices"],
        "export": operation.options["file"]["export"],
        "steps": reports.steps_of(operation, step),
        "figures": reports.figures_of(operation),
        "poll_url": reverse(f"imports.{'check' if step == 2 else 'show'}", args=[operation.pk]),
    }


def _recognised(operation: Operation) -> dict[str, Any]:
    """What is known of this file, or of its columns, from earlier imports."""
    remembered = reports.mapping_notice(operation), reports.choices_notice(operation)
    return {
        "earlier": reports.earlier_import(operation),
        "same_file": reports.same_file_notice(operation),
        "remembered": list(filter(None, remembered)),
    }


def _columns(operation: Operation, asked: ImportOptions, *, posted: Any) -> list[dict[str, Any]]:
    file = operation.options["file"]
    return [
        {
            "name": f"{COLUMN}{place}",
            "label": column,
            "samples": " · ".join(samples),
            "field": posted.get(f"{COLUMN}{place}", asked.mapping.get(column, "")),
        }
        for place, (column, samples) in enumerate(
            zip(file["columns"], file["samples"], strict=True)
        )
    ]


def _put(refused: Refused, form: ChoicesForm) -> list[str]:
    """Put the reason at its field; what concerns the columns is returned."""
    messages = []
    for problem in refused.errors:
        if problem.field in form.fields:
            form.add_error(problem.field, problem.message)
        else:
            messages.append(problem.message)
    return messages or ([] if refused.errors else [refused.detail])


def _progress(request: Any, template: str, context: dict[str, Any]) -> HttpResponse:
    """The progress block alone, or the word to load the page anew when it is over."""
    if not context.get("is_checking") and not context.get("is_running"):
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render_block(request, template, "progress", context)


def _to(name: str, operation: Operation) -> HttpResponse:
    return HttpResponseRedirect(reverse(name, kwargs={"id": operation.pk}))


def _to_present_step(operation: Operation, *, is_poll: bool = False) -> HttpResponse:
    """Where this import stands now: an old link or the back button leads there."""
    if is_poll:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    if operation.state == OperationState.DRAFT:
        return _to("imports.mapping", operation)
    if operation.state in {OperationState.CHECKING, OperationState.CHECKED}:
        return _to("imports.check", operation)
    return _to("imports.show", operation)
