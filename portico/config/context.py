"""What the shells show on every page."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.backends.utils import csrf_input
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from portico.kit.actors import Actor
from portico.kit.form_tokens import new_form_token
from portico.kit.routes import address_of
from portico.kit.tenancy.scope import scope_or_none
from portico.portal.panels import organization_switch
from portico.ui.menu import MenuItem, menu_of
from portico.ui.palette import first_creation
from portico.workspaces.reports import accent_url, support_contact


def shell(request: HttpRequest) -> dict[str, Any]:
    """Menu, reader's theme, addresses of the shell's own forms; no query of its own."""
    actor = getattr(request, "actor", None)
    user = getattr(request, "user", None)
    values: dict[str, Any] = {
        "workspace": scope_or_none(),
        "actor": actor,
        "form_token": new_form_token(),
        "home_url": "/",
        "accent_url": accent_url(),
        "support": support_contact,
        # Every form of a page carries the same mask: a new one for each costs as much as a query.
        "csrf_token": SimpleLazyObject(partial(get_token, request)),
        "csrf_input": SimpleLazyObject(partial(csrf_input, request)),
    }
    if actor is None or user is None or not user.is_authenticated:
        return values
    if actor.is_person:
        values["portal_switch"] = organization_switch(request)
    return values | {
        "home_url": "/portal/" if actor.is_person else "/",
        "account_menu": (
            MenuItem(label=_("My account"), url=address_of("accounts.show"), icon="user"),
            *_recent_changes(actor),
        ),
        "menu": menu_of(request, actor),
        "menu_foot": menu_of(request, actor, is_foot=True),
        "reader_theme": user.theme,
        "reader_avatar_id": user.avatar_id,
        "reader_language": user.language,
        "reader_density": user.density,
        "shortcuts_off": not user.has_shortcuts,
        **_ways_in(actor),
        "theme_url": address_of("accounts.theme"),
        "sign_out_url": address_of("account_logout"),
    }


def _ways_in(actor: Actor) -> dict[str, Any]:
    """The palette, what C creates where a page creates nothing itself, what Z undoes and where."""
    if not actor.is_agent:
        return {}
    return {
        "search_url": address_of("search"),
        "creation": first_creation(actor),
        "undo_last_url": address_of("acts.undo_last"),
        "changes_url": address_of("acts.list"),
    }


def _recent_changes(actor: Actor) -> list[MenuItem]:
    """Agents find what they did, and its Undo, in the same menu on every page."""
    if not actor.is_agent:
        return []
    return [MenuItem(label=_("Recent changes"), url=address_of("acts.list"), icon="history")]
