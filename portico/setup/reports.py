"""What set-up asks: the example data, and who set this workspace up."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portico.accounts.models import User
from portico.clients.models import Organization, Person
from portico.history.models import Event
from portico.kit.models import FormToken
from portico.operations.choices import OperationState
from portico.operations.models import Operation
from portico.setup.choices import EXAMPLE_DATA

EXAMPLES = Path(__file__).with_name("examples.json")


@dataclass(frozen=True, kw_only=True)
class Example:
    """An invented organization: its fields, its people, and how its membership stands."""

    fields: Mapping[str, Any]
    people: Sequence[Mapping[str, Any]]
    ends_in_days: int
    is_inactive: bool
    is_archived: bool


@dataclass(frozen=True, kw_only=True)
class ExampleData:
    """The example data that is still there."""

    operation: Operation
    organizations: int
    people: int


def load_examples() -> list[Example]:
    """The invented organizations that are shipped with the product; every address is .example."""
    return [Example(**entry) for entry in json.loads(EXAMPLES.read_text(encoding="utf-8"))]


def owner_of_form(token: str) -> User | None:
    """Who set up the present workspace with the form that carried this token, if anybody did."""
    if not token:
        return None
    row = FormToken.objects.filter(token=token).first()
    return User.objects.filter(pk=row.actor_id).first() if row else None


def example_data() -> ExampleData | None:
    """The example data of the present workspace, while it can be removed in one step."""
    operation = (
        Operation.objects.filter(kind=EXAMPLE_DATA, state=OperationState.DONE)
        .order_by("-id")
        .first()
    )
    if operation is None:
        return None
    made = Event.objects.filter(act_id=operation.pk).values("subject_id")
    return ExampleData(
        operation=operation,
        organizations=Organization.objects.filter(pk__in=made).count(),
        people=Person.objects.filter(pk__in=made).count(),
    )


def has_own_clients() -> bool:
    """Whether there is any organization or person that is not example data."""
    acts = Operation.objects.filter(kind=EXAMPLE_DATA).values("pk")
    examples = Event.objects.filter(act_id__in=acts).values("subject_id")
    return any(model.objects.exclude(pk__in=examples).exists() for model in (Organization, Person))
