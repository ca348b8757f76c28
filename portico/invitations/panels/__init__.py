"""Pieces of screens below that invitations fill."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.clients.actions.merging import MergePart, add_merge_part
from portico.clients.choices import PropertySubject
from portico.clients.models import Organization, Person
from portico.clients.panels import (
    FormSection,
    Mark,
    PersonPanel,
    RowMark,
    add_form_section,
    add_person_panel,
    add_row_mark,
)
from portico.clients.panels.new_organizations import Followed, FollowingField, add_following_field
from portico.clients.panels.row_acts import (
    OrganizationLink,
    RowAct,
    RowActs,
    add_organization_link,
    add_row_acts,
)
from portico.history.querysets import add_related_subjects
from portico.history.reports import EventWords, add_event_words, add_field_labels
from portico.invitations.actions.addresses import invite_addresses, result_of
from portico.invitations.actions.inviting import invite_person
from portico.invitations.choices import Delivery, InvitationState
from portico.invitations.models import Invitation
from portico.invitations.reports import (
    delivery_of,
    invitations_told_with,
    is_for_another_address,
    latest_invitations,
    not_sent,
    organization_to_join,
    pending_invitation,
    way_to_links,
)
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.kit.ids import parse_id
from portico.kit.routes import address_of
from portico.kit.signatures import recipients_in
from portico.kit.tenancy.scope import current_scope
from portico.ui.words import say
from portico.workspaces.choices import Permission, Preset, RoleKind
from portico.workspaces.models import Role
from portico.workspaces.panels import HomePanel, TeamTab, add_home_panel, add_team_tab

NAME = "invitation"
FIELD_ROLE = "invitation_role"
FIRST_ADDRESS = "invitation_address"
SHOWN_ON_HOME = 5
_A_YEAR = 365 * 24 * 3600


def client_role_choices() -> list[tuple[str, str]]:
    """The client roles an invitation may carry; none where the workspace decides alone."""
    if not current_scope().settings["role_in_invitation"]:
        return []
    roles = Role.objects.filter(kind=RoleKind.CLIENT).order_by("name")
    return [(str(role.pk), role.name) for role in roles]


def status_of(invitation: Invitation) -> Mark:
    """Where an invitation stands, as a mark with its word."""
    if invitation.state_at(timezone.now()) == InvitationState.EXPIRED:
        return Mark(word=_("Invitation ended"), shape="ring")
    is_void = invitation.state == InvitationState.CANCELLED
    if is_void or is_for_another_address(invitation, invitation.user):
        return Mark(word=_("Address changed"), tone="warn", shape="half")
    return _MARKS[delivery_of(invitation).state]()


_MARKS = {
    Delivery.SENT: lambda: Mark(word=_("Invited"), tone="info", shape="dashed"),
    Delivery.QUEUED: lambda: Mark(word=_("Being sent"), tone="info", shape="half"),
    Delivery.UNDELIVERED: lambda: Mark(word=_("Not delivered"), tone="bad"),
    Delivery.NOT_SENT: lambda: Mark(word=_("Not sent"), tone="warn", shape="half"),
}


def row_of(actor: Actor, invitation: Invitation) -> dict[str, Any]:
    """What a row or card of an invitation shows; the caller has loaded what it points to."""
    return {
        "invitation": invitation,
        "mark": status_of(invitation),
        "delivery": delivery_of(invitation),
        "is_expired": invitation.state_at(timezone.now()) == InvitationState.EXPIRED,
        "roles": _role_names(invitation),
        "may_send": may_send(actor, invitation),
    }


def _role_names(invitation: Invitation) -> list[str]:
    """The roles it gives; asked only of one that gives any."""
    return [given.role.name for given in invitation.roles.all()] if invitation.role_count else []


def may_send(actor: Actor, invitation: Invitation) -> bool:
    """Whether Resend, Copy link and Cancel are offered; the actions ask again."""
    if not invitation.is_for_agent:
        return actor.may_any(Permission.CREATE_CLIENTS, Permission.EDIT_CLIENTS)
    codes = {code for given in invitation.roles.all() for code in given.role.permissions}
    return actor.may(Permission.MANAGE_TEAM, *codes)


def section_context(
    actor: Actor, _organization_id: UUID | None, data: QueryDict | None
) -> Mapping[str, Any] | None:
    """The tick box "Send invitation" with its last value, and the role where it may be chosen."""
    if not actor.may(Permission.CREATE_CLIENTS):
        return None
    # Where the way in is called "Invite User", whoever takes it first means to invite.
    usual = current_scope().preset == Preset.PARTNER
    last = cache.get(_last_tick_key(actor))
    is_ticked = (usual if last is None else bool(last)) if data is None else NAME in data
    return {
        "name": NAME,
        "is_ticked": is_ticked,
        "role_name": FIELD_ROLE,
        "roles": client_role_choices(),
        "role": data.get(FIELD_ROLE, "") if data is not None else "",
        "default_role": current_scope().settings["default_client_role"] or _("No role"),
    }


def send_from_form(
    actor: Actor, person: Person, *, organization_id: UUID | None, data: QueryDict
) -> str:
    """When the box is ticked, invite in the transaction that creates the person (S2.13)."""
    is_ticked = NAME in data
    cache.set(_last_tick_key(actor), is_ticked, _A_YEAR)
    if not is_ticked:
        return ""
    role_id = parse_id(data.get(FIELD_ROLE, ""))
    if data.get(FIELD_ROLE) and role_id is None:
        raise Refused("role_unknown", _("Choose one of the roles listed."), field=FIELD_ROLE)
    invite_person(
        actor,
        person.pk,
        organization_id=organization_id,
        role_ids=[role_id] if role_id is not None else [],
    )
    return _sent_to([person.email])


def invite_first(actor: Actor, organization: Organization, text: str) -> Followed:
    """Invite who is to manage a new organization; their role is given later (S4.19)."""
    try:
        done = invite_addresses(actor, organization.pk, recipients_in(text))
    except Refused as refused:
        raise Refused(refused.code, refused.detail, field=FIRST_ADDRESS) from refused
    if done.others:
        told = _truly(result_of(done, organization, role=""))
    else:
        told = _sent_to([invitation.address for invitation in done.invitations])
    return Followed(text=told, links=way_to_links())


def _sent_to(addresses: Sequence[str]) -> str:
    """Where invitations went, or that they could not go anywhere."""
    return not_sent() or _("Invitation sent to %(names)s.") % {"names": ", ".join(addresses)}


def _truly(done: str) -> str:
    """What was done, and that nothing went out where nothing can."""
    return " ".join(filter(None, [done, not_sent()]))


def _last_tick_key(actor: Actor) -> str:
    return f"invitations.tick:{actor.workspace_id}:{actor.user_id}"


def person_context(actor: Actor, person: Person) -> Mapping[str, Any] | None:
    """The card above a person's page: their pending invitation, or how to send one."""
    invitation = pending_invitation(person)
    back = reverse("people.show", kwargs={"id": person.pk})
    if invitation is not None:
        return {**row_of(actor, invitation), "back": back}
    is_out = person.is_disabled or person.archived_at is not None or not person.email
    if person.has_usable_password() or is_out or not actor.may(Permission.CREATE_CLIENTS):
        return None
    return {
        "invitation": None,
        "person": person,
        "organization_id": organization_to_join(person),
        "has_roles": current_scope().settings["role_in_invitation"],
    }


def row_marks(actor: Actor, people: Sequence[Person]) -> Mapping[UUID, Mark]:
    """Which of these people were invited and have not joined.

    One person alone stands on their own page, which asks for their invitations anyway.
    """
    if len(people) == 1:
        invitation = pending_invitation(people[0])
        return {} if invitation is None else {people[0].pk: status_of(invitation)}
    pending = latest_invitations(actor, people)
    return {key: status_of(invitation) for key, invitation in pending.items()}


def row_acts(actor: Actor, people: Sequence[Person]) -> Mapping[UUID, Sequence[RowAct]]:
    """Resend and Cancel at who was invited and has not joined."""
    pending = latest_invitations(actor, people)
    label, title = _("Resend"), _("Resend the invitation of %(name)s")
    return {
        key: (
            RowAct(
                label=label,
                title=title % {"name": row.user.display_name},
                url=address_of("invitations.resend", row.pk),
            ),
            *_cancelling(row),
        )
        for key, row in pending.items()
        if may_send(actor, row)
    }


def _cancelling(invitation: Invitation) -> tuple[RowAct, ...]:
    """Nothing is left to cancel of one that a change of the address ended."""
    if invitation.state != InvitationState.PENDING:
        return ()
    return (
        RowAct(
            label=_("Cancel"),
            title=_("Cancel the invitation of %(name)s") % {"name": invitation.user.display_name},
            url=address_of("invitations.cancel", invitation.pk),
        ),
    )


def home_context(actor: Actor) -> Mapping[str, Any] | None:
    """The invitations that wait longest for an answer; None when none waits."""
    rows = Invitation.objects.visible_to(actor).pending().filter(user__kind="person")
    oldest = rows.select_related("user", "organization", "invited_by", "mail").order_by("id")
    oldest = oldest.prefetch_related("roles__role")
    shown = [row_of(actor, invitation) for invitation in oldest[: SHOWN_ON_HOME + 1]]
    if not shown:
        return None
    return {"rows": shown[:SHOWN_ON_HOME], "has_more": len(shown) > SHOWN_ON_HOME}


def _cancelled_many(n: int) -> str:
    text = ngettext("cancelled %(n)s invitation", "cancelled %(n)s invitations", n)
    return text % {"n": f"{n:,}"}


_TOLD = {
    "invitation.sent": (
        lambda: _("sent the invitation"),
        lambda name: _("sent the invitation to %(name)s") % {"name": name},
    ),
    "invitation.resent": (
        lambda: _("sent the invitation again"),
        lambda name: _("sent the invitation to %(name)s again") % {"name": name},
    ),
    "invitation.cancelled": (
        lambda: _("cancelled the invitation"),
        lambda name: _("cancelled the invitation to %(name)s") % {"name": name},
    ),
    "invitation.accepted": (
        lambda: _("accepted the invitation"),
        lambda name: _("accepted the invitation to %(name)s") % {"name": name},
    ),
    "invitation.link_copied": (
        lambda: _("copied the link of the invitation"),
        lambda name: _("copied the link of the invitation to %(name)s") % {"name": name},
    ),
}
_TOLD["invitation.moved"] = (
    lambda: say("let the invitation follow to another organization"),
    lambda name: say("let the invitation of %(name)s follow to another organization", name=name),
)
_MANY = {"invitation.cancelled": _cancelled_many}
for _kind, (_own, _other) in _TOLD.items():
    add_event_words(_kind, EventWords(own=_own, other=_other, many=_MANY.get(_kind)))
add_field_labels("invitation", {"organization": lambda: say("Organization")})
add_related_subjects(invitations_told_with)
add_form_section(
    FormSection(
        name=NAME,
        template="invitations/panels/form_section.html",
        context=section_context,
        action=lambda actor, person, organization_id, data: send_from_form(
            actor, person, organization_id=organization_id, data=data
        ),
    )
)
add_person_panel(
    PersonPanel(name=NAME, template="invitations/panels/person_card.html", context=person_context)
)
add_row_mark(RowMark(name=NAME, marks=row_marks))
add_row_acts(RowActs(narrowed_by=NAME, acts=row_acts))
add_following_field(
    FollowingField(
        name=FIRST_ADDRESS,
        label=lambda: say("E-mail of the first person"),
        hint=lambda: _("Gets an invitation right after saving."),
        is_for=lambda actor: (
            current_scope().preset == Preset.PARTNER and actor.may(Permission.CREATE_CLIENTS)
        ),
        action=invite_first,
    )
)
add_organization_link(
    OrganizationLink(
        view="organizations.invite",
        label=lambda: _("Invite"),
        title=lambda name: _("Invite to %(name)s") % {"name": name},
        permission=Permission.CREATE_CLIENTS,
    )
)
add_home_panel(
    HomePanel(
        permission=Permission.VIEW_CLIENTS,
        template="invitations/panels/home.html",
        context=home_context,
        place=30,
    )
)
add_team_tab(
    TeamTab(
        view="invitations.list",
        label=lambda: _("Invitations"),
        any_of=(Permission.VIEW_CLIENTS, Permission.MANAGE_TEAM),
        place=20,
    )
)
for _subject, _column, _same in (
    (PropertySubject.ORGANIZATION, "organization_id", "user_id"),
    (PropertySubject.PERSON, "user_id", "organization_id"),
):
    add_merge_part(
        MergePart(
            subject=_subject,
            name="invitations",
            model=Invitation,
            column=_column,
            same=(_same,),
            among=Q(state=InvitationState.PENDING),
            settle={"state": InvitationState.CANCELLED, "is_unanswered": False},
            label=lambda n: ngettext("%(n)s invitation", "%(n)s invitations", n) % {"n": f"{n:,}"},
        )
    )
