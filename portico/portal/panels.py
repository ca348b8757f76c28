"""The portal's menu, and the switcher for who belongs to several organizations."""

from typing import Any

from django.template import engines
from django.template.backends.utils import csrf_input_lazy
from django.utils.translation import gettext as _
from markupsafe import Markup

from portico.clients.choices import ClientPermission
from portico.kit.policies import Audience
from portico.portal.reports import open_organizations
from portico.ui.menu import MenuEntry, add_menu_entry


def organization_switch(request: Any) -> Markup:
    """The choice of organization in the top bar; empty for who belongs to one only.

    Costs no query: the memberships were read when it was decided that the reader gets in.
    """
    organizations = open_organizations(request.user)
    if len(organizations) < 2:
        return Markup()
    engine: Any = engines["jinja2"]
    template = engine.env.get_template("portal/organization_switch.html")
    values = {
        "organizations": organizations,
        "chosen_id": request.actor.organization_id,
        "csrf_input": csrf_input_lazy(request),
    }
    return Markup(template.render(values))  # noqa: S704 - an escaping template of ours


add_menu_entry(
    MenuEntry(
        view="portal.home",
        label=lambda: _("Home"),
        icon="home",
        audience=Audience.PERSON,
        place=0,
    )
)
add_menu_entry(
    MenuEntry(
        view="portal.locations",
        label=lambda: _("Locations"),
        icon="map-pin",
        audience=Audience.PERSON,
        permission=ClientPermission.VIEW_LOCATIONS,
        place=40,
    )
)
add_menu_entry(
    MenuEntry(
        view="accounts.show",
        label=lambda: _("Account"),
        icon="user",
        audience=Audience.PERSON,
        place=90,
        prefix="/account/",
    )
)
