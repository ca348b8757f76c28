"""Organizations, people, memberships."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F

from portico.accounts.choices import UserKind
from portico.clients.models import Membership, MembershipRole, Organization, Person
from portico.workspaces.models import Role
from tests.factories.workspaces import PASSWORD


def make_organization(name: str = "Acme Windows", **fields: Any) -> Organization:
    """An active organization."""
    organization: Organization = Organization.objects.create(name=name, **fields)
    return organization


def make_person(
    email: str = "lena@acme.test",
    *,
    name: str = "Lena Fischer",
    organization: Organization | None = None,
    roles: Iterable[str] = (),
    has_joined: bool = True,
    **fields: Any,
) -> Person:
    """A person with a primary membership and these client roles, directly or in an organization."""
    person = Person(kind=UserKind.PERSON, email=email, name=name, **fields)
    person.set_password(PASSWORD) if has_joined else person.set_unusable_password()
    person.save()
    membership = Membership.objects.create(
        person=person, organization=organization, is_primary=True
    )
    held = Role.objects.filter(kind="client", name__in=list(roles))
    MembershipRole.objects.bulk_create(
        MembershipRole(membership=membership, role=role) for role in held
    )
    if organization is not None and person.archived_at is None:
        Organization.objects.filter(pk=organization.pk).update(people_count=F("people_count") + 1)
    return person
