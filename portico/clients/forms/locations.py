"""The form of a location. Its rules live in the actions; it only shows and carries values."""

from typing import Any

from django import forms

from portico.clients.actions.locations import LOCATIONS
from portico.clients.actions.tagging import tags_of
from portico.clients.models import Location
from portico.clients.panels import LOCATION_LABELS

TEXTS = (
    *("name", "address_street", "address_postal_code", "address_city", "address_region"),
    *("address_country", "area", "latitude", "longitude", "tags", "note"),
)
AREAS = {"address_street", "note"}


class LocationForm(forms.Form):
    """Every field as plain text; the action cleans them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TEXTS:
            widget = forms.Textarea() if name in AREAS else forms.TextInput()
            self.fields[name] = forms.CharField(
                label=LOCATION_LABELS[name](), required=False, strip=False, widget=widget
            )

    def fields_to_save(self) -> dict[str, Any]:
        """The values that were sent, uncleaned."""
        self.is_valid()
        return {name: self.data.get(name, "") for name in self.fields}


def values_of(location: Location) -> dict[str, Any]:
    """The present values as the form shows them."""
    values = {name: getattr(location, name) for name in TEXTS if name != "tags"}
    for name in ("area", "latitude", "longitude"):
        values[name] = "" if values[name] is None else _short(values[name])
    tags = tags_of(LOCATIONS, [location.pk])[location.pk]
    return {**values, "tags": ", ".join(tag.name for tag in tags)}


def _short(number: Any) -> str:
    """A stored number without the zeros that fill up its decimals."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
