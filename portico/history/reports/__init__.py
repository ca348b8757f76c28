"""History as people read it: of one record, of one act, and one's own recent changes."""

from portico.history.reports.acts import (
    RECENT_ACTS,
    ActLine,
    act_text,
    act_texts,
    add_act_places,
    places_of_acts,
    recent_acts,
    text_again,
)
from portico.history.reports.timelines import (
    VIEW_HISTORY,
    Change,
    Day,
    Entry,
    Timeline,
    latest,
    timeline,
)
from portico.history.reports.words import (
    EventWords,
    PairWords,
    add_event_words,
    add_field_labels,
    add_label_prefix,
    field_label,
)

__all__ = [
    "RECENT_ACTS",
    "VIEW_HISTORY",
    "ActLine",
    "Change",
    "Day",
    "Entry",
    "EventWords",
    "PairWords",
    "Timeline",
    "act_text",
    "act_texts",
    "add_act_places",
    "add_event_words",
    "add_field_labels",
    "add_label_prefix",
    "field_label",
    "latest",
    "places_of_acts",
    "recent_acts",
    "text_again",
    "timeline",
]
