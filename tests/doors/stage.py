"""The stage: two workspaces full of canary words, and everybody of the cast in their place."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.test import Client
from django.utils import timezone

from portico.clients.models import CustomProperty, Location, Membership, Organization, Tag
from portico.files.actions.storing import keep_file
from portico.history.actions import record
from portico.insight.models import View
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.kit.ids import new_id
from portico.kit.tenancy.scope import open_scope
from portico.notifications.models import OutgoingMail
from portico.transfers.actions.preparing import prepare_import
from portico.workspaces.context import scope_of
from portico.workspaces.models import Agent, ApiKey, Role, Workspace
from tests.doors.cast import CAST, Member
from tests.factories.catalog import make_service, make_subscription
from tests.factories.clients import make_organization, make_person
from tests.factories.keys import make_key
from tests.factories.workspaces import actor_of, make_agent, make_workspace

HOSTS = {"northstar": "testserver", "zenith": "zenith.test"}
CANARIES = frozenset({"CANARYACME", "CANARYBIRCH", "CANARYENDED", "CANARYZENITH"})

# Which of a workspace's records stands behind an id in an address, by the noun before it.
Kinds = dict[str, UUID]


@dataclass
class Stage:
    """Everything that a walk needs: users, records by noun and kind, sessions and keys."""

    users: dict[str, Any] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    records: dict[str, dict[str, Kinds]] = field(default_factory=dict)
    workspaces: dict[str, UUID] = field(default_factory=dict)

    def browser(self, member: Member) -> Client:
        """A browser in which this member is (or was, while they still could be) signed in."""
        browser = Client(headers={"host": HOSTS[member.workspace]})
        self.enter(browser, member)
        return browser

    def enter(self, browser: Client, member: Member) -> None:
        """Give the browser the member's own cookie again, and nothing else."""
        browser.cookies = SimpleCookie()
        if member.name in self.cookies:
            browser.cookies[settings.SESSION_COOKIE_NAME] = self.cookies[member.name]

    def program(self, member: Member) -> Client:
        """A program that sends this member's key; nobody's has none."""
        key = self.keys.get(member.name)
        sent = {"authorization": f"Bearer {key}"} if key else {}
        return Client(headers={"host": HOSTS[member.workspace], **sent})

    def ids(self, member: Member, noun: str) -> Mapping[str, UUID]:
        """Ids of records of this noun, as this member sees them: own, foreign, never existed."""
        own = "zenith" if member.workspace == "zenith" else "northstar"
        foreign = "northstar" if own == "zenith" else "zenith"
        here, there = self.records[own][noun], self.records[foreign][noun]
        found = dict(here)
        if member.organization == "birch" and "other_organization" in here:
            found["own"], found["other_organization"] = here["other_organization"], here["own"]
        return found | {
            "other_workspace": there["own"],
            "unknown": self.records["nowhere"]["id"]["own"],
        }


def build_stage() -> Stage:
    """Both workspaces with the same set of records, and the cast."""
    stage = Stage()
    stage.records["nowhere"] = {"id": {"own": new_id()}}
    for slug, host in HOSTS.items():
        hostname = "" if slug == "northstar" else host
        workspace = make_workspace(slug.capitalize(), hostname=hostname)
        stage.workspaces[slug] = workspace.pk
        with open_scope(scope_of(workspace)):
            _fill(stage, workspace)
    return stage


def _fill(stage: Stage, workspace: Workspace) -> None:
    canary = "CANARYACME" if workspace.slug == "northstar" else "CANARYZENITH"
    other = "CANARYBIRCH" if workspace.slug == "northstar" else "CANARYZENITH"
    yesterday = timezone.now().date() - datetime.timedelta(days=2)
    organizations = {
        "acme": make_organization(f"{canary} Windows", description=f"{canary} notes"),
        "birch": make_organization(f"{other} Doors"),
        "ended": make_organization(
            f"{canary.replace('ACME', 'ENDED')} Roofs", membership_end_date=yesterday
        ),
    }
    gone = make_organization(f"{canary} Gone", archived_at=timezone.now())
    for member in CAST:
        if member.kind and member.workspace == workspace.slug:
            _place(stage, member, organizations)
    people = {
        name: make_person(
            f"{name}@{name}.{workspace.slug}.test", name=f"{word} Person", organization=at
        )
        for name, word, at in (
            ("own", canary, organizations["acme"]),
            ("other_organization", other, organizations["birch"]),
        )
    }
    people["archived"] = make_person(
        f"gone@{workspace.slug}.test", name=f"{canary} Gone", archived_at=timezone.now()
    )
    agents = {
        "own": make_agent(f"anna@{workspace.slug}.test", name=f"Anna {canary.replace('ACME', 'X')}")
    }
    agents["archived"] = make_agent(
        f"late@{workspace.slug}.test", name="Late Agent", archived_at=timezone.now()
    )
    own, birch = organizations["acme"], organizations["birch"]
    stage.records[workspace.slug] = {
        "organizations": {"own": own.pk, "other_organization": birch.pk, "archived": gone.pk},
        "people": {kind: person.pk for kind, person in people.items()},
        "agents": {kind: agent.pk for kind, agent in agents.items()},
        **_belongings(workspace, people, organizations=[own, birch]),
    }


def _belongings(
    workspace: Workspace, people: Mapping[str, Any], *, organizations: list[Organization]
) -> dict[str, Kinds]:
    """One event, invitation, mail, operation and key for the own and the other organization."""
    system = Actor.system(workspace.pk)
    made: dict[str, Kinds] = {
        noun: {}
        for noun in ("events", "invitations", "mails", "operations", "keys", "tags", "properties")
    }
    later = timezone.now() + datetime.timedelta(days=1)
    for kind, organization in zip(("own", "other_organization"), organizations, strict=True):
        person = people[kind]
        (event,) = record(system, "organization.created", [organization])
        mail = OutgoingMail.objects.create(
            kind="invitation",
            recipient=person,
            address=person.email,
            subject=f"{organization.name} invitation",
            message_id=f"<{new_id()}@{workspace.slug}.test>",
            next_attempt_at=later,
        )
        invitation = Invitation.objects.create(
            user=person,
            organization=organization,
            address=person.email,
            expires_at=later,
            mail=mail,
        )
        operation = prepare_import(
            actor_of(Agent.objects.get(email=f"owner@{workspace.slug}.test")),
            "organizations",
            content=f"Name\n{organization.name}\n".encode(),
            name=f"{organization.name}.csv",
        )
        make_key(person)
        key = ApiKey.objects.get(user=person)
        rows = {"events": event, "invitations": invitation, "mails": mail}
        rows |= {"operations": operation, "keys": key}
        rows["tags"] = Tag.objects.create(name=f"{organization.name} {kind}")
        rows["properties"] = CustomProperty.objects.create(
            subject="organization", key=f"of_{kind}", label=organization.name, kind="text"
        )
        rows["locations"] = Location.objects.create(
            organization=organization, name=f"{organization.name} yard"
        )
        rows["views"] = View.objects.create(
            subject="organizations", name=organization.name, is_shared=True
        )
        rows["roles"] = Role.objects.create(kind="client", name=f"{organization.name} helper")
        rows["memberships"] = Membership.objects.get(person=person)
        rows["services"] = make_service(f"{organization.name} design")
        rows["subscriptions"] = make_subscription(organization, rows["services"])
        rows["avatars"] = keep_file(organization.name.encode(), media_type="image/png")
        type(person).objects.filter(pk=person.pk).update(avatar=rows["avatars"])
        for noun, row in rows.items():
            made.setdefault(noun, {})[kind] = row.pk
    return made


def _place(stage: Stage, member: Member, organizations: Mapping[str, Organization]) -> None:
    """Make the member's user, a session from before they were shut out, and a key."""
    address = f"{member.name}@cast.{member.workspace}.test"
    archived = {"archived_at": timezone.now()} if "archived_at" in member.fields else {}
    fields = {name: value for name, value in member.fields.items() if name != "archived_at"}
    if member.kind == "person":
        user: Any = make_person(
            address,
            name=f"Cast {member.name}",
            organization=organizations.get(member.organization),
            roles=member.roles,
            has_joined=member.has_joined,
            **fields,
            **archived,
        )
    else:
        user = make_agent(
            address,
            name=f"Cast {member.name}",
            roles=member.roles,
            permissions=None if member.roles else sorted(member.permissions),
            licence=member.licence,
            **fields,
            **archived,
        )
    stage.users[member.name] = user
    browser = Client(headers={"host": HOSTS[member.workspace]})
    browser.force_login(apps.get_model("accounts", "User").objects.get(pk=user.pk))
    stage.cookies[member.name] = browser.cookies[settings.SESSION_COOKIE_NAME].value
    stage.keys[member.name] = make_key(user)
