"""How the client pages answer: on, by plain form and by htmx alike."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect

from portico.ui.pages import render


def go_to(request: Any, address: str) -> HttpResponse:
    """Send the browser on after a change; a dialog's request makes the whole page go."""
    if not request.htmx:
        return HttpResponseRedirect(address)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = address
    return response


def ask(request: Any, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Show a form or question: `<template>_dialog.html` to htmx, else `<template>.html`.

    A dialog is always answered with 200, because htmx shows nothing else.
    """
    if request.htmx:
        return render(request, f"{template}_dialog.html", context)
    return render(request, f"{template}.html", context, status=status)
