"""The role cell of lists of people: one press makes somebody Admin (ui.md 2.4, S4.23)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.actions.memberships import update_membership
from portico.clients.forms.memberships import role_choices, roles_in
from portico.clients.models import Membership
from portico.clients.views.answers import cell_saved
from portico.clients.views.columns import ROLES
from portico.clients.views.memberships import find_membership, sent_version
from portico.kit.errors import NotThere, Refused, Stale
from portico.kit.ids import parse_id
from portico.kit.tenancy.scope import current_scope
from portico.ui.pages import render
from portico.ui.toasts import UNDO_VIEW, undo_toast
from portico.workspaces.choices import Preset
from portico.workspaces.models import Role


def role_field(request: Any, person_id: UUID) -> HttpResponse:
    """The small form of the roles that a person holds, and its saving.

    With `organization` in the address it is about that organization, with `membership` about that
    membership (what the form sends back), else about the first one.
    """
    membership = _membership_meant(request, person_id)
    if request.method == "POST":
        return _save(request, membership)
    if not request.htmx:
        return HttpResponseRedirect(reverse("memberships.edit", kwargs={"id": membership.pk}))
    return _form(request, membership)


def roles_told(membership: Membership, after: Sequence[Role]) -> str:
    """Which roles somebody holds now, in a sentence."""
    place = str(membership.organization or current_scope().name)
    names = {"name": membership.person.display_name, "place": place}
    if not after:
        return _("%(name)s has no role in %(place)s any more.") % names
    names["roles"] = ", ".join(role.name for role in after)
    return _("%(name)s is now %(roles)s in %(place)s.") % names


def _save(request: Any, membership: Membership) -> HttpResponse:
    chosen = roles_in(request.POST)
    if not chosen and _takes_one(membership):
        return _form(request, membership, problem=_("Choose one of the roles listed."))
    try:
        saved = update_membership(
            request.actor, membership.pk, role_ids=chosen, version=sent_version(request)
        )
    except Stale:
        present = find_membership(request, membership.pk)
        text = _("Somebody changed the roles meanwhile. These are the present ones.")
        return _form(request, present, problem=text)
    except Refused as refused:
        return _form(request, membership, problem=refused.detail)
    has_changed = saved.version != membership.version
    text = roles_told(membership, _roles_of(saved)) if has_changed else ""
    if not request.htmx:
        if text:
            undo_toast(request, text)
        return HttpResponseRedirect(reverse("people.show", kwargs={"id": membership.person_id}))
    undo_url = reverse(UNDO_VIEW, kwargs={"id": request.actor.act_id}) if has_changed else None
    return cell_saved(membership.person, ROLES, text=text, undo_url=undo_url)


def _form(request: Any, membership: Membership, *, problem: str = "") -> HttpResponse:
    """One press per role where one is held; where several may be, a field for all of them."""
    if not request.htmx:
        return HttpResponseRedirect(reverse("memberships.edit", kwargs={"id": membership.pk}))
    field_url = reverse("people.field", kwargs={"id": membership.person_id, "field": ROLES})
    context = {
        "membership": membership,
        "person": membership.person,
        "place": membership.organization or current_scope().name,
        "roles": role_choices([role.pk for role in _roles_of(membership)]),
        "takes_one": _takes_one(membership),
        "problem": problem,
        "field_url": f"{field_url}?membership={membership.pk}",
    }
    return render(request, "clients/memberships/role_cell.html", context)


def _takes_one(membership: Membership) -> bool:
    """Whether a press on a role replaces the one that is held, as partners know it (S4.23)."""
    is_partner = current_scope().preset == Preset.PARTNER
    return is_partner and len(_roles_of(membership)) < 2


def _roles_of(membership: Membership) -> list[Role]:
    given = membership.role_assignments.select_related("role").order_by("role__name")
    return [row.role for row in given]


def _membership_meant(request: Any, person_id: UUID) -> Membership:
    rows = Membership.objects.visible_to(request.actor).filter(person_id=person_id)
    membership_id = parse_id(request.GET.get("membership", ""))
    if membership_id is not None:
        rows = rows.filter(pk=membership_id)
    organization_id = parse_id(request.GET.get("organization", ""))
    if organization_id is not None:
        rows = rows.filter(organization_id=organization_id)
    found = rows.order_by("-is_primary", "pk").values_list("pk", flat=True).first()
    if found is None:
        raise NotThere
    return find_membership(request, found)
