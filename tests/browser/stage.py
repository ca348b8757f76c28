"""The stage: a workspace in which every page of the product has something to show."""

import datetime
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from portico.accounts.links import CHOICE, RESET
from portico.accounts.models import User
from portico.clients.actions.properties import archive_properties, create_property
from portico.clients.actions.tags import tag_organizations
from portico.clients.models import Location, Membership, Organization, Tag
from portico.insight.actions import ViewDraft, create_view
from portico.insight.choices import ViewSubject
from portico.invitations.actions.inviting import invite_agent, invite_person
from portico.invitations.actions.sending import cancel_invitation
from portico.invitations.links import link_of
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.kit.ids import new_id
from portico.notifications.models import OutgoingMail
from portico.setup.actions import create_example_data
from portico.setup.reports import example_data
from portico.transfers.actions.imports import cancel_import, run_import, undo_import
from portico.workspaces.models import Role
from tests.factories.catalog import make_service, make_subscription
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of, make_agent
from tests.transfers.imports import bring_in, checked, prepared, work_off

FILE = (
    "Full name,Mail,Firm\n"
    "Mikkel Sørensen,mikkel@sorensen.test,Sørensen Byg ApS\n"
    "Lena Fischer,lena.fischer@acme,Acme Windows\n"
    "Grace Birch,grace@birch.test,Birch & Sons\n"
)
MAPPING = {"Full name": "name", "Mail": "email", "Firm": "organization"}


@dataclass
class Stage:
    """The users by the name under which a `Look` calls them, and what fills its braces."""

    users: dict[str, Any] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)


def build_stage(owner: Any) -> Stage:
    """Fill the open scope: example data, Acme with people of every kind, long work, links."""
    actor = actor_of(owner)
    stage = Stage({"owner": owner, "nobody": None})
    create_example_data(actor)
    found = example_data()
    assert found is not None
    stage.names |= {"example": found.operation.pk, "unknown": new_id()}
    _add_clients(stage)
    _add_marks(stage, actor)
    _add_team(stage, actor)
    _add_mails(stage)
    _add_imports(stage, actor)
    _add_links(stage, actor)
    return stage


def _add_clients(stage: Stage) -> None:
    today = timezone.now().date()
    acme = make_organization(
        "Acme Windows", description="Three workshops.", website="https://acme.test"
    )
    bare = make_organization("Bundesverband der Fensterbauer und Glasveredelungsbetriebe " * 3)
    gone = make_organization("Gone Roofs", archived_at=timezone.now())
    over = make_organization("Over Doors", membership_end_date=today - datetime.timedelta(days=3))
    guest = make_person("guest@acme.test", name="Gina Guest", organization=acme, roles=["Guest"])
    member = make_person("mia@acme.test", name="Mia Member", organization=acme, roles=["Admin"])
    second = make_organization("Second Home")
    Membership.objects.create(person=member, organization=second)
    stage.users |= {
        "guest": guest,
        "member": member,
        "ended": make_person("eve@over.test", name="Eve Ended", organization=over),
        "loner": make_person("lou@alone.test", name="Lou Loner"),
    }
    stage.names |= {"acme": acme.pk, "bare": bare.pk, "gone": gone.pk, "guest": guest.pk}
    service = make_service("Web design", description="Sites that load fast.")
    make_subscription(acme, service)
    make_service("Fax", is_active=False)
    stage.names["service"] = service.pk
    plant = Location.objects.create(organization=acme, name="Plant Nord", address_city="Hamburg")
    stage.names["plant"] = plant.pk
    stage.names["membership"] = Membership.objects.get(person=guest).pk
    stage.names["plain"] = make_person(
        "pia@acme.test", name="", organization=acme, has_joined=False
    ).pk
    stage.names["off"] = make_person(
        "otto@acme.test", name="Otto Off", organization=acme, is_disabled=True
    ).pk


def _add_marks(stage: Stage, actor: Actor) -> None:
    """A tag that something carries, and properties of two kinds, one of them archived."""
    rows = Organization.objects.active()
    tag_organizations(actor, rows, names=["Retainer"])
    stage.names["tag"] = Tag.objects.get(name="Retainer").pk
    size = {"label": "Size", "kind": "choice", "choices": ["Small", "Large"]}
    stage.names["property"] = create_property(actor, "organization", size).pk
    draft = ViewDraft(name="Retainers", parameters={"tag": "Retainer"})
    stage.names["view"] = create_view(actor, ViewSubject.ORGANIZATIONS, draft).pk
    old = create_property(actor, "person", {"label": "Old number"})
    archive_properties(actor, [old.pk])


def _add_team(stage: Stage, actor: Actor) -> None:
    viewer = make_agent("vera@northstar.test", name="Vera Viewer", roles=["Viewer"])
    make_agent("late@northstar.test", name="Late Agent", archived_at=timezone.now())
    roles = Role.objects.filter(kind="agent", name="Team member").values_list("pk", flat=True)
    colleague = invite_agent(
        actor, "cora@northstar.test", name="Cora Colleague", role_ids=list(roles), licence="full"
    )
    stage.users["viewer"] = viewer
    stage.names |= {"viewer": viewer.pk, "colleague": colleague.user_id}


def _add_mails(stage: Stage) -> None:
    now = timezone.now()
    for state, error in (
        ("sent", ""),
        ("undelivered", "550 5.1.1 The mailbox is not known here"),
        ("waiting", "421 Try again later"),
    ):
        OutgoingMail.objects.create(
            kind="invitation",
            recipient=stage.users["guest"],
            address="guest@acme.test",
            subject="Northstar invites you",
            message_id=f"<{new_id()}@northstar.test>",
            state=state,
            attempts=1,
            last_error=error,
            next_attempt_at=now,
            sent_at=now if state == "sent" else None,
        )


def _add_imports(stage: Stage, actor: Actor) -> None:
    """One import in each state; the running one last, so that nobody works it off."""
    operations = {
        "drafted": prepared(actor, "people", FILE, mapping=MAPPING),
        "unmapped": prepared(actor, "people", FILE.replace("Mail", "Wohin"), mapping={}),
        "cancelled": prepared(actor, "people", FILE, mapping=MAPPING),
        "checked": checked(actor, prepared(actor, "people", FILE, mapping=MAPPING)),
        "done": bring_in(actor, "people", FILE, mapping=MAPPING),
        "undone": bring_in(actor, "organizations", "Name\nUndone Ltd\n"),
        "running": checked(actor, prepared(actor, "organizations", "Name\nSlow Ltd\n")),
    }
    cancel_import(actor, operations["cancelled"].pk)
    undo_import(actor, operations["undone"].pk)
    work_off()
    run_import(actor, operations["running"].pk)
    stage.names |= {name: operation.pk for name, operation in operations.items()}


def _add_links(stage: Stage, actor: Actor) -> None:
    acme = Organization.objects.get(pk=stage.names["acme"])
    third = make_organization("Third Place")
    people = {
        name: make_person(
            f"{name}@acme.test", name="Lena Fischer", organization=acme, has_joined=False
        )
        for name in ("link", "blocked", "expired", "cancelled_link", "replaced")
    }
    invited = {
        name: invite_person(actor, person.pk, organization_id=acme.pk)
        for name, person in people.items()
    }
    invited["joining"] = invite_person(actor, stage.users["member"].pk, organization_id=third.pk)
    stage.names |= {name: urlsplit(link_of(row)).path for name, row in invited.items()}
    cancel_invitation(actor, invited["cancelled_link"].pk)
    Invitation.objects.filter(pk=invited["replaced"].pk).update(generation=2)
    Invitation.objects.filter(pk=invited["expired"].pk).update(
        expires_at=timezone.now() - datetime.timedelta(days=1)
    )
    User.objects.filter(pk=people["blocked"].pk).update(is_disabled=True)
    stage.names["invited"] = people["link"].pk
    # Of their own, since signing in ends a link: nobody of the stage signs in as they.
    fred = make_person("fred@acme.test", name="Fred Forgetful", organization=acme)
    pia = User.objects.get(pk=stage.names["plain"])
    stage.names |= {
        "reset": urlsplit(RESET.address(User.objects.get(pk=fred.pk))).path,
        "choice": urlsplit(CHOICE.address(pia)).path,
        "dead_reset": f"/accounts/password/reset/key/{fred.pk}/dead/",
        "dead_choice": f"/accounts/choose/{pia.pk}/dead/",
    }
