"""Settings, Properties: the fields that a workspace adds to its organizations and people."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.actions.properties import (
    archive_properties,
    create_property,
    move_property,
    unarchive_properties,
    update_property,
    values_count,
)
from portico.clients.choices import PropertySubject
from portico.clients.forms.problems import show_problems
from portico.clients.forms.properties import PropertyForm, values_of
from portico.clients.models import CustomProperty
from portico.clients.views.answers import ask, go_to
from portico.kit.errors import NotThere, Refused, Stale
from portico.kit.form_tokens import once
from portico.kit.policies import Audience, page
from portico.ui.pages import render
from portico.ui.toasts import undo_toast
from portico.ui.words import say
from portico.workspaces.choices import Permission

MANAGES = (Permission.MANAGE_WORKSPACE,)


@page("properties.list", Audience.AGENT, permissions=MANAGES)
def property_list(request: Any) -> HttpResponse:
    """The properties of organizations and of people, each in their order."""
    rows = list(CustomProperty.objects.order_by("place", "created_at", "id"))
    groups = [
        {
            "subject": subject,
            "title": title,
            "rows": [row for row in rows if row.subject == subject and not row.archived_at],
            "archived": [row for row in rows if row.subject == subject and row.archived_at],
        }
        for subject, title in (
            (PropertySubject.ORGANIZATION, say("Organizations")),
            (PropertySubject.PERSON, say("People")),
        )
    ]
    return render(request, "clients/properties/list.html", {"groups": groups})


@page("properties.new", Audience.AGENT, permissions=MANAGES, writes=True)
@once
def property_new(request: Any, subject: str) -> HttpResponse:
    """Add a property of organizations or of people."""
    if subject not in PropertySubject.values:
        raise NotThere
    form = PropertyForm(request.POST or None)
    address = reverse("properties.new", kwargs={"subject": subject})
    if request.method != "POST":
        return _ask_form(request, form, address)
    try:
        created = create_property(request.actor, subject, form.fields_to_save())
    except Refused as refused:
        show_problems(form, refused)
        return _ask_form(request, form, address, status=refused.status)
    undo_toast(request, _("%(name)s created.") % {"name": created.label})
    return go_to(request, reverse("properties.list"))


@page("properties.edit", Audience.AGENT, permissions=MANAGES, writes=True)
@once
def property_edit(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Change a property; its kind only while nothing has a value."""
    definition = _found(id)
    form = PropertyForm(request.POST or None, initial=values_of(definition))
    address = reverse("properties.edit", kwargs={"id": id})
    if request.method != "POST":
        return _ask_form(request, form, address, definition=definition)
    sent = request.POST.get("version", "")
    version = int(sent) if sent.isdecimal() and len(sent) < 10 else None
    try:
        saved = update_property(request.actor, id, form.fields_to_save(), version=version)
    except Stale as stale:
        form.add_error(None, _("Somebody changed this property meanwhile. Look at it again."))
        return _ask_form(request, form, address, definition=stale.current, status=409)
    except Refused as refused:
        show_problems(form, refused)
        return _ask_form(request, form, address, definition=definition, status=refused.status)
    tell = undo_toast if saved.version != definition.version else messages.success
    tell(request, _("%(name)s saved.") % {"name": saved.label})
    return go_to(request, reverse("properties.list"))


@page("properties.archive", Audience.AGENT, permissions=MANAGES, writes=True)
@once
def property_archive(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Take a property out of use, after saying that every value is kept."""
    definition = _found(id)
    if request.method != "POST":
        context = {"definition": definition, "count": values_count(definition)}
        return ask(request, "clients/properties/archive", context)
    archive_properties(request.actor, [id])
    undo_toast(request, _("%(name)s archived.") % {"name": definition.label})
    return go_to(request, reverse("properties.list"))


@page("properties.unarchive", Audience.AGENT, permissions=MANAGES, writes=True, methods=("POST",))
@once
def property_unarchive(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Bring a property back with its values."""
    definition = _found(id)
    unarchive_properties(request.actor, [id])
    undo_toast(request, _("%(name)s is back.") % {"name": definition.label})
    return go_to(request, reverse("properties.list"))


@page("properties.move", Audience.AGENT, permissions=MANAGES, writes=True, methods=("POST",))
def property_move(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Move a property one place up or down."""
    move_property(request.actor, id, by=-1 if request.POST.get("to") == "up" else 1)
    return go_to(request, reverse("properties.list"))


def _ask_form(
    request: Any,
    form: PropertyForm,
    address: str,
    *,
    definition: CustomProperty | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "definition": definition,
        "address": address,
        "title": _("Edit property") if definition else _("Add property"),
        "count": values_count(definition) if definition else 0,
    }
    return ask(request, "clients/properties/edit", context, status=status)


def _found(property_id: UUID) -> CustomProperty:
    definition: CustomProperty | None = CustomProperty.objects.filter(pk=property_id).first()
    if definition is None:
        raise NotThere
    return definition
