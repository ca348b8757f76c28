"""How the client pages answer: on, by plain form and by htmx alike."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.kit.selection import Selection
from portico.ui.pages import render
from portico.ui.toasts import undo_toast


def go_to(request: Any, address: str) -> HttpResponse:
    """Send the browser on after a change; a dialog's request makes the whole page go."""
    if not request.htmx:
        return HttpResponseRedirect(address)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = address
    return response


def tell_saved(request: Any, name: str, *, has_changed: bool) -> None:
    """Say on the next page that an edit was saved, with Undo where it changed anything."""
    text = _("%(name)s saved.") % {"name": name}
    if has_changed:
        undo_toast(request, text)
    else:
        messages.success(request, text)


def go_on_editing_or_to(request: Any, address: str) -> HttpResponse:
    """After a saved edit: on to the record, or back to the form for who pressed Ctrl S."""
    return go_to(request, request.path if "stay" in request.POST else address)


def cell_saved(record: Any, field: str, *, text: str, undo_url: str | None) -> HttpResponse:
    """The list asks for its row again and then says it, with Undo (behaviours/cells.ts)."""
    saved = {
        "id": str(record.pk),
        "field": field,
        "text": text,
        "undo_url": undo_url,
        "gone": _("%(name)s is no longer on this page of the list.") % {"name": record},
    }
    response = HttpResponse(status=204)
    response["HX-Trigger"] = json.dumps({"cell-saved": saved})
    return response


def ask(request: Any, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Show a form or question: `<template>_dialog.html` to htmx, else `<template>.html`.

    A dialog is always answered with 200, because htmx shows nothing else.
    """
    if request.htmx:
        return render(request, f"{template}_dialog.html", context)
    return render(request, f"{template}.html", context, status=status)


def back_of(sent: QueryDict, selection: Selection, *, records: str) -> str:
    """To the list as it was filtered; from a record's own menu, to that record."""
    if "filters" not in sent and len(selection.ids) == 1:
        return reverse(f"{records}.show", kwargs={"id": selection.ids[0]})
    filters = QueryDict(sent.get("filters", ""), mutable=True)
    filters.pop("cursor", None)
    encoded = filters.urlencode()
    return reverse(f"{records}.list") + (f"?{encoded}" if encoded else "")
