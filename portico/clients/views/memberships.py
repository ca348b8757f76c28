"""How people belong to organizations: add, change, make primary, remove, move."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.actions.memberships import (
    add_membership,
    move_person,
    remove_membership,
    update_membership,
)
from portico.clients.filters import PersonFilter
from portico.clients.forms.memberships import GOES, MembershipForm, role_choices
from portico.clients.forms.people import OFFERED, offered_organizations
from portico.clients.forms.problems import show_problems
from portico.clients.models import Membership, Person
from portico.clients.views.answers import ask, go_to
from portico.clients.views.organizations import find_organization
from portico.clients.views.people import find_person
from portico.kit.errors import NotThere, Refused, Stale
from portico.kit.form_tokens import once
from portico.kit.policies import Audience, page
from portico.ui.toasts import undo_toast
from portico.ui.words import say
from portico.workspaces.choices import Permission

EDIT = (Permission.VIEW_CLIENTS, Permission.EDIT_CLIENTS)
TEMPLATE = "clients/memberships/form"


@page("memberships.new", Audience.AGENT, permissions=EDIT, writes=True)
@once
def membership_new(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Let this person belong to one more organization."""
    person = find_person(request.actor, id)
    form = MembershipForm(request.POST or None, chooses="organization")
    back = reverse("people.show", kwargs={"id": id})
    shown: dict[str, Any] = {
        "title": say("Add to an organization"),
        "verb": _("Add"),
        "organizations": offered_organizations(request.actor, form.data.get("organization", "")),
    }
    if request.method != "POST":
        return _ask(request, form, person=person, back=back, **shown)
    try:
        organization_id = _chosen(form, "organization")
        added = add_membership(request.actor, id, organization_id, role_ids=form.role_ids)
    except Refused as refused:
        return _ask(request, form, person=person, back=back, refused=refused, **shown)
    names = {"name": person.display_name, "organization": added.organization}
    undo_toast(request, _("%(name)s now belongs to %(organization)s.") % names)
    return go_to(request, back)


@page("organizations.add_person", Audience.AGENT, permissions=EDIT, writes=True)
@once
def organization_add_person(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Let somebody who is there already belong to this organization, too."""
    organization = find_organization(request.actor, id)
    form = MembershipForm(request.POST or None, chooses="person")
    back = reverse("organizations.people", kwargs={"id": id})
    shown: dict[str, Any] = {
        "title": say("Add an existing person"),
        "verb": _("Add"),
        "people": _offered_people(request.actor, form.chosen("person")),
    }
    if request.method != "POST":
        return _ask(request, form, organization=organization, back=back, **shown)
    try:
        person_id = _chosen(form, "person")
        add_membership(request.actor, person_id, id, role_ids=form.role_ids)
    except Refused as refused:
        shown |= {"organization": organization, "back": back}
        return _ask(request, form, refused=refused, **shown)
    names = {"name": find_person(request.actor, person_id), "organization": organization}
    undo_toast(request, _("%(name)s now belongs to %(organization)s.") % names)
    return go_to(request, back)


@page("memberships.edit", Audience.AGENT, permissions=EDIT, writes=True)
@once
def membership_edit(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Choose the client roles that somebody holds in an organization."""
    membership = find_membership(request, id)
    person = membership.person
    form = MembershipForm(request.POST or None)
    back = reverse("people.show", kwargs={"id": person.pk})
    place = membership.organization or say("the workspace itself")
    shown: dict[str, Any] = {
        "title": _("Roles at %(name)s") % {"name": place},
        "verb": _("Save"),
        "version": membership.version,
        "held": [given.role_id for given in membership.role_assignments.all()],
    }
    if request.method != "POST":
        return _ask(request, form, person=person, back=back, **shown)
    try:
        saved = update_membership(
            request.actor, id, role_ids=form.role_ids, version=sent_version(request)
        )
    except Stale:
        text = _("Somebody changed the roles meanwhile. These are the present ones.")
        problem = Refused("stale", text, status=409)
        shown["is_stale"] = True
        return _ask(request, form, person=person, back=back, refused=problem, **shown)
    except Refused as refused:
        return _ask(request, form, person=person, back=back, refused=refused, **shown)
    if saved.version != membership.version:
        undo_toast(request, _("Roles of %(name)s saved.") % {"name": person.display_name})
    return go_to(request, back)


@page("memberships.primary", Audience.AGENT, permissions=EDIT, writes=True, methods=("POST",))
def membership_primary(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Make this the organization that somebody sees first."""
    membership = find_membership(request, id)
    saved = update_membership(request.actor, id, is_primary=True)
    if saved.version != membership.version:
        names = {"name": membership.person, "organization": membership.organization}
        undo_toast(request, _("%(organization)s is now primary for %(name)s.") % names)
    return go_to(request, reverse("people.show", kwargs={"id": membership.person_id}))


@page("memberships.remove", Audience.AGENT, permissions=EDIT, writes=True)
@once
def membership_remove(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Say what happens, then end a membership."""
    membership = find_membership(request, id)
    back = reverse("people.show", kwargs={"id": membership.person_id})
    context = {"membership": membership, "person": membership.person, "back": back}
    if request.method != "POST":
        return ask(request, "clients/memberships/remove", context)
    try:
        remove_membership(request.actor, id)
    except Refused as refused:
        context["problem"] = refused.detail
        return ask(request, "clients/memberships/remove", context, status=refused.status)
    names = {"name": membership.person, "organization": membership.organization or ""}
    undo_toast(request, _("%(name)s removed from %(organization)s.") % names)
    return go_to(request, back)


@page("people.move", Audience.AGENT, permissions=EDIT, writes=True)
@once
def person_move(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Move somebody to another organization, with the question what happens to the past."""
    person = find_person(request.actor, id)
    memberships = list(_with_roles().filter(person_id=id).order_by("-is_primary", "pk"))
    if not memberships:
        raise NotThere
    left = _left(memberships, request.POST.get("from") or request.GET.get("from", ""))
    form = MembershipForm(request.POST or None, chooses="organization")
    back = reverse("people.show", kwargs={"id": id})
    shown: dict[str, Any] = {
        "title": say("Move to another organization"),
        "verb": _("Move"),
        "organizations": offered_organizations(request.actor, form.data.get("organization", "")),
        "left": left,
        "past": request.POST.get("past", "stays"),
        "held": [given.role_id for given in left.role_assignments.all()],
    }
    if request.method != "POST":
        return _ask(request, form, person=person, back=back, **shown)
    try:
        moved = move_person(
            request.actor,
            id,
            _chosen(form, "organization"),
            from_organization_id=left.organization_id,
            role_ids=form.role_ids,
            keep_past=request.POST.get("past") != GOES,
        )
    except Refused as refused:
        return _ask(request, form, person=person, back=back, refused=refused, **shown)
    names = {"name": person.display_name, "organization": moved.organization}
    undo_toast(request, _("%(name)s moved to %(organization)s.") % names)
    return go_to(request, back)


@page("people.choices", Audience.AGENT, permissions=(Permission.VIEW_CLIENTS,))
def person_choices(request: Any) -> HttpResponse:
    """People for the searchable field of a form."""
    text = PersonFilter.read(request.GET, me=request.actor.user_id).text
    rows = Person.objects.visible_to(request.actor).active().search(text)
    found = rows.order_by("name_key", "pk").values_list("pk", "name", "email")[:OFFERED]
    answer = [
        {"value": str(pk), "label": name or email, "hint": email if name else ""}
        for pk, name, email in found
    ]
    return JsonResponse(answer, safe=False)


def find_membership(request: Any, membership_id: UUID) -> Membership:
    """The membership with its person, organization and roles, or NotThere."""
    rows = _with_roles().visible_to(request.actor).filter(pk=membership_id)
    found: Membership | None = rows.first()
    if found is None:
        raise NotThere
    return found


def _with_roles() -> Any:
    rows = Membership.objects.select_related("person", "organization")
    return rows.prefetch_related("role_assignments__role")


def _left(memberships: list[Membership], chosen: str) -> Membership:
    """The membership that is left: the named one, else the primary."""
    named = (row for row in memberships if str(row.organization_id) == chosen)
    return next(named, memberships[0])


def _chosen(form: MembershipForm, name: str) -> UUID:
    key = form.chosen(name)
    if key is None:
        texts = {"organization": say("Choose an organization."), "person": say("Choose a person.")}
        raise Refused("required", texts[name], field=name)
    return key


def _offered_people(actor: Any, chosen: UUID | None) -> list[tuple[str, str]]:
    """The person already chosen; others are found while typing."""
    rows = Person.objects.visible_to(actor).active()
    first = list(rows.order_by("name_key", "pk")[:OFFERED])
    if chosen is not None and chosen not in {row.pk for row in first}:
        first += list(rows.filter(pk=chosen))
    return [(str(row.pk), row.display_name) for row in first]


def _ask(
    request: Any, form: MembershipForm, *, refused: Refused | None = None, **shown: Any
) -> HttpResponse:
    if refused is not None and request.method == "POST":
        show_problems(form, refused)
    is_first = request.method != "POST" or shown.get("is_stale")
    held = shown.pop("held", ()) if is_first else form.role_ids
    context = {
        "form": form,
        "roles": role_choices(held),
        "action": request.get_full_path(),
        **shown,
    }
    return ask(request, TEMPLATE, context, status=refused.status if refused else 200)


def sent_version(request: Any) -> int | None:
    """The version a form was opened at; None without one."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else None
