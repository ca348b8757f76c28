"""Fields of a record edited in place: one row of the page turns into a small form and back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.actions.organizations import update_organization
from portico.clients.actions.people import update_person
from portico.clients.forms.details import DAY, Detail, typed_day
from portico.clients.views.answers import cell_saved
from portico.clients.views.columns import ROLES
from portico.clients.views.fields import organization_details, person_details, row_of
from portico.clients.views.lost import keeps_typed_field
from portico.clients.views.organizations import find_organization, record_context
from portico.clients.views.people import find_person, person_context
from portico.clients.views.role_cells import role_field
from portico.history.models import Event
from portico.history.reports import latest
from portico.kit.errors import NeedsConfirmation, NotThere, Refused, Stale
from portico.kit.policies import Audience, page
from portico.ui.formats import format_date
from portico.ui.pages import render
from portico.ui.toasts import UNDO_VIEW, undo_toast
from portico.workspaces.choices import Permission


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What editing in place needs to know of a kind of record."""

    view: str
    template: str
    kind: str
    find: Callable[[Any, UUID], Any]
    details: Callable[..., list[Detail]]
    change: Callable[..., Any]
    context: Callable[[Any, Any], Mapping[str, Any]]


@dataclass(kw_only=True)
class Answer:
    """What the form says after it was sent: the values typed, and what is wrong with them."""

    values: Mapping[str, Any]
    errors: list[str]
    warnings: list[str]
    confirm: list[str]
    theirs: str = ""
    other_name: str = ""


ORGANIZATION = Subject(
    view="organizations",
    template="clients/organizations/saved.html",
    kind="organization.updated",
    find=find_organization,
    details=organization_details,
    change=update_organization,
    context=lambda request, record: record_context(request, record, current="show"),
)
PERSON = Subject(
    view="people",
    template="clients/people/saved.html",
    kind="person.updated",
    find=find_person,
    details=person_details,
    change=lambda actor, key, fields, *, version, confirm: update_person(
        actor, key, fields, version=version
    ),
    context=lambda request, record: person_context(request, record, current="show"),
)


@page(
    "organizations.field",
    Audience.AGENT,
    permissions=(Permission.VIEW_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS),
    writes=True,
)
@keeps_typed_field("organizations", find_organization)
def organization_field(request: Any, id: UUID, field: str) -> HttpResponse:  # noqa: A002 - the address's word
    """One field of an organization: its form, its saving, and the way back."""
    return _field(request, ORGANIZATION, id, name=field)


@page(
    "people.field",
    Audience.AGENT,
    permissions=(Permission.VIEW_CLIENTS, Permission.EDIT_CLIENTS),
    writes=True,
)
@keeps_typed_field("people", find_person)
def person_field(request: Any, id: UUID, field: str) -> HttpResponse:  # noqa: A002 - the address's word
    """One field of a person: its form, its saving, and the way back."""
    if field == ROLES:
        return role_field(request, id)
    return _field(request, PERSON, id, name=field)


def _field(request: Any, subject: Subject, key: UUID, *, name: str) -> HttpResponse:
    record = subject.find(request.actor, key)
    detail = _detail(request, subject, record, name=name)
    if request.method == "POST":
        return _save(request, subject, record, detail=detail)
    if "preview" in request.GET and detail.kind == DAY:
        return _preview(request, detail)
    if not request.htmx:
        edit_url = reverse(f"{subject.view}.edit", kwargs={"id": key})
        return HttpResponseRedirect(f"{edit_url}#id_{next(iter(detail.inputs))}")
    if "read" in request.GET:
        return _row(request, subject, record, detail=detail, is_back=True)
    return _form(request, subject, record, detail=detail)


def _save(request: Any, subject: Subject, record: Any, *, detail: Detail) -> HttpResponse:
    typed = detail.posted(request.POST)
    confirm = request.POST.getlist("confirm")
    try:
        fields = detail.fields(typed)
        version = _version(request, record)
        if version != record.version and _is_untouched(request, detail, typed):
            version = record.version
        saved = subject.change(request.actor, record.pk, fields, version=version, confirm=confirm)
    except Stale as stale:
        return _clash(request, subject, stale.current, name=detail.name, typed=typed)
    except NeedsConfirmation as warned:
        codes = sorted({*confirm, *(row.code for row in warned.errors)})
        texts = [row.message for row in warned.errors]
        answer = Answer(values=typed, errors=[], warnings=texts, confirm=codes)
        return _form(request, subject, record, detail=detail, answer=answer)
    except Refused as refused:
        answer = Answer(values=typed, errors=[refused.detail], warnings=[], confirm=[])
        return _form(request, subject, record, detail=detail, answer=answer)
    return _saved(
        request, subject, saved, detail=detail, has_changed=saved.version != record.version
    )


def _is_untouched(request: Any, detail: Detail, typed: Mapping[str, Any]) -> bool:
    """Whether nobody else changed this field since the form was opened, or both say the same."""
    present = dict(detail.inputs)
    return present in (detail.opened_with(request.POST), dict(typed))


def _clash(
    request: Any, subject: Subject, current: Any, *, name: str, typed: Mapping[str, Any]
) -> HttpResponse:
    """Show both values; the next press keeps mine."""
    detail = _detail(request, subject, current, name=name)
    change = latest(Event.objects.all(), [subject.kind], about=current.pk)
    answer = Answer(
        values=typed,
        errors=[],
        warnings=[],
        confirm=[],
        theirs=detail.text or _("Empty"),
        other_name=change.actor_name if change else _("Somebody"),
    )
    return _form(request, subject, current, detail=detail, answer=answer)


def _form(
    request: Any,
    subject: Subject,
    record: Any,
    *,
    detail: Detail,
    answer: Answer | None = None,
) -> HttpResponse:
    """The form of the field; htmx shows it at 200 only, a plain browser gets the edit page."""
    if not request.htmx:
        return HttpResponseRedirect(reverse(f"{subject.view}.edit", kwargs={"id": record.pk}))
    shown = answer or Answer(values=detail.inputs, errors=[], warnings=[], confirm=[])
    context = {
        "row": _with_address(subject, record, detail=detail),
        "answer": shown,
        "version": record.version,
        "record": record,
    }
    shape = "cell" if _is_cell(request) else "form"
    return render(request, f"clients/details/{shape}.html", context)


def _row(
    request: Any, subject: Subject, record: Any, *, detail: Detail, is_back: bool = False
) -> HttpResponse:
    context = {"row": _with_address(subject, record, detail=detail), "is_back": is_back}
    return render(request, "clients/details/row.html", context)


def _saved(
    request: Any, subject: Subject, record: Any, *, detail: Detail, has_changed: bool
) -> HttpResponse:
    """The row as it reads now, with the head and the banners of the page, which may say it too."""
    text = _told(detail, record)
    if not request.htmx:
        if has_changed:
            undo_toast(request, text)
        return HttpResponseRedirect(reverse(f"{subject.view}.show", kwargs={"id": record.pk}))
    undo_url = reverse(UNDO_VIEW, kwargs={"id": request.actor.act_id}) if has_changed else None
    if _is_cell(request):
        said = text if has_changed else ""
        return cell_saved(record, detail.name, text=said, undo_url=undo_url)
    present = subject.find(request.actor, record.pk)
    shown = _detail(request, subject, present, name=detail.name)
    row = _with_address(subject, present, detail=shown)
    context = {**subject.context(request, present), "row": row}
    response = render(request, subject.template, context)
    if has_changed:
        response["HX-Trigger"] = json.dumps({"toast": {"text": text, "undo_url": undo_url}})
    return response


def _told(detail: Detail, record: Any) -> str:
    """What was saved: by its verb, or to which day, where the field has such words."""
    if detail.name == "is_active":
        told = _("%(name)s activated.") if record.is_active else _("%(name)s deactivated.")
        return told % {"name": record}
    if detail.name == "membership_end_date" and record.membership_end_date:
        day = format_date(record.membership_end_date)
        return _("%(name)s runs until %(date)s.") % {"name": record, "date": day}
    return _("%(field)s of %(name)s saved.") % {"field": detail.label, "name": record}


def _is_cell(request: Any) -> bool:
    """Whether the form stands over a cell of a list, whose row is fetched again by itself."""
    return "cell" in (request.POST if request.method == "POST" else request.GET)


def _preview(request: Any, detail: Detail) -> HttpResponse:
    """How a typed day is read, before it is saved; nothing for what can't be read yet."""
    try:
        day = typed_day(request.GET.get(detail.name, ""), counted_from=detail.counted)
    except Refused:
        day = None
    text = format_date(day)
    return HttpResponse("" if not text else _("Read as %(date)s") % {"date": text})


def _detail(request: Any, subject: Subject, record: Any, *, name: str) -> Detail:
    """The field of this name as it is now, with what can be chosen for it."""
    found = (
        row for row in subject.details(request.actor, record, editing=name) if row.name == name
    )
    detail = next(found, None)
    if detail is None:
        raise NotThere
    return detail


def _with_address(subject: Subject, record: Any, *, detail: Detail) -> dict[str, Any]:
    """The row as templates take it."""
    return row_of(subject.view, record, detail=detail, may_edit=True)


def _version(request: Any, record: Any) -> int:
    """The version the form was opened at; without one, nothing newer counts as seen."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else record.version - 1
