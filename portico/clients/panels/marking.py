"""Tags and custom properties: their pages of Settings, and how their events read."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from portico.clients.choices import PropertySubject
from portico.clients.cleaning import PROPERTY_PREFIX
from portico.clients.models import CustomProperty, Organization
from portico.clients.panels import (
    ListLink,
    OrganizationPanel,
    add_list_link,
    add_organization_panel,
)
from portico.clients.reports import lacks_manager
from portico.history.reports import (
    EventWords,
    add_event_words,
    add_field_labels,
    add_label_prefix,
)
from portico.kit.actors import Actor
from portico.ui.words import say
from portico.workspaces.choices import Permission
from portico.workspaces.panels import SettingsPage, add_settings_page


def _property_labels(subject: str, keys: Collection[str]) -> Mapping[str, str]:
    """What custom properties are called now; those that are gone are left out."""
    rows = CustomProperty.objects.filter(subject=subject, key__in=keys)
    return dict(rows.values_list("key", "label"))


def _unmanaged(actor: Actor, organization: Organization) -> dict[str, Any] | None:
    """The flag of an organization that nobody looks after (S2.43)."""
    if organization.archived_at is not None or not lacks_manager(organization):
        return None
    return {"may_edit": actor.may(Permission.MANAGE_CLIENT_ORGANIZATIONS)}


def _words(own: Callable[[], str], other: Callable[[], str]) -> EventWords:
    return EventWords(own=own, other=lambda name: other() % {"name": name})


_EVENT_WORDS: Mapping[str, EventWords] = {
    "tag.created": _words(lambda: _("created this tag"), lambda: _("created the tag %(name)s")),
    "tag.updated": _words(lambda: _("changed this tag"), lambda: _("changed the tag %(name)s")),
    "tag.merged": _words(
        lambda: _("merged other tags into this one"),
        lambda: _("merged other tags into %(name)s"),
    ),
    "tag.deleted": _words(lambda: _("deleted this tag"), lambda: _("deleted the tag %(name)s")),
    "property.created": _words(
        lambda: _("created this property"), lambda: _("created the property %(name)s")
    ),
    "property.updated": _words(
        lambda: _("changed this property"), lambda: _("changed the property %(name)s")
    ),
    "property.moved": _words(
        lambda: _("moved this property"), lambda: _("moved the property %(name)s")
    ),
    "property.removed": _words(
        lambda: _("took back the creation of this property"),
        lambda: _("took back the creation of the property %(name)s"),
    ),
    "property.archived": _words(
        lambda: _("archived this property"), lambda: _("archived the property %(name)s")
    ),
    "property.unarchived": _words(
        lambda: _("unarchived this property"), lambda: _("unarchived the property %(name)s")
    ),
}
for _kind, _said in _EVENT_WORDS.items():
    add_event_words(_kind, _said)

add_field_labels(
    "tag",
    {"name": lambda: _("Name"), "colour": lambda: _("Colour"), "merged": lambda: _("Merged")},
)
add_field_labels(
    "property",
    {
        "label": lambda: _("Label"),
        "kind": lambda: _("Kind"),
        "choices": lambda: _("Choices"),
        "is_required": lambda: _("Required"),
        "is_visible_to_clients": lambda: _("Shown in the portal"),
        "place": lambda: _("Place in the list"),
    },
)
for _subject in PropertySubject:
    add_label_prefix(_subject, PROPERTY_PREFIX, labels=partial(_property_labels, _subject))

add_settings_page(
    SettingsPage(
        view="tags.list",
        label=lambda: _("Tags"),
        text=lambda: _("Rename, colour, merge and delete what marks your records."),
        icon="tag",
        permission=Permission.MANAGE_WORKSPACE,
        place=30,
    )
)
add_settings_page(
    SettingsPage(
        view="properties.list",
        label=lambda: _("Properties"),
        text=lambda: say("Your own fields of organizations and people."),
        icon="forms",
        permission=Permission.MANAGE_WORKSPACE,
        place=31,
    )
)
add_organization_panel(
    OrganizationPanel(
        name="unmanaged", template="clients/panels/unmanaged.html", context=_unmanaged
    )
)

add_list_link(
    ListLink(
        view="duplicates.list",
        label=lambda: _("Duplicates"),
        icon="arrows-join",
        permission=Permission.VIEW_CLIENTS,
    )
)
