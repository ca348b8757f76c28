"""Adding fast: reading what was pasted, and adding many at once."""

from collections import Counter
from collections.abc import Sequence
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

import orjson
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.clients.actions.additions import (
    Added,
    Line,
    LineState,
    add_organizations,
    add_people,
    sort_organizations,
    sort_people,
)
from portico.clients.forms.people import NewPersonForm
from portico.clients.forms.smart import (
    FIELDS,
    common_domain,
    likely_twins,
    lines_in,
    propose_organization,
    with_smart_field,
)
from portico.clients.panels import shown_form_sections
from portico.clients.views.answers import go_to
from portico.kit.errors import Refused
from portico.kit.form_tokens import once
from portico.kit.policies import Audience, page
from portico.kit.signatures import lines_of
from portico.ui.pages import render
from portico.ui.toasts import link_toast, undo_toast
from portico.ui.words import say_n
from portico.workspaces.choices import Permission

MARKED = 20
NAMED = 5


@page(
    "people.read",
    Audience.AGENT,
    permissions=(Permission.VIEW_CLIENTS, Permission.CREATE_CLIENTS),
    writes=True,
    methods=("POST",),
)
def people_read(request: Any) -> HttpResponse:
    """What the smart field says, where they may belong, who is there already; saves nothing.

    By POST, because pasted signatures belong neither into an address nor into a log.
    """
    form = NewPersonForm(request.POST, actor=request.actor)
    texts = lines_in(request.POST)
    if texts:
        return _people_preview(request, texts, form.organization_id)
    values = with_smart_field(request.POST)
    # What the action refuses anyway is not looked up either: no database takes this character.
    read = {name: values.get(name, "").replace("\x00", "") for name in FIELDS}
    context = {
        "read": read,
        "proposal": propose_organization(request.actor, read["email"]),
        "twins": likely_twins(request.actor, read, form.organization_id),
        "mode": "one",
    }
    return render(request, "clients/people/understood.html", context)


@page(
    "organizations.read",
    Audience.AGENT,
    permissions=(Permission.VIEW_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS),
    writes=True,
    methods=("POST",),
)
def organizations_read(request: Any) -> HttpResponse:
    """Which of the pasted names are new and which are there already; saves nothing."""
    try:
        lines = sort_organizations(request.actor, lines_of(request.POST.get("names", "")))
    except Refused as refused:
        return _refused_preview(request, refused)
    if not lines:
        # Asked while one name is typed: the form stays that of one.
        return render(request, "clients/people/understood.html", {"mode": "one"})
    count = _new_in(lines)
    label = say_n("Add %(n)s organization", "Add %(n)s organizations", count)
    context = {"mode": "many", "lines": lines, "counts": _counts(lines), "label": label}
    return render(request, "clients/people/understood.html", context)


@once
def save_people(request: Any, form: NewPersonForm, texts: Sequence[str]) -> HttpResponse:
    """Add the people of the pasted lines; ends on the list, the new rows first."""
    added, followed = _add_people(request, form, texts)
    done = say_n("%(n)s person added.", "%(n)s people added.", len(added.created))
    return _tell(request, added, done, records="people", is_undoable=followed < len(added.created))


def save_organizations(
    request: Any, texts: Sequence[str], *, fields: dict[str, Any]
) -> HttpResponse:
    """Add organizations of the pasted names; ends on the list. The calling view is `once`."""
    added = add_organizations(request.actor, texts, fields=fields)
    done = say_n("%(n)s organization added.", "%(n)s organizations added.", len(added.created))
    return _tell(request, added, done, records="organizations")


def added_one(
    request: Any,
    text: str,
    address: str,
    *,
    links: tuple[tuple[str, str], ...] = (),
    is_undoable: bool = True,
) -> HttpResponse:
    """After one was added: on to `address`; who pressed Shift Enter keeps the dialog, emptied.

    Not undoable is what is in use already, because somebody was invited (see `undo_creation`).
    """
    stays = "stay" in request.POST
    if not stays or not request.htmx:
        tell = undo_toast if is_undoable else link_toast
        tell(request, text, links=links)
        return go_to(request, request.path if stays else address)
    undo = reverse("acts.undo", kwargs={"id": request.actor.act_id}) if is_undoable else None
    ways = [{"label": label, "url": url} for label, url in links]
    said = {
        "toast": {"text": text, "undo_url": undo, "links": ways},
        "smart-added": token_urlsafe(24),
    }
    response = HttpResponse(status=204)
    response["HX-Trigger"] = orjson.dumps(said).decode()
    return response


@transaction.atomic
def _add_people(request: Any, form: NewPersonForm, texts: Sequence[str]) -> tuple[Added, int]:
    """The people, and for how many of them the form's sections did anything.

    That is asked only for those who can be written to.
    """
    organization_id = form.organization_id
    added = add_people(request.actor, texts, organization_id=organization_id)
    sections = shown_form_sections(request.actor, organization_id, request.POST)
    followed = 0
    for person in added.created:
        told = [
            section.action(request.actor, person, organization_id, request.POST)
            for section, _seen in (sections if person.email else ())
        ]
        followed += any(told)
    return added, followed


def _people_preview(
    request: Any, texts: Sequence[str], organization_id: UUID | None
) -> HttpResponse:
    try:
        lines = sort_people(request.actor, texts, organization_id=organization_id)
    except Refused as refused:
        return _refused_preview(request, refused)
    count = _new_in(lines)
    context = {
        "mode": "many",
        "lines": lines,
        "counts": _counts(lines),
        "proposal": propose_organization(request.actor, common_domain(texts)),
        "label": say_n("Add %(n)s person", "Add %(n)s people", count),
        "label_invite": say_n("Add and invite %(n)s person", "Add and invite %(n)s people", count),
    }
    return render(request, "clients/people/understood.html", context)


def _refused_preview(request: Any, refused: Refused) -> HttpResponse:
    context = {"mode": "many", "lines": [], "problem": refused.detail}
    return render(request, "clients/people/understood.html", context)


def _new_in(lines: Sequence[Line]) -> int:
    return sum(line.state is LineState.NEW for line in lines)


def _counts(lines: Sequence[Line]) -> list[str]:
    """How many are new, exist already or can't be read: only what there is."""
    found = Counter(line.state for line in lines)
    texts = {
        LineState.NEW: _("%(n)s new"),
        LineState.KNOWN: ngettext(
            "%(n)s already exists", "%(n)s already exist", found[LineState.KNOWN]
        ),
        LineState.UNREADABLE: _("%(n)s can't be read"),
    }
    return [text % {"n": found[state]} for state, text in texts.items() if found[state]]


def _tell(
    request: Any, added: Added, done: str, *, records: str, is_undoable: bool = True
) -> HttpResponse:
    """Say how many were added and which lines were not, and go to the list."""
    parts = [done]
    known, unread = added.labels(LineState.KNOWN), added.labels(LineState.UNREADABLE)
    if known:
        text = ngettext(
            "%(n)s already exists: %(names)s.", "%(n)s already exist: %(names)s.", len(known)
        )
        parts.append(text % {"n": len(known), "names": _named(known)})
    if unread:
        parts.append(
            _("%(n)s can't be read: %(names)s.") % {"n": len(unread), "names": _named(unread)}
        )
    if added.created and is_undoable:
        undo_toast(request, " ".join(parts))
    else:
        messages.info(request, " ".join(parts))
    ids = ",".join(str(row.pk) for row in added.created[:MARKED])
    return go_to(request, f"{reverse(f'{records}.list')}?sort=-created_at&new={ids}")


def _named(labels: Sequence[str]) -> str:
    """The first few names; a toast is one line."""
    shown = ", ".join(labels[:NAMED])
    return f"{shown}…" if len(labels) > NAMED else shown
