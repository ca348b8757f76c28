"""Delete an organization for good; explain what "delete" means for a person."""

import hashlib
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.clients.actions.organizations import CONFIRMATION_WORD, delete_organization
from portico.clients.guards import deletion_blockers
from portico.clients.models import Location, Organization, Person
from portico.clients.views.answers import ask, go_to
from portico.clients.views.organizations import find_organization
from portico.clients.views.people import find_person
from portico.clients.views.states import ORGANIZATION_STATES, PERSON_STATES
from portico.kit.errors import Refused
from portico.kit.form_tokens import once
from portico.kit.policies import Audience, page
from portico.ui.words import say_n
from portico.workspaces.choices import Permission

SEEN_LENGTH = 16


@page("organizations.delete", Audience.AGENT, permissions=ORGANIZATION_STATES, writes=True)
@once
def organization_delete(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Say what goes and what stays, then delete after DELETE was typed (S1.12 to S1.14)."""
    organization = find_organization(request.actor, id)
    if request.method != "POST":
        return _ask(request, organization)
    word = request.POST.get("word", "")
    if request.POST.get("seen", "") not in {"", _seen_now(organization)}:
        return _ask(request, organization, is_another=True)
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
    request: Any,
    organization: Organization,
    *,
    refused: Refused | None = None,
    is_another: bool = False,
) -> HttpResponse:
    consequences = _consequences(organization)
    context = {
        "organization": organization,
        "word": CONFIRMATION_WORD,
        "typed": request.POST.get("word", ""),
        "blockers": deletion_blockers(organization),
        "consequences": consequences,
        "seen": _seen(organization, consequences),
        "is_another": is_another,
        "errors": [refused.detail] if refused and refused.field else [],
    }
    status = refused.status if refused else 409 if is_another else 200
    return ask(request, "clients/organizations/delete", context, status=status)


def _seen_now(organization: Organization) -> str:
    return _seen(organization, _consequences(organization))


def _seen(organization: Organization, consequences: list[tuple[str, str]]) -> str:
    """What the question told: nothing goes for good that its reader did not read (case 30)."""
    told = [str(organization.version), *(text for _label, text in consequences)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:SEEN_LENGTH]


def _consequences(organization: Organization) -> list[tuple[str, str]]:
    people = Person.objects.active().of_organization(organization.pk)
    leaving = people.without_other_open_membership([organization.pk]).count()
    staying = people.count() - leaving
    rows = [(_("Deleted"), _with_locations(organization))]
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


def _with_locations(organization: Organization) -> str:
    """The name, and how many locations go with it, closed ones too."""
    count = Location.objects.filter(organization=organization).count()
    if not count:
        return organization.name
    locations = ngettext("%(n)s location", "%(n)s locations", count) % {"n": f"{count:,}"}
    return f"{organization.name}, {locations}"
