"""An installation as an earlier Portico left it; run as `-m tests.config.older STATE`.

The tables are made by the migrations up to that state and filled through the models of that state.
"""

import datetime
import sys
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

AT = datetime.datetime.fromisoformat("2026-05-04T10:00:00+00:00")
# The last migration of some apps; of the others, everything that does without later ones.
STATES = {
    "first": {
        "accounts": "0003_search_index",
        "clients": "0002_search_index",
        "history": "0001_initial",
        "workspaces": "0001_initial",
    },
    "acts": {"clients": "0007_inactive_index", "history": "0001_initial"},
}


def make(pinned: dict[str, str]) -> None:
    """Migrate so far and no further, and fill."""
    executor = MigrationExecutor(connection)
    targets = targets_of(executor.loader.graph, pinned)
    executor.migrate(targets)
    fill(executor.loader.project_state(targets).apps)


def targets_of(graph: Any, pinned: dict[str, str]) -> list[tuple[str, str]]:
    """The last ones of all that need none of those after the pinned ones."""
    later = {key for key in graph.nodes if key[0] in pinned and key[1] > pinned[key[0]]}
    kept = {key for key in graph.nodes if not later.intersection(graph.forwards_plan(key))}
    return [
        key
        for key in sorted(kept)
        if not any(
            child.key in kept and child.key[0] == key[0] for child in graph.node_map[key].children
        )
    ]


def fill(apps: Any) -> None:
    """A workspace with its owner, Acme with Gina in it, and one import in its history.

    Lone belonged to an organization that was deleted, which left nothing of her membership.
    """
    workspace = apps.get_model("workspaces", "Workspace").objects.create(
        name="Northstar", slug="northstar"
    )
    rows = {"workspace": workspace}
    user = apps.get_model("accounts", "User").objects
    owner = user.create(**rows, **names("Olga Owner", "owner@northstar.test"), kind="agent")
    gina = user.create(**rows, **names("Gina Guest", "gina@acme.test"), kind="person")
    user.create(**rows, **names("Lone Left", "lone@acme.test"), kind="person")
    acme = apps.get_model("clients", "Organization").objects.create(
        **rows, name="Acme", name_key="acme", search_text="acme", people_count=1
    )
    apps.get_model("clients", "Membership").objects.create(
        **rows, person=gina, organization=acme, is_primary=True
    )
    apps.get_model("operations", "Operation").objects.create(
        **rows,
        kind="import_organizations",
        state="succeeded",
        request_id="first-import",
    )
    apps.get_model("history", "Event").objects.create(
        **rows,
        actor_kind="user",
        actor_id=owner.pk,
        actor_name="Olga Owner",
        kind="organization.created",
        subject_type="organization",
        subject_id=acme.pk,
        subject_name="Acme",
        organization_id=acme.pk,
        request_id="first-import",
        way="import",
        at=AT,
    )


def names(name: str, email: str) -> dict[str, str]:
    """A user's name and address with what is derived from them."""
    return {
        "name": name,
        "name_key": name.casefold(),
        "email": email,
        "email_key": email,
        "search_text": f"{name} {email}".casefold(),
    }


if __name__ == "__main__":
    make(STATES[sys.argv[1]])
