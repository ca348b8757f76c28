"""How one's own lists look."""

from collections.abc import Sequence

from django.db import transaction

from portico.accounts.models import User
from portico.history.actions import record
from portico.kit.actors import Actor

MOST_COLUMNS = 16


@transaction.atomic
def choose_columns(actor: Actor, list_name: str, names: Sequence[str]) -> User:
    """Keep which columns a list shows the actor, in this order; none: the list's own again.

    Needs no permission. It leaves the version alone: a form open elsewhere does not become stale.
    """
    user: User = User.objects.select_for_update().get(pk=actor.user_id)
    before = user.list_columns.get(list_name, [])
    chosen = list(dict.fromkeys(names))[:MOST_COLUMNS]
    if before == chosen:
        return user
    user.list_columns = {**user.list_columns, list_name: chosen}
    user.save(update_fields=["list_columns"])
    record(actor, f"{user.kind}.updated", [user], changes={"list_columns": [before, chosen]})
    return user
