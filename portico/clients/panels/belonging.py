"""What the fields of locations are called, and how events of locations and memberships read."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.clients.panels.words import ORGANIZATION_LABELS
from portico.history.reports import EventWords, add_event_words, add_field_labels
from portico.ui.words import say, say_n

LOCATION_LABELS: Mapping[str, Callable[[], str]] = {
    **{name: label for name, label in ORGANIZATION_LABELS.items() if name.startswith("address_")},
    "name": lambda: _("Name"),
    "area": lambda: _("Area in m²"),
    "latitude": lambda: _("Latitude"),
    "longitude": lambda: _("Longitude"),
    "note": lambda: _("Note"),
    "tags": lambda: _("Tags"),
}
"""What the fields of a location are called."""

add_field_labels("location", LOCATION_LABELS)

_EVENT_WORDS: Mapping[str, EventWords] = {
    "location.created": EventWords(
        own=lambda: _("added this location"),
        other=lambda name: _("added the location %(name)s") % {"name": name},
    ),
    "location.updated": EventWords(
        own=lambda: _("changed this location"),
        other=lambda name: _("changed the location %(name)s") % {"name": name},
    ),
    "location.closed": EventWords(
        own=lambda: _("closed this location"),
        other=lambda name: _("closed the location %(name)s") % {"name": name},
        many=lambda n: ngettext("closed %(n)s location", "closed %(n)s locations", n) % {"n": n},
    ),
    "location.reopened": EventWords(
        own=lambda: _("reopened this location"),
        other=lambda name: _("reopened the location %(name)s") % {"name": name},
        many=lambda n: (
            ngettext("reopened %(n)s location", "reopened %(n)s locations", n) % {"n": n}
        ),
    ),
    "location.removed": EventWords(
        own=lambda: _("took back the creation of this location"),
        other=lambda name: _("took back the creation of the location %(name)s") % {"name": name},
    ),
    "membership.created": EventWords(
        own=lambda: say("added this person to an organization"),
        other=lambda name: say("added the person %(name)s to an organization", name=name),
    ),
    "membership.updated": EventWords(
        own=lambda: say("changed how this person belongs to an organization"),
        other=lambda name: say(
            "changed how the person %(name)s belongs to an organization", name=name
        ),
    ),
    "membership.removed": EventWords(
        own=lambda: say("removed this person from an organization"),
        other=lambda name: say("removed the person %(name)s from an organization", name=name),
    ),
    "membership.restored": EventWords(
        own=lambda: say("brought back the earlier organizations of this person"),
        other=lambda name: say(
            "brought back the earlier organizations of the person %(name)s", name=name
        ),
    ),
    "person.moved": EventWords(
        own=lambda: say("moved this person to another organization"),
        other=lambda name: say("moved the person %(name)s to another organization", name=name),
        many=lambda n: say_n(
            "moved %(n)s person to another organization",
            "moved %(n)s people to another organization",
            n,
        ),
    ),
}
for _kind, _words in _EVENT_WORDS.items():
    add_event_words(_kind, _words)
