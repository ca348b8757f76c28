"""The states that records are put into by one press: what is asked, done, and said after."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portico.clients.actions.organizations import archive_organizations, unarchive_organizations
from portico.clients.actions.people import (
    archive_people,
    disable_people,
    enable_people,
    unarchive_people,
)
from portico.ui.words import say, say_n
from portico.workspaces.choices import Permission

ORGANIZATION_STATES = (
    Permission.VIEW_CLIENTS,
    Permission.DELETE_CLIENTS,
    Permission.MANAGE_CLIENT_ORGANIZATIONS,
)
PERSON_STATES = (Permission.VIEW_CLIENTS, Permission.DELETE_CLIENTS)
PERSON_SIGN_IN = (Permission.VIEW_CLIENTS, Permission.EDIT_CLIENTS)
DEMANDS = {
    "organizations.archive": ORGANIZATION_STATES,
    "organizations.unarchive": ORGANIZATION_STATES,
    "people.archive": PERSON_STATES,
    "people.unarchive": PERSON_STATES,
    "people.disable": PERSON_SIGN_IN,
    "people.enable": PERSON_SIGN_IN,
}


@dataclass(frozen=True, kw_only=True)
class StateChange:
    """One state: its view `<records>.<verb>`, its action, its texts.

    Texts take how many records are meant, or the name of the one. `may_stop_asking`: the question
    can be switched off, because Undo is enough (ui.md 1, rule 1).
    """

    view: str
    action: Callable[[Any, Any], list[Any]]
    title: Callable[[int], str]
    text: Callable[[], str]
    verb: Callable[[int], str]
    done: Callable[[int], str]
    one_done: Callable[[str], str]
    may_stop_asking: bool = False

    @property
    def records(self) -> str:
        """organizations or people."""
        return self.view.partition(".")[0]

    @property
    def leaves_list(self) -> bool:
        """Whether the records go to the archive, which the toast then leads to."""
        return self.view.endswith(".archive")


def _named(sentence: Callable[[], str]) -> Callable[[str], str]:
    return lambda name: sentence() % {"name": name}


STATE_CHANGES = (
    StateChange(
        view="organizations.archive",
        action=archive_organizations,
        title=lambda n: say_n("Archive %(n)s organization?", "Archive %(n)s organizations?", n),
        text=lambda: say(
            "They leave the daily lists and their people cannot sign in. Nothing is deleted, and "
            "they can be brought back at any time."
        ),
        verb=lambda n: say_n("Archive %(n)s organization", "Archive %(n)s organizations", n),
        done=lambda n: say_n("%(n)s organization archived.", "%(n)s organizations archived.", n),
        one_done=_named(lambda: _("%(name)s archived.")),
        may_stop_asking=True,
    ),
    StateChange(
        view="organizations.unarchive",
        action=unarchive_organizations,
        title=lambda n: say_n("Unarchive %(n)s organization?", "Unarchive %(n)s organizations?", n),
        text=lambda: say(
            "They return to the daily lists with exactly the people archived with them."
        ),
        verb=lambda n: say_n("Unarchive %(n)s organization", "Unarchive %(n)s organizations", n),
        done=lambda n: say_n(
            "%(n)s organization unarchived.", "%(n)s organizations unarchived.", n
        ),
        one_done=_named(lambda: _("%(name)s unarchived.")),
        may_stop_asking=True,
    ),
    StateChange(
        view="people.archive",
        action=archive_people,
        title=lambda n: say_n("Archive %(n)s person?", "Archive %(n)s people?", n),
        text=lambda: _(
            "They leave the daily lists and cannot sign in. Nothing is deleted, and they can be "
            "brought back at any time."
        ),
        verb=lambda n: say_n("Archive %(n)s person", "Archive %(n)s people", n),
        done=lambda n: say_n("%(n)s person archived.", "%(n)s people archived.", n),
        one_done=_named(lambda: _("%(name)s archived.")),
        may_stop_asking=True,
    ),
    StateChange(
        view="people.unarchive",
        action=unarchive_people,
        title=lambda n: say_n("Unarchive %(n)s person?", "Unarchive %(n)s people?", n),
        text=lambda: _("They return to the daily lists and can sign in as before."),
        verb=lambda n: say_n("Unarchive %(n)s person", "Unarchive %(n)s people", n),
        done=lambda n: say_n("%(n)s person unarchived.", "%(n)s people unarchived.", n),
        one_done=_named(lambda: _("%(name)s unarchived.")),
        may_stop_asking=True,
    ),
    StateChange(
        view="people.disable",
        action=disable_people,
        title=lambda n: say_n(
            "Disable the sign-in of %(n)s person?", "Disable the sign-in of %(n)s people?", n
        ),
        text=lambda: _(
            "They cannot sign in, and open sessions end at once. Everything else stays."
        ),
        verb=lambda _n: say("Disable sign-in"),
        done=lambda n: say_n(
            "The sign-in of %(n)s person disabled.", "The sign-in of %(n)s people disabled.", n
        ),
        one_done=_named(lambda: _("%(name)s cannot sign in.")),
    ),
    StateChange(
        view="people.enable",
        action=enable_people,
        title=lambda n: say_n(
            "Enable the sign-in of %(n)s person?", "Enable the sign-in of %(n)s people?", n
        ),
        text=lambda: _("They can sign in again with the same password and roles."),
        verb=lambda _n: _("Enable sign-in"),
        done=lambda n: say_n(
            "The sign-in of %(n)s person enabled.", "The sign-in of %(n)s people enabled.", n
        ),
        one_done=_named(lambda: _("%(name)s can sign in again.")),
    ),
)
