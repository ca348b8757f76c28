"""Form tokens: a form pressed twice does its work once.

The token is made when the form is shown (nothing is written by a GET) and stored when it is first
posted, in the transaction of the act itself.
"""

import re
from collections.abc import Callable
from functools import wraps
from secrets import token_urlsafe
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from portico.kit.models import FormToken

FIELD = "form_token"
# Anything else was made by somebody else, and may not even fit a column (NUL).
_OURS = re.compile(r"[A-Za-z0-9_-]{1,64}")


def new_form_token() -> str:
    """A fresh token for a form about to be shown."""
    return token_urlsafe(24)


def once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wrap a form's view so that the same token posted again repeats the first answer.

    Only an answer that went through (a redirect or 204) keeps the token; a form shown again with
    errors may be sent again with the same one.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token = request.POST.get(FIELD, "")
        actor = getattr(request, "actor", None)
        if request.method != "POST" or not _OURS.fullmatch(token) or actor is None:
            return view(request, *args, **kwargs)
        return _posted_once(request, token, lambda: view(request, *args, **kwargs))

    return guarded


def _posted_once(request: Any, token: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    with transaction.atomic():
        row = _take(request.actor.id, token)
        if row is None:
            first = FormToken.objects.get(actor_id=request.actor.id, token=token)
            return (
                HttpResponseRedirect(first.location) if first.location else HttpResponse(status=204)
            )
        response = answer()
        if response.status_code in {204, 302, 303}:
            row.location = response.headers.get("Location", "")[:500]
            row.save(update_fields=["location"])
        else:
            transaction.set_rollback(True)
        return response


def _take(actor_id: Any, token: str) -> FormToken | None:
    """Store the token; None when it is there already."""
    try:
        with transaction.atomic():
            taken: FormToken = FormToken.objects.create(actor_id=actor_id, token=token)
    except IntegrityError:
        return None
    return taken
