"""The sign-in identity of agents and people, and their sessions."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portico.accounts.choices import (
    Clock,
    DateOrder,
    DateSeparator,
    Density,
    Licence,
    Theme,
    UserKind,
)
from portico.accounts.querysets import (
    ARCHIVED_OR_NOT,
    SORTED_APART,
    SORTED_TEXTS_OF_PEOPLE,
    UserQuerySet,
)
from portico.files.models import StoredFile
from portico.kit.addresses import email_key
from portico.kit.names import name_key, search_fold
from portico.kit.phones import searched_digits
from portico.kit.sort_keys import SortKey
from portico.kit.tenancy.models import TenantManager, TenantModel

UserManager = TenantManager.from_queryset(UserQuerySet)

# Each state of a list has indexes of its own; a page of all is put together of both.
LIST_STATES = {"active": Q(archived_at__isnull=True), "archived": Q(archived_at__isnull=False)}


class User(TenantModel, AbstractBaseUser):
    """One who may sign in to one workspace: an agent or a person, for ever.

    `email` is kept as typed; `email_key` is what makes it unique in the workspace, over agents and
    people, archived and disabled ones included (X7). None where there is no address.
    """

    kind = models.CharField(max_length=10, choices=UserKind)
    email = models.CharField(_("E-mail"), max_length=254, blank=True)
    email_key = models.CharField(max_length=254, null=True, editable=False)  # noqa: DJ001 - several users have none
    name = models.CharField(_("Name"), max_length=200, blank=True)
    given_name = models.CharField(_("Given name"), max_length=100, blank=True)
    family_name = models.CharField(_("Family name"), max_length=100, blank=True)
    reference = models.CharField(_("Reference"), max_length=100, blank=True)
    position = models.CharField(_("Position"), max_length=200, blank=True)
    phone = models.CharField(_("Phone"), max_length=50, blank=True)
    phone_e164 = models.CharField(max_length=20, blank=True, editable=False)
    # Its own index holds those who have one: a plain one would be taken for "has none".
    account_manager = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    # Its own index holds the few that were merged: a plain one would be taken for "not merged".
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    avatar = models.ForeignKey(
        StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    property_values = models.JSONField(default=dict, blank=True)
    is_disabled = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    licence = models.CharField(max_length=10, choices=Licence, blank=True)
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=50, blank=True)
    date_order = models.CharField(max_length=3, choices=DateOrder, default=DateOrder.MONTH_FIRST)
    date_separator = models.CharField(
        max_length=1, choices=DateSeparator, default=DateSeparator.SLASH
    )
    clock = models.CharField(max_length=2, choices=Clock, default=Clock.TWELVE)
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.SYSTEM)
    density = models.CharField(max_length=11, choices=Density, default=Density.COMFORTABLE)
    has_shortcuts = models.BooleanField(default=True)
    asks_before_archiving = models.BooleanField(default=True)
    list_columns = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    last_active_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    name_key = models.CharField(max_length=254, editable=False)
    tag_text = models.TextField(blank=True, editable=False)
    search_text = models.TextField(editable=False)

    objects: ClassVar[Any] = UserManager()

    # Django wants a unique field here; an address is unique in its workspace only.
    USERNAME_FIELD = "id"
    EMAIL_FIELD = "email"

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "email_key"],
                name="user_email_once",
                violation_error_code="email_in_use",
                violation_error_message=_("This address is in use."),
            ),
            models.UniqueConstraint(
                fields=["workspace", "kind", "reference"],
                condition=~Q(reference=""),
                name="user_reference_once",
                violation_error_code="reference_in_use",
                violation_error_message=_("This reference is in use."),
            ),
            models.CheckConstraint(
                condition=~Q(name="") | Q(email_key__isnull=False),
                name="user_has_name_or_address",
                violation_error_message=_("A name or an address is needed."),
            ),
        ]
        # One set for each of the states Active and Archived: neither has to sort or to skip.
        indexes: ClassVar = [
            models.Index(
                fields=["workspace", "kind", column, "id"],
                condition=condition,
                name=f"user_{column[:8]}_{view}",
            )
            for column in ("name_key", "created_at", "email_key", "last_active_at")
            for view, condition in LIST_STATES.items()
        ]
        # What is sorted by less often has one of the active ones alone, which archiving spares.
        indexes.append(
            models.Index(
                fields=["workspace", "kind", "updated_at", "id"],
                condition=LIST_STATES["active"] & SORTED_APART,
                name="user_updated_active",
            )
        )
        indexes.extend(
            models.Index(
                *(F("workspace"), F("kind"), SortKey(column), F("name_key"), F("id")),
                condition=LIST_STATES["active"] & SORTED_APART,
                name=f"user_by_{column}",
            )
            for column in SORTED_TEXTS_OF_PEOPLE.values()
        )
        # Its condition is the one that `querysets.ARCHIVED_OR_NOT` names, because SQLite would
        # otherwise take it for that of a state.
        indexes.append(
            models.Index(
                fields=["workspace", "kind", "name_key", "id"],
                condition=ARCHIVED_OR_NOT,
                name="user_name_key_all",
            )
        )
        indexes.append(
            models.Index(
                fields=["workspace", "merged_into"],
                condition=Q(merged_into__isnull=False),
                name="user_merged",
            )
        )
        indexes.append(
            models.Index(
                fields=["workspace", "kind", "name_key", "id"],
                condition=Q(archived_at__isnull=True, is_disabled=True),
                name="user_disabled",
            )
        )
        indexes.append(
            models.Index(
                fields=["workspace", "account_manager"],
                condition=Q(account_manager__isnull=False),
                name="user_account_manager",
            )
        )
        indexes.append(
            models.Index(
                fields=["workspace", "phone_e164"],
                condition=~Q(phone_e164=""),
                name="user_phone",
            )
        )

    def __str__(self) -> str:
        return self.display_name

    @property
    def record_type(self) -> str:
        """The word for the record in history: agent or person, whatever class loaded it."""
        return self.kind

    @property
    def display_name(self) -> str:
        """The name, or the address of one who has not said their name yet (X19)."""
        return self.name or self.email

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Django's word for "may sign in at all"; the full answer is `guards.entry_refusal`."""
        return not self.is_disabled and self.archived_at is None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the derived keys true, whatever was changed."""
        self.derive_keys()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], *DERIVED_FIELDS}
        super().save(*args, **kwargs)

    def derive_keys(self) -> None:
        """Fill what is computed from other fields: e-mail key, sort key, search text."""
        self.email_key = email_key(self.email) if self.email else None
        self.name_key = name_key(self.display_name)[:254]
        searched = (self.name, self.email, self.position, self.reference, self.tag_text)
        number = searched_digits(self.phone, self.phone_e164) if self.phone else ""
        self.search_text = search_fold(" ".join(filter(None, (*searched, number))))


DERIVED_FIELDS = ("email_key", "name_key", "search_text", "updated_at")


class SessionManager(TenantManager, BaseSessionManager["Session"]):
    """Sessions of the present workspace."""


class Session(TenantModel, AbstractBaseSession):
    """A browser's session; a cookie of one workspace finds no row in another."""

    id = None  # type: ignore[assignment]
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="sessions"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = SessionManager()

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The store that reads and writes this table."""
        from portico.accounts.sessions import SessionStore  # noqa: PLC0415 - the store imports us

        return SessionStore
