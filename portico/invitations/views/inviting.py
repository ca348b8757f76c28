"""Invite a colleague, or a person from their page."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.models import Membership, Organization, Person
from portico.invitations.actions.inviting import invite_agent, invite_person
from portico.invitations.forms import (
    InviteAgentForm,
    InvitePersonForm,
    giveable_roles,
    show_problems,
)
from portico.invitations.panels import client_role_choices
from portico.kit.errors import NotThere, Refused
from portico.kit.form_tokens import once
from portico.kit.policies import Audience, page
from portico.kit.tenancy.scope import current_scope
from portico.ui.pages import render
from portico.workspaces.choices import Permission

MOST_OFFERED = 200


@page("agents.invite", Audience.AGENT, permissions=(Permission.MANAGE_TEAM,), writes=True)
@once
def agent_invite(request: Any) -> HttpResponse:
    """Add a colleague and send the invitation."""
    roles = giveable_roles(request.actor.permissions)
    if request.method != "POST":
        return _agent_page(request, InviteAgentForm(roles=roles))
    form = InviteAgentForm(request.POST, roles=roles)
    if not form.is_valid():
        return _agent_page(request, form, status=422)
    try:
        invite_agent(
            request.actor,
            form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            role_ids=form.role_ids(),
            licence=form.cleaned_data["licence"],
        )
    except Refused as refused:
        show_problems(form, refused)
        return _agent_page(request, form, status=refused.status)
    return HttpResponseRedirect(f"{reverse('invitations.list')}?of=agents&done=sent")


@page("people.invite", Audience.AGENT, permissions=(Permission.CREATE_CLIENTS,), writes=True)
@once
def person_invite(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Send an invitation to somebody who is there already (S2.24)."""
    person = Person.objects.visible_to(request.actor).filter(pk=id).first()
    if person is None:
        raise NotThere
    offered = {"organizations": _offered(person), "roles": client_role_choices()}
    if request.method != "POST":
        return _person_page(request, person, InvitePersonForm(**offered))
    form = InvitePersonForm(request.POST, **offered)
    if not form.is_valid():
        return _person_page(request, person, form, status=422)
    try:
        invite_person(
            request.actor,
            person.pk,
            organization_id=form.organization_id(),
            role_ids=form.role_ids(),
        )
    except Refused as refused:
        show_problems(form, refused)
        return _person_page(request, person, form, status=refused.status)
    return HttpResponseRedirect(reverse("people.show", kwargs={"id": person.pk}))


def _agent_page(request: Any, form: InviteAgentForm, *, status: int = 200) -> HttpResponse:
    chosen = form["roles"].value() or []
    context = {"form": form, "chosen": [str(key) for key in chosen]}
    return render(request, "invitations/invite_agent.html", context, status=status)


def _person_page(
    request: Any, person: Person, form: InvitePersonForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "person": person,
        "has_roles": current_scope().settings["role_in_invitation"],
        "default_role": current_scope().settings["default_client_role"] or _("No role"),
    }
    return render(request, "invitations/invite_person.html", context, status=status)


def _offered(person: Person) -> list[tuple[str, str]]:
    """Who has not joined: their own organizations; who has: the other ones that are open."""
    own = Membership.objects.filter(person_id=person.pk).order_by("-is_primary", "id")
    if person.has_usable_password():
        joined = own.filter(organization__isnull=False).values("organization_id")
        others = Organization.objects.assignable().exclude(pk__in=joined)
        names = others.order_by("name_key").values_list("pk", "name")[:MOST_OFFERED]
        return [(str(key), name) for key, name in names]
    names = own.values_list("organization_id", "organization__name")
    offered = [(str(key), name) if key else ("", _("None")) for key, name in names]
    return offered or [("", _("None"))]
