"""The page of likely duplicates, and its answer "Not a duplicate"."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.actions.merging import tell_apart
from portico.clients.actions.merging.duplicates import duplicate_organizations, duplicate_people
from portico.clients.choices import PropertySubject
from portico.kit.errors import NotThere
from portico.kit.form_tokens import once
from portico.kit.ids import parse_id
from portico.kit.policies import Audience, page
from portico.ui.pages import render
from portico.ui.toasts import undo_toast
from portico.workspaces.choices import Permission


@page("duplicates.list", Audience.AGENT, permissions=(Permission.VIEW_CLIENTS,))
def duplicate_list(request: Any) -> HttpResponse:
    """Pairs that are likely one record, with the reason and the way to merge them."""
    actor = request.actor
    may_delete = actor.may(Permission.DELETE_CLIENTS)
    may_manage = actor.may(Permission.MANAGE_CLIENT_ORGANIZATIONS)
    context = {
        "organizations": duplicate_organizations(actor),
        "people": duplicate_people(actor),
        "may_merge_organizations": may_delete and may_manage,
        "may_merge_people": may_delete and actor.may(Permission.EDIT_CLIENTS),
        "may_part_organizations": may_manage,
        "may_part_people": actor.may(Permission.EDIT_CLIENTS),
    }
    return render(request, "clients/duplicates.html", context)


@page(
    "organizations.tell_apart",
    Audience.AGENT,
    permissions=(Permission.VIEW_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS),
    writes=True,
    methods=("POST",),
)
@once
def organization_tell_apart(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Say that this organization and the other one are two."""
    return _tell_apart(request, PropertySubject.ORGANIZATION, id)


@page(
    "people.tell_apart",
    Audience.AGENT,
    permissions=(Permission.VIEW_CLIENTS, Permission.EDIT_CLIENTS),
    writes=True,
    methods=("POST",),
)
@once
def person_tell_apart(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Say that this person and the other one are two."""
    return _tell_apart(request, PropertySubject.PERSON, id)


def _tell_apart(request: Any, subject: PropertySubject, key: UUID) -> HttpResponse:
    other_id = parse_id(request.POST.get("other", ""))
    if other_id is None:
        raise NotThere
    tell_apart(request.actor, subject, key, other_id=other_id)
    undo_toast(request, _("These two are not proposed again."))
    return HttpResponseRedirect(reverse("duplicates.list"))
