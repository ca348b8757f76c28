"""The verbs about invitations: in the bar under the list of people, and in the palette."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from portico.clients.actions.bulk import add_act
from portico.clients.forms.bulk import WHETHER
from portico.clients.views.bulk import BulkVerb, add_bulk_verb
from portico.invitations.actions.many import cancel_of_people, invite_people, resend_to_people
from portico.invitations.filters import EXPIRED, PENDING
from portico.invitations.limits import room_hint
from portico.invitations.panels import NAME
from portico.invitations.reports import not_sent
from portico.ui.palette import PaletteAction, add_palette_action
from portico.ui.words import say_n
from portico.workspaces.choices import Permission


def _sent_to_several(n: int, done: str) -> str:
    """Of many, where their links are if nothing went out; of none, nothing more."""
    if not n or not not_sent():
        return done
    return f"{done} " + _("No mail server is set; their links are under Team, Invitations.")


def _is_of_invited(narrowed: Mapping[str, Any]) -> bool:
    """Whether everybody in a list that is narrowed like this has an invitation already."""
    return narrowed.get(NAME) in (PENDING, EXPIRED)


add_act("people.invite", invite_people)
add_act("people.resend", resend_to_people)
add_bulk_verb(
    BulkVerb(
        name="people.invite",
        permissions=(Permission.VIEW_CLIENTS, Permission.CREATE_CLIENTS),
        label=lambda: _("Invite"),
        icon="send",
        question=WHETHER,
        title=lambda n: say_n("Invite %(n)s person?", "Invite %(n)s people?", n),
        verb=lambda n: say_n("Invite %(n)s person", "Invite %(n)s people", n),
        done=lambda n: _sent_to_several(
            n, say_n("%(n)s person invited.", "%(n)s people invited.", n)
        ),
        is_undoable=False,
        is_for=lambda narrowed: not _is_of_invited(narrowed),
        hint=room_hint,
    )
)
add_bulk_verb(
    BulkVerb(
        name="people.resend",
        permissions=(Permission.VIEW_CLIENTS, Permission.CREATE_CLIENTS),
        label=lambda: _("Resend"),
        icon="refresh",
        question=None,
        title=lambda n: say_n("Invite %(n)s person again?", "Invite %(n)s people again?", n),
        verb=lambda n: say_n("Invite %(n)s person again", "Invite %(n)s people again", n),
        done=lambda n: _sent_to_several(
            n, say_n("%(n)s person invited again.", "%(n)s people invited again.", n)
        ),
        is_undoable=False,
    )
)
add_act("people.cancel_invitations", cancel_of_people)
add_bulk_verb(
    BulkVerb(
        name="people.cancel_invitations",
        permissions=(Permission.VIEW_CLIENTS, Permission.CREATE_CLIENTS),
        label=lambda: _("Cancel invitations"),
        icon="mail-off",
        question=None,
        title=lambda n: say_n(
            "Cancel the invitation of %(n)s person?", "Cancel the invitations of %(n)s people?", n
        ),
        verb=lambda n: say_n(
            "Cancel the invitation of %(n)s person", "Cancel the invitations of %(n)s people", n
        ),
        done=lambda n: say_n(
            "Invitation of %(n)s person cancelled.", "Invitations of %(n)s people cancelled.", n
        ),
        is_for=_is_of_invited,
    )
)
add_palette_action(
    PaletteAction(
        name="agents.invite",
        view="agents.invite",
        label=lambda: _("Invite a colleague"),
        icon="user-plus",
        permissions=(Permission.MANAGE_TEAM,),
        place=80,
    )
)
