"""Saving into a record that went meanwhile: nobody's text is lost (edge case 58)."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from portico.clients.panels import ORGANIZATION_LABELS, PERSON_LABELS
from portico.history.reports import field_label
from portico.kit.errors import Merged, NotThere
from portico.kit.ids import parse_id
from portico.ui.pages import render
from portico.ui.words import say

View = Callable[..., HttpResponse]
_LABELS: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "organizations": ORGANIZATION_LABELS,
    "people": PERSON_LABELS,
}


def keeps_typed(records: str) -> Callable[[View], View]:
    """What was sent to a record that is gone comes back to be copied, instead of "Not found"."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
            try:
                return view(request, id)
            except (NotThere, Merged):
                if request.method != "POST":
                    raise
                return _typed(request, records)

        return answer

    return decorate


def keeps_typed_field(records: str, find: Callable[[Any, UUID], object]) -> Callable[[View], View]:
    """The same for a field edited in place: said where it stands, with what was typed.

    `find(actor, id)` raises as the view does for a record that is gone; a field that is none of a
    record that is there stays "Not found".
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: Any, id: UUID, field: str) -> HttpResponse:  # noqa: A002 - the address's word
            try:
                return view(request, id, field)
            except (NotThere, Merged):
                if not (request.htmx or request.method == "POST") or _is_there(request, find, id):
                    raise
                return _typed_field(request, records, id, field=field)

        return answer

    return decorate


def _is_there(request: Any, find: Callable[[Any, UUID], object], key: UUID) -> bool:
    try:
        find(request.actor, key)
    except (NotThere, Merged):
        return False
    return True


def _typed_field(request: Any, records: str, key: UUID, *, field: str) -> HttpResponse:
    """A fragment for htmx, the whole page for a plain form."""
    kind = "organization" if records == "organizations" else "person"
    names = [name for name in request.POST if f"initial-{name}" in request.POST]
    typed = [
        (name, field_label(kind, name), request.POST[name])
        for name in names
        if _is_text(request.POST[name], before=request.POST[f"initial-{name}"])
    ]
    context = {
        **_back(records),
        "typed": typed,
        "key": key,
        "field": field,
        "label": field_label(kind, field),
        "is_cell": "cell" in request.POST or "cell" in request.GET,
    }
    template = "clients/details/lost.html" if request.htmx else "clients/lost.html"
    return render(request, template, context, status=404)


def _is_text(typed: str, *, before: str) -> bool:
    """Whether it was typed and not chosen from a list, whose values are ids."""
    return bool(typed.strip()) and typed != before and parse_id(typed) is None


def _typed(request: Any, records: str) -> HttpResponse:
    sent = request.POST
    changed = [
        (name, label(), sent[name])
        for name, label in _LABELS[records].items()
        if sent.get(name, "").strip() and sent[name] != sent.get(f"initial-{name}", "")
    ]
    return render(request, "clients/lost.html", {**_back(records), "typed": changed}, status=404)


def _back(records: str) -> dict[str, str]:
    label = say("Organizations") if records == "organizations" else say("People")
    return {"menu_url": reverse(f"{records}.list"), "menu_label": label}
