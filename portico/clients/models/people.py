"""People: the client side's users."""

from typing import Any, ClassVar

from portico.accounts.choices import UserKind
from portico.accounts.models import User
from portico.clients.querysets import PersonQuerySet
from portico.kit.tenancy.models import TenantManager


class PersonManager(TenantManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """People of the present workspace."""

    def get_queryset(self) -> Any:
        """Users of the kind person."""
        return super().get_queryset().filter(kind=UserKind.PERSON)


class Person(User):
    """A human on the client side: a contact, a client user, a consumer. Never needs a licence."""

    record_type = "person"

    objects: ClassVar[Any] = PersonManager()

    class Meta:
        proxy = True
        base_manager_name = "objects"
        default_manager_name = "objects"
