"""The fence: tables of a workspace can be read and written inside its scope only.

The manager filters by an expression that is resolved when the SQL is compiled, so a queryset may
be built anywhere but runs only inside a scope; forgetting the scope raises instead of leaking.
"""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression, F
from django.db.models.lookups import Exact, In
from django.db.models.sql.compiler import SQLCompiler

from portico.kit.ids import new_id
from portico.kit.prepared import fence_parameter
from portico.kit.tenancy.scope import current_workspace_id


class ForeignWorkspace(RuntimeError):
    """A row of another workspace was about to be written."""


class CurrentWorkspace(Expression):
    """SQL for "the id of the present workspace"; compiling it outside a scope raises."""

    def __init__(self) -> None:
        super().__init__(output_field=models.UUIDField())

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """Resolve the workspace at the last moment, when the statement is about to run."""
        if (blank := fence_parameter(self.output_field)) is not None:
            return "%s", (blank,)
        value = self.output_field.get_db_prep_value(current_workspace_id(), connection)
        return "%s", (value,)


class InWorkspace(Exact):
    """The fence's condition; SQLite is told that it holds for most rows.

    Without statistics SQLite takes a workspace for ten rows, and would rather read all of it than
    look up a handful of ids (18 ms against 0.3 ms at 100,000 people).
    """

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, Sequence[Any]]:
        """The condition inside a hint that the planner reads and the engine does not run."""
        statement, parameters = self.as_sql(compiler, connection)
        return f"likelihood({statement}, 0.99)", parameters


class LeadsToFew(Exact):
    """An equality that leaves a handful of rows; SQLite is told so.

    Beside the fence's hint it takes the further columns of an index for worth nothing, and would
    read the whole table: 8 ms for the managers of one organization among 80,000.
    """

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, Sequence[Any]]:
        """See InWorkspace.as_sqlite."""
        statement, parameters = self.as_sql(compiler, connection)
        return f"likelihood({statement}, 0.0001)", parameters


class OneOfFew(In):
    """A text column that holds one of these; see LeadsToFew.

    Five hundred addresses looked up among a million: 250 ms by reading all of them, 3 ms so.
    """

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, Sequence[Any]]:
        """See InWorkspace.as_sqlite."""
        statement, parameters = self.as_sql(compiler, connection)
        return f"likelihood({statement}, 0.0001)", parameters


def is_one_of(column: str, values: Iterable[str]) -> OneOfFew:
    """The condition that a text column holds one of these."""
    return OneOfFew(F(column), list(values))


Row = TypeVar("Row", bound=models.Model)


class TenantQuerySet(models.QuerySet[Row]):
    """A queryset whose writes also stay inside the present workspace."""

    def bulk_create(self, objs: Iterable[Row], *args: Any, **kwargs: Any) -> list[Row]:
        """Claim each row for the present workspace, then insert them."""
        rows = list(objs)
        for row in rows:
            claim(row)
        return super().bulk_create(rows, *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """Update matching rows; they can't be moved to another workspace."""
        if "workspace" in kwargs or "workspace_id" in kwargs:
            raise ForeignWorkspace("Rows can't be moved to another workspace.")
        return super().update(**kwargs)

    def raw(
        self,
        raw_query: Any,
        params: Any = (),
        translations: dict[str, str] | None = None,
        using: str | None = None,
    ) -> Any:
        """Raw SQL is the one thing that the fence can't rewrite: it only demands a scope."""
        current_workspace_id()
        return super().raw(raw_query, params=params, translations=translations, using=using)


class TenantManager(models.Manager.from_queryset(TenantQuerySet)):  # type: ignore[misc]
    """The manager of every tenant table, and its base manager too."""

    def get_queryset(self) -> Any:
        """All rows of the present workspace; which one that is, is asked when the SQL runs."""
        return super().get_queryset().filter(InWorkspace(F("workspace_id"), CurrentWorkspace()))

    def raw(self, raw_query: str, *args: Any, **kwargs: Any) -> Any:
        """See TenantQuerySet.raw."""
        current_workspace_id()
        return super().raw(raw_query, *args, **kwargs)


def claim(row: models.Model) -> None:
    """Put a new row into the present workspace, or refuse one that belongs to another."""
    workspace_id: UUID = current_workspace_id()
    owner = row.workspace_id  # type: ignore[attr-defined]
    if owner is None:
        row.workspace_id = workspace_id  # type: ignore[attr-defined]
    elif owner != workspace_id:
        raise ForeignWorkspace(f"{row._meta.label} belongs to another workspace.")


class TenantModel(models.Model):
    """A row that belongs to one workspace for ever."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(
        "workspaces.Workspace",
        on_delete=models.CASCADE,
        related_name="+",
        editable=False,
        db_index=False,
    )

    objects: ClassVar[Any] = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Claim the workspace (not in a default: a bare instance must work outside a scope)."""
        claim(self)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row; Django's fast path asks no manager, so the fence is asked here."""
        claim(self)
        return super().delete(*args, **kwargs)
