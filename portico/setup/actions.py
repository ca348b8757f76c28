"""Make the first workspace with its owner; add example data and take it away again."""

import dataclasses
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.accounts.models import User
from portico.clients.actions.organizations import archive_organizations, create_organizations
from portico.clients.actions.people import archive_people, create_people
from portico.clients.actions.undo import Undone, undo_creation
from portico.clients.cleaning import clean_organization, clean_person
from portico.clients.models import Organization, Person
from portico.kit.actors import Actor
from portico.kit.dates import today_in
from portico.kit.errors import Refused
from portico.kit.ids import new_id
from portico.kit.models import FormToken
from portico.kit.tenancy.scope import current_scope, open_scope
from portico.operations.choices import OperationState
from portico.operations.models import Operation
from portico.setup.choices import EXAMPLE_DATA
from portico.setup.reports import Example, example_data, load_examples
from portico.setup.sample import Sample
from portico.workspaces.actions.workspaces import create_workspace, make_owner
from portico.workspaces.actors import user_actor
from portico.workspaces.choices import Permission
from portico.workspaces.context import scope_of
from portico.workspaces.models import Workspace
from portico.workspaces.presets import uses_membership_ends

UNDO_FOR = datetime.timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class WorkspaceDraft:
    """What first run and the commands ask for; the password is hashed already."""

    name: str
    preset: str
    owner_name: str
    owner_email: str
    password: str = ""
    hostname: str = ""
    time_zone: str = "UTC"
    has_example_data: bool = False


@transaction.atomic
def set_up_workspace(draft: WorkspaceDraft, *, form_token: str = "") -> tuple[Workspace, User]:
    """Make a workspace, its owner and, if wished, the example data; all of it or nothing.

    `form_token` marks the form it came from, so that the same form sent twice is known again.
    Raises Refused when there is a workspace without a host name already, and for wrong fields.
    """
    workspace = create_workspace(
        name=draft.name,
        preset=draft.preset,
        hostname=draft.hostname,
        time_zone=draft.time_zone,
    )
    with open_scope(scope_of(workspace)):
        owner = make_owner(email=draft.owner_email, name=draft.owner_name, password=draft.password)
        if form_token:
            FormToken.objects.create(actor_id=owner.pk, token=form_token[:64], location="/")
        if draft.has_example_data:
            create_example_data(user_actor(owner))
    workspace.refresh_from_db()
    return workspace, owner


@transaction.atomic
def create_example_data(actor: Actor) -> Operation:
    """Fill the workspace with invented organizations and people, removable in one step.

    Raises Refused when example data is there already, or an address of it is in use.
    """
    actor.require(Permission.MANAGE_CLIENT_ORGANIZATIONS, Permission.CREATE_CLIENTS)
    if example_data() is not None:
        raise Refused("example_data_exists", _("The example data is here already."))
    operation_id = new_id()
    actor = dataclasses.replace(actor, act_id=operation_id)
    examples = load_examples()
    organizations = _create_organizations(actor, examples)
    people = _create_people(actor, examples, organizations)
    _archive_some(actor, examples, organizations)
    now = timezone.now()
    operation: Operation = Operation.objects.create(
        pk=operation_id,
        kind=EXAMPLE_DATA,
        actor_kind=actor.kind,
        actor_user_id=actor.user_id,
        actor_name=actor.name,
        title=_("Example data"),
        state=OperationState.DONE,
        done=len(organizations) + len(people),
        total=len(organizations) + len(people),
        counts={"organizations": len(organizations), "people": len(people)},
        request_id=actor.request_id,
        undo_until=now + UNDO_FOR,
        finished_at=now,
    )
    return operation


@transaction.atomic
def remove_example_data(actor: Actor) -> Undone | None:
    """Undo the creation of the example data; what was touched since stays and is listed.

    Returns what was removed and what stayed; None when there is no example data.
    """
    found = example_data()
    if found is None:
        return None
    operation = Operation.objects.select_for_update().get(pk=found.operation.pk)
    undone = undo_creation(actor, operation.pk, subject=operation)
    operation.state = OperationState.UNDONE
    operation.save(update_fields=["state"])
    return undone


def create_sample(actor: Actor, size: int) -> int:
    """Make this many invented people in a tenth as many organizations, always the same ones.

    For demonstrations and measurements: rows and events are written in bulk, in slices that are
    each committed. Returns how many people were made.
    """
    actor.require(Permission.MANAGE_CLIENT_ORGANIZATIONS, Permission.CREATE_CLIENTS)
    sample = Sample(size, end_dates=uses_membership_ends())
    organizations: list[UUID] = []
    for part in sample.organizations(today_in(current_scope().time_zone)):
        organizations += [row.pk for row in create_organizations(actor, part)]
    made = 0
    for people in sample.people(organizations):
        made += len(create_people(actor, people))
    return made


def _create_organizations(actor: Actor, examples: Sequence[Example]) -> list[Organization]:
    today = today_in(current_scope().time_zone)
    drafts = []
    for example in examples:
        draft = clean_organization({**example.fields, "is_active": not example.is_inactive})
        if uses_membership_ends():
            draft["membership_end_date"] = today + datetime.timedelta(days=example.ends_in_days)
        drafts.append(draft)
    return create_organizations(actor, drafts)


def _create_people(
    actor: Actor, examples: Sequence[Example], organizations: Sequence[Organization]
) -> list[Person]:
    """The people of the examples; those to be archived are archived at once."""
    drafts: list[tuple[dict[str, Any], UUID | None]] = []
    is_leaving = []
    for example, organization in zip(examples, organizations, strict=True):
        for person in example.people:
            fields = dict(person)
            is_leaving.append(fields.pop("is_archived", False))
            drafts.append((clean_person(fields), organization.pk))
    people = create_people(actor, drafts)
    leaving = [person.pk for person, leaves in zip(people, is_leaving, strict=True) if leaves]
    archive_people(_unlimited(actor), Person.objects.filter(pk__in=leaving))
    return people


def _archive_some(
    actor: Actor, examples: Sequence[Example], organizations: Sequence[Organization]
) -> None:
    leaving = [
        organization.pk
        for example, organization in zip(examples, organizations, strict=True)
        if example.is_archived
    ]
    archive_organizations(_unlimited(actor), Organization.objects.filter(pk__in=leaving))


def _unlimited(actor: Actor) -> Actor:
    """The product itself, in the same act: who may add examples need not delete."""
    system = Actor.system(actor.workspace_id, request_id=actor.request_id)
    return dataclasses.replace(system, act_id=actor.act_id)
