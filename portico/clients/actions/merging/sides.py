"""The two kinds of record that can be merged, each with its table, rights and words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portico.accounts.models import User
from portico.clients.actions.tagging import ORGANIZATIONS, PEOPLE, Carrier
from portico.clients.choices import PropertySubject
from portico.clients.models import Organization, Person
from portico.ui.words import say
from portico.workspaces.choices import Permission


@dataclass(frozen=True, kw_only=True)
class MergeSide:
    """Organizations or people, as far as merging asks."""

    subject: PropertySubject
    model: Any
    table: Any
    carrier: Carrier
    permissions: tuple[str, ...]
    unknown: Callable[[], str]
    itself: Callable[[], str]


ORGANIZATION_SIDE = MergeSide(
    subject=PropertySubject.ORGANIZATION,
    model=Organization,
    table=Organization,
    carrier=ORGANIZATIONS,
    permissions=(Permission.DELETE_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS),
    unknown=lambda: say("Choose an organization."),
    itself=lambda: say("An organization cannot be merged with itself."),
)
PERSON_SIDE = MergeSide(
    subject=PropertySubject.PERSON,
    model=Person,
    table=User,
    carrier=PEOPLE,
    permissions=(Permission.DELETE_CLIENTS, Permission.EDIT_CLIENTS),
    unknown=lambda: say("Choose a person."),
    itself=lambda: _("Nobody can be merged with themselves."),
)
SIDES = {side.subject: side for side in (ORGANIZATION_SIDE, PERSON_SIDE)}
