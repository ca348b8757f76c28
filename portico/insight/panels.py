"""Saved views as tabs above the lists, and their words in History."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from portico.clients.guards import (
    SavedListPages,
    add_saved_list_pages,
    add_saved_lists,
    add_tag_use,
)
from portico.history.reports import EventWords, add_event_words, add_field_labels
from portico.insight.reports import saved_views, tags_of_views

add_saved_lists("insight", saved_views)
add_tag_use(tags_of_views)
add_saved_list_pages(SavedListPages(new="views.new", edit="views.edit", counts="views.counts"))
add_field_labels(
    "view",
    {
        "name": lambda: _("Name"),
        "parameters": lambda: _("Filters"),
        "columns": lambda: _("Columns"),
        "is_shared": lambda: _("Shared with the whole team"),
    },
)
_EVENT_WORDS: Mapping[str, EventWords] = {
    "view.created": EventWords(
        own=lambda: _("saved this view"),
        other=lambda name: _("saved the view %(name)s") % {"name": name},
    ),
    "view.updated": EventWords(
        own=lambda: _("changed this view"),
        other=lambda name: _("changed the view %(name)s") % {"name": name},
    ),
    "view.deleted": EventWords(
        own=lambda: _("deleted this view"),
        other=lambda name: _("deleted the view %(name)s") % {"name": name},
    ),
}
for _kind, _words in _EVENT_WORDS.items():
    add_event_words(_kind, _words)
