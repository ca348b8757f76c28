"""What a link leads to, how its mail stands, and what keeps an invitation from being accepted."""

import datetime
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portico.accounts.choices import Licence
from portico.accounts.models import User
from portico.clients.choices import MembershipStatus
from portico.clients.models import Organization, Person
from portico.clients.reports import belongings_of
from portico.invitations.choices import Delivery, InvitationState, LinkState
from portico.invitations.links import is_genuine, parts_of
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.kit.addresses import email_key
from portico.kit.dates import today_in
from portico.kit.prepared import IsAmong, Prepared, Slot, prepared
from portico.kit.tenancy.scope import current_scope
from portico.notifications.choices import MailState
from portico.notifications.reports import mail_server
from portico.workspaces.choices import RoleKind
from portico.workspaces.models import Plan, Role


@dataclass(frozen=True)
class LinkStanding:
    """What a link leads to; `reason` is the sentence for one that is closed for now."""

    state: LinkState
    invitation: Invitation | None = None
    reason: str = ""


@dataclass(frozen=True)
class DeliveryStanding:
    """How the mail of an invitation stands; `reason` says why it was not delivered."""

    state: Delivery
    reason: str = ""
    is_tried_again: bool = False


def standing_of_link(token: str) -> LinkStanding:
    """What this token leads to now. A forged one and one of another workspace are both unknown."""
    parts = parts_of(token)
    if parts is None:
        return LinkStanding(LinkState.UNKNOWN)
    rows = Invitation.objects.select_related("user", "organization", "invited_by")
    invitation = rows.filter(pk=parts.invitation_id).first()
    if invitation is None or not is_genuine(invitation, parts):
        return LinkStanding(LinkState.UNKNOWN)
    return _standing_of(invitation, parts.generation)


def _standing_of(invitation: Invitation, generation: int) -> LinkStanding:
    ended = _end_of(invitation, generation)
    if ended is not None:
        return LinkStanding(ended, invitation)
    reason = obstacle_of(invitation, invitation.user, organization=invitation.organization)
    if reason:
        return LinkStanding(LinkState.BLOCKED, invitation, reason)
    return LinkStanding(LinkState.OPEN, invitation)


def _end_of(invitation: Invitation, generation: int) -> LinkState | None:
    """What ended the link, if anything did; the reason that helps the reader most comes first."""
    state = invitation.state_at(timezone.now())
    # A change of the address cancels the invitation too.
    ends = {
        LinkState.USED: state == InvitationState.ACCEPTED,
        LinkState.GONE: is_for_another_address(invitation, invitation.user),
        LinkState.CANCELLED: state == InvitationState.CANCELLED,
        LinkState.REPLACED: generation != invitation.generation,
        LinkState.EXPIRED: state == InvitationState.EXPIRED,
    }
    return next((end for end, is_met in ends.items() if is_met), None)


def is_for_another_address(invitation: Invitation, user: User) -> bool:
    """Whether the user's address changed since the invitation was sent (edge case 12)."""
    if invitation.address == user.email:
        return False
    return email_key(invitation.address) != user.email_key


def was_readdressed(invitation: Invitation) -> bool:
    """Whether it was cancelled because the address changed, and nothing was sent in its place."""
    if invitation.state != InvitationState.CANCELLED or not invitation.is_unanswered:
        return False
    if not is_for_another_address(invitation, invitation.user):
        return False
    later = Invitation.objects.filter(
        user_id=invitation.user_id, organization_id=invitation.organization_id, pk__gt=invitation.pk
    )
    return not later.exists()


def obstacle_of(invitation: Invitation, user: User, *, organization: Organization | None) -> str:
    """Why this invitation can't be accepted now, as a sentence for who holds the link.

    Asked when the link is opened and again under the lock of its acceptance (edge case 13); the
    invitation stays pending and works again when the obstacle is gone.
    """
    if user.archived_at is not None or user.is_disabled:
        return _("Your access to %(workspace)s is switched off.") % {
            "workspace": current_scope().name
        }
    return _closed(organization) or _role_gone(invitation) or _no_room(user)


def _closed(organization: Organization | None) -> str:
    if organization is None:
        return ""
    names = {"name": organization.name}
    if organization.archived_at is not None:
        return _("The portal of %(name)s is closed.") % names
    if not organization.is_active:
        return _("The portal of %(name)s is switched off.") % names
    end = organization.membership_end_date
    if end is not None and has_ended(organization):
        names["date"] = date_format(end, "j F Y")
        return _("The membership of %(name)s ended on %(date)s.") % names
    return ""


def has_ended(organization: Organization) -> bool:
    """Whether the last day of access lies behind, in the workspace's own days."""
    today = today_in(current_scope().time_zone)
    return organization.membership_status(today) is MembershipStatus.ENDED


def _role_gone(invitation: Invitation) -> str:
    kind = RoleKind.AGENT if invitation.is_for_agent else RoleKind.CLIENT
    if invitation.roles.filter(role__kind=kind).count() == invitation.role_count:
        return ""
    return _("What this invitation would give has changed. Ask for a new one.")


def _no_room(user: User) -> str:
    """Whether the plan was lowered below what is in use since the invitation was sent."""
    plan = Plan.objects.first()
    if plan is None:
        return ""
    used = User.objects.filter(kind=user.kind).active()
    limit = plan.person_limit
    if user.licence:
        used = used.filter(licence=user.licence)
        is_full = user.licence == Licence.FULL
        limit = plan.full_licences if is_full else plan.read_only_licences
    if limit is None or used.count() <= limit:
        return ""
    return _("%(workspace)s has no room for another account now.") % {
        "workspace": current_scope().name
    }


def delivery_of(invitation: Invitation) -> DeliveryStanding:
    """How the mail stands: queued, sent, not delivered and why, or not sent without a server."""
    mail = invitation.mail
    if mail is not None and mail.state == MailState.SENT:
        return DeliveryStanding(Delivery.SENT)
    if mail is not None and mail.state == MailState.UNDELIVERED:
        return DeliveryStanding(Delivery.UNDELIVERED, mail.last_error)
    if mail_server() is None:
        return DeliveryStanding(Delivery.NOT_SENT)
    if mail is not None and mail.state == MailState.CANCELLED:
        return DeliveryStanding(Delivery.NOT_SENT)
    if mail is not None and mail.attempts and mail.last_error:
        return DeliveryStanding(Delivery.UNDELIVERED, mail.last_error, is_tried_again=True)
    return DeliveryStanding(Delivery.QUEUED)


def not_sent() -> str:
    """What to say instead of "sent" where no mail can go out; empty where one can."""
    return "" if mail_server() else _("No mail server is set, so nothing was sent. Copy the link.")


def way_to_links() -> tuple[tuple[str, str], ...]:
    """Where the links can be copied, beside `not_sent`: words and address."""
    return ((_("Invitations"), f"{reverse('invitations.list')}?of=people"),) if not_sent() else ()


def latest_invitations(actor: Actor, people: Sequence[User]) -> dict[UUID, Invitation]:
    """The invitation of each of these users that is not answered: pending, or for want of one void.

    As `pending_invitation` of one user, with what its mark and its acts say. One query for a page,
    however many of its parts ask.
    """
    if not actor.is_agent and not actor.is_unlimited:
        return {}
    if not all("latest_invitation" in person.__dict__ for person in people):
        seen = _unanswered(people=actor.may("view_clients"), agents=actor.may("manage_team"))
        rows = _with_roles(seen.ask(users=[person.pk for person in people]))
        rows.sort(key=lambda invitation: invitation.state == InvitationState.PENDING)
        found = {invitation.user_id: invitation for invitation in rows}
        for person in people:
            person.__dict__["latest_invitation"] = found.get(person.pk)
    known = {person.pk: person.__dict__["latest_invitation"] for person in people}
    return {key: invitation for key, invitation in known.items() if invitation is not None}


_STANDING = ("workspace", "state", "address", "expires_at", "licence", "role_count", "organization")
_OF_USER = ("user__kind", "user__name", "user__email", "user__email_key")
_OF_MAIL = ("mail__state", "mail__attempts", "mail__last_error")


@functools.cache
def _unanswered(*, people: bool, agents: bool) -> Prepared[Invitation]:
    """One for each way of seeing."""

    def build() -> Any:
        rows = Invitation.objects.of_kinds(people=people, agents=agents).unanswered()
        rows = rows.filter(IsAmong("user_id", "users")).select_related("user", "mail")
        return rows.only(*_STANDING, *_OF_USER, *_OF_MAIL).order_by("id")

    return Prepared(build)


def invitations_of(user: User) -> list[Invitation]:
    """All invitations of a user, the oldest first. One query per loaded user."""
    known: list[Invitation] | None = user.__dict__.get("invitations")
    if known is None:
        known = _with_roles(_of_user.ask(user=user.pk))
        for invitation in known:
            invitation.user = user
        user.__dict__["invitations"] = known
    return known


@prepared
def _of_user() -> Any:
    rows = Invitation.objects.filter(user_id=Slot("user")).order_by("id")
    return rows.select_related("mail", "organization", "invited_by")


def pending_invitation(user: User) -> Invitation | None:
    """The pending invitation of a user whom the reader sees, the newest of several.

    Without one: the newest of all, if it was cancelled because the address changed and waits to be
    sent to the new one.
    """
    every = invitations_of(user)
    pending = [row for row in every if row.state == InvitationState.PENDING]
    if pending:
        return pending[-1]
    is_void = bool(every) and not user.has_usable_password() and was_readdressed(every[-1])
    return every[-1] if is_void else None


def _with_roles(invitations: list[Invitation]) -> list[Invitation]:
    """With their roles, where one of them has any."""
    if any(invitation.role_count for invitation in invitations):
        prefetch_related_objects(invitations, "roles__role")
    return invitations


def default_client_role() -> Role | None:
    """The client role that the workspace gives to newcomers now; None where it gives none."""
    name = current_scope().settings["default_client_role"]
    role: Role | None = Role.objects.filter(kind=RoleKind.CLIENT, name=name).first()
    return role


def organization_to_join(person: Person) -> UUID | None:
    """The organization an invitation from the person's page leads into: their primary one."""
    return next((place.organization_id for place in belongings_of(person)), None)


def expiry_from(now: datetime.datetime) -> datetime.datetime:
    """When an invitation sent at this moment ends: the workspace's setting, 14 days by default."""
    return now + datetime.timedelta(days=int(current_scope().settings["invitation_days"]))


def title_of(invitation: Invitation) -> str:
    """Who invites into what, as the mail's subject and the page's title."""
    names = {"workspace": current_scope().name}
    if invitation.invited_by is not None:
        names["inviter"] = invitation.invited_by.display_name
    if invitation.is_for_agent:
        if "inviter" in names:
            return _("%(inviter)s invites you to the team of %(workspace)s") % names
        return _("%(workspace)s invites you to its team") % names
    names["place"] = invitation.organization.name if invitation.organization else names["workspace"]
    if "inviter" in names:
        return _("%(inviter)s from %(workspace)s invites you to the %(place)s portal") % names
    return _("%(workspace)s invites you to the %(place)s portal") % names


def day_in_words(moment: datetime.datetime) -> str:
    """A moment's day with the month written out, in the workspace's time zone."""
    return date_format(moment.astimezone(ZoneInfo(current_scope().time_zone)), "j F Y")


def invitations_told_with(subject: object) -> list[UUID]:
    """The invitations whose events stand in this record's history: a user's own."""
    if not isinstance(subject, User):
        return []
    return [invitation.pk for invitation in invitations_of(subject)]
