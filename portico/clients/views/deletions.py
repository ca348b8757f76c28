"""Delete an organization for good; explain what "delete" means for a person."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.actions.organizations import CONFIRMATION_WORD, delete_organization
from portico.clients.guards import deletion_blockers
from portico.clients.models import Organization, Person
from portico.clients.views.answers import ask, go_to
from portico.clients.views.organizations import find_organization
from portico.clients.views.people import find_person
from portico.clients.views.states import ORGANIZATION_STATES, PERSON_STATES
from portico.kit.errors import Refused
from portico.kit.form_tokens import once
from portico.kit.policies import Audience, page
from portico.ui.words import say_n
from portico.workspaces.choices import Permission


@page("organizations.delete", Audience.AGENT, permissions=ORGANIZATION_STATES, writes=True)
@once
def organization_delete(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Say what goes and what stays, then delete after DELETE was typed (S1.12 to S1.14)."""
    organization = find_organization(request.actor, id)
    if request.method != "POST":
        return _ask(request, organization)
    word = request.POST.get("word", "")
    try:
        delete_organization(request.actor, id, confirmation=word)
    except Refused as refused:
        return _ask(request, organization, refused=refused)
    messages.success(request, _("%(name)s deleted permanently.") % {"name": organization.name})
    return go_to(request, reverse("organizations.list"))


@page("people.delete", Audience.AGENT, permissions=PERSON_STATES)
def person_delete(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Nobody is deleted: offer what is meant instead, Archive or Disable (S2.26, X2)."""
    person = find_person(request.actor, id)
    context = {"person": person, "may_edit": request.actor.may(Permission.EDIT_CLIENTS)}
    return ask(request, "clients/people/delete", context)


def _ask(
    request: Any, organization: Organization, *, refused: Refused | None = None
) -> HttpResponse:
    context = {
        "organization": organization,
        "word": CONFIRMATION_WORD,
        "typed": request.POST.get("word", ""),
        "blockers": deletion_blockers(organization),
        "consequences": _consequences(organization),
        "errors": [refused.detail] if refused and refused.field else [],
    }
    status = refused.status if refused else 200
    return ask(request, "clients/organizations/delete", context, status=status)


def _consequences(organization: Organization) -> list[tuple[str, str]]:
    people = Person.objects.active().of_organization(organization.pk)
    leaving = people.without_other_open_membership([organization.pk]).count()
    staying = people.count() - leaving
    rows = [(_("Deleted"), organization.name)]
    if leaving:
        text = say_n(
            "%(n)s person with no other organization",
            "%(n)s people with no other organization",
            leaving,
        )
        rows.append((_("Archived"), text))
    if staying:
        text = say_n(
            "%(n)s person who belongs elsewhere, too",
            "%(n)s people who belong elsewhere, too",
            staying,
        )
        rows.append((_("Kept"), text))
    rows.append((_("Kept with the name"), _("All history")))
    return rows
