"""The session store over our own, fenced table."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.contrib.sessions.backends import db
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from portico.accounts.models import Session
from portico.kit.prepared import Slot, prepared
from portico.kit.tenancy.unscoped import unscoped

# The session whose user is being looked up; its row was read together with them.
session_row: ContextVar[Session | None] = ContextVar("session_row", default=None)
_read_with: dict[str, Callable[[], Any]] = {}


def read_with_session(name: str, annotation: Callable[[], Any]) -> None:
    """Have something of the user read in the statement that reads their session at each request.

    Takes what makes an annotation of sessions; the session's row has it under this name. Called
    while the apps are loaded.
    """
    _read_with[name] = annotation


class SessionStore(db.SessionStore):
    """Database sessions, one set per workspace."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> Any:
        """The fenced table."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """Keep whose session it is beside its data, so that a user's sessions can be ended.

        Saving an existing session updates its row, so the row's first and last sight are carried
        over; a session with a new key (sign-in, changed password) begins anew.
        """
        instance: Any = super().create_model_instance(data)
        instance.user_id = data.get("_auth_user_id")
        if self.row is not None and self.row.session_key == instance.session_key:
            instance.created_at = self.row.created_at
            instance.last_seen_at = self.row.last_seen_at
        else:
            instance.created_at = instance.last_seen_at = timezone.now()
        self.row = instance
        return instance

    def flush(self) -> None:
        """Forget data, key and row."""
        super().flush()
        self.row = None

    def _get_session_from_db(self) -> Session | None:
        """Asked at every request; the same answer as Django's own."""
        self.row = _unexpired.first(key=self.session_key, now=timezone.now())
        if self.row is None:
            self._session_key = None
        return self.row

    @classmethod
    def clear_expired(cls) -> None:
        """Sweep dead sessions of all workspaces."""
        unscoped(Session).filter(expire_date__lt=timezone.now()).delete()


@prepared
def _unexpired() -> Any:
    rows = Session.objects.filter(
        session_key=Slot("key", CharField()), expire_date__gt=Slot("now", DateTimeField())
    )
    parts = {name: annotation() for name, annotation in _read_with.items()}
    return rows.annotate(**parts).select_related("user")
