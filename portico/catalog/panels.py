"""The menu entry, the tab of organizations, and how events read."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.catalog.models import Subscription
from portico.catalog.reports import SERVICES
from portico.clients.actions.merging import MergePart, add_merge_part
from portico.clients.choices import PropertySubject
from portico.clients.panels import RecordTab, add_organization_tab
from portico.history.reports import EventWords, add_event_words, add_field_labels
from portico.kit.policies import Audience
from portico.ui.menu import MenuEntry, add_menu_entry
from portico.workspaces.choices import Permission

add_menu_entry(
    MenuEntry(
        view="services.list",
        label=lambda: _("Services"),
        icon="stack-2",
        audience=Audience.AGENT,
        permission=Permission.MANAGE_SERVICES,
        module=SERVICES,
        place=50,
        prefix="/services/",
    )
)
add_organization_tab(
    RecordTab(
        name="services",
        label=lambda: _("Services"),
        view="organizations.services",
        permission=Permission.VIEW_CLIENTS,
        module=SERVICES,
        place=40,
    )
)

add_field_labels(
    "service",
    {
        "name": lambda: _("Name"),
        "description": lambda: _("Description"),
        "is_active": lambda: _("Active"),
        "for_everyone": lambda: _("Offered to everyone"),
    },
)
add_field_labels("subscription", {"since": lambda: _("First day"), "until": lambda: _("Last day")})

_WORDS = {
    "service.created": EventWords(
        own=lambda: _("added this service"),
        other=lambda name: _("added the service %(name)s") % {"name": name},
    ),
    "service.updated": EventWords(
        own=lambda: _("changed this service"),
        other=lambda name: _("changed the service %(name)s") % {"name": name},
    ),
    "service.removed": EventWords(
        own=lambda: _("removed this service"),
        other=lambda name: _("removed the service %(name)s") % {"name": name},
    ),
    "subscription.created": EventWords(
        own=lambda: _("began this subscription"),
        other=lambda name: _("began the subscription %(name)s") % {"name": name},
    ),
    "subscription.ended": EventWords(
        own=lambda: _("ended this subscription"),
        other=lambda name: _("ended the subscription %(name)s") % {"name": name},
    ),
    "subscription.updated": EventWords(
        own=lambda: _("changed this subscription"),
        other=lambda name: _("changed the subscription %(name)s") % {"name": name},
    ),
}
for _kind, _words in _WORDS.items():
    add_event_words(_kind, _words)
add_merge_part(
    MergePart(
        subject=PropertySubject.ORGANIZATION,
        name="subscriptions",
        model=Subscription,
        column="organization_id",
        same=("service_id",),
        among=Q(until=None),
        label=lambda n: ngettext("%(n)s subscription", "%(n)s subscriptions", n) % {"n": f"{n:,}"},
    )
)
