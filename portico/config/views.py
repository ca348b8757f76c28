"""Answers that belong to no app: health, refusals, faults."""

import json
import logging
import shutil
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _

from portico.config.heartbeat import is_worker_alive
from portico.kit.errors import Denied, Merged, NotThere, Refusal, Stale
from portico.ui.pages import render
from portico.workspaces.reports import givers, permission_text, support_contact

logger = logging.getLogger("portico.faults")
ICONS = {403: "lock", 404: "search"}
LEAST_FREE_BYTES = 50 * 1024 * 1024


def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(_request: HttpRequest) -> HttpResponse:
    """Database, migrations, worker heartbeat and disk; 503 when one of them fails."""
    checks = {
        "database": _database_answers(),
        "migrations": _is_migrated(),
        "worker": is_worker_alive(),
        "disk": _has_space(),
    }
    is_ready = all(checks.values())
    states = {name: "ok" if good else "failed" for name, good in checks.items()}
    return JsonResponse(
        {"status": "ok" if is_ready else "failed", "checks": states},
        status=200 if is_ready else 503,
    )


def refusal(request: Any, error: Refusal) -> HttpResponse:
    """The page for what an action or a policy said, or a toast for htmx."""
    if isinstance(error, NotThere):
        return not_found(request)
    if isinstance(error, Merged) and _is_read_by_address(request, error):
        return _to_survivor(request, error)
    if isinstance(error, Denied):
        return _denied(request, error)
    title = _("Somebody saved before you") if isinstance(error, Stale) else _("This was not done")
    text = error.detail or _("Open the record again to see its present values.")
    status = 409 if isinstance(error, Stale) else error.status
    response = _error_page(request, title, text, status=status)
    if error.retry_after:
        response["Retry-After"] = str(error.retry_after)
    return response


def _is_read_by_address(request: Any, error: Merged) -> bool:
    return error.field is None and request.method in {"GET", "HEAD"}


def _to_survivor(request: Any, error: Merged) -> HttpResponse:
    """The same page of the record that this one became; the id is the only one in the address."""
    ids = request.resolver_match.kwargs.values() if request.resolver_match else ()
    address = request.get_full_path()
    for key in ids:
        address = address.replace(str(key), str(error.survivor_id), 1)
    return HttpResponseRedirect(address)


def not_found(request: Any, exception: Exception | None = None) -> HttpResponse:
    """One answer for what never was, is hidden, or belongs to somebody else."""
    return _error_page(
        request,
        _("Not found"),
        _("This page does not exist or is not shared with you."),
        status=404,
    )


def fault(request: Any) -> HttpResponse:
    """Something broke: nothing of it is shown but the code under which it was recorded."""
    return _error_page(
        request,
        _("This did not work"),
        _("It was recorded as %(code)s. Nothing was changed.") % {"code": _code(request)},
        status=500,
    )


def storage_failed(request: Any) -> HttpResponse:
    """The database is busy or cut off, or the disk is full: say so, and when to come back."""
    response = _error_page(
        request,
        _("Nothing could be saved just now"),
        _("The database is busy or the disk is full. Nothing was changed; try again in a moment."),
        status=503,
    )
    response["Retry-After"] = "5"
    return response


def met_another(request: Any) -> HttpResponse:
    """Another change of the same records came in between, twice: nothing of this one is left."""
    title = _("This was not done yet")
    response = _error_page(request, title, met_another_text(), status=503)
    response["Retry-After"] = "1"
    return response


def met_another_text() -> str:
    """Why, and what to do."""
    return _("Others are changing the same at this moment. Nothing was changed; send it again.")


def too_large(request: Any) -> HttpResponse:
    """The body is larger than this page takes."""
    return _error_page(
        request, _("Too large"), _("What was sent is larger than this page takes."), status=413
    )


def csrf_failure(request: Any, reason: str = "") -> HttpResponse:
    """The form's secret did not fit: an old tab, or another site."""
    logger.warning("csrf refused: %s", reason)
    return _error_page(
        request,
        _("This form is too old"),
        _("Go back, reload the page and send it again. Nothing was changed."),
        status=403,
    )


def _denied(request: Any, error: Denied) -> HttpResponse:
    if request.actor and request.actor.is_person and not error.detail:
        return _error_page(request, _("You may not do this"), _text_for_person(), status=403)
    may_be_told = request.actor and request.actor.is_agent
    asked = givers() if may_be_told else []
    text = error.detail or _lacking(error)
    links = []
    if asked:
        names = ", ".join(name for name, _email in asked)
        text = f"{text} " + _("%(names)s can give it to you.") % {"names": names}
        name, email = asked[0]
        links = [
            {"label": _("Ask %(name)s") % {"name": name}, "url": f"mailto:{quote(email, safe='@')}"}
        ]
    return _error_page(request, _("You may not do this"), text, status=403, links=links)


def _lacking(error: Denied) -> str:
    labels = ", ".join(permission_text(code) for code in error.any_of or error.permissions)
    text = _("You need this for it: %(labels)s.")
    return (_("One of these is enough: %(labels)s.") if error.any_of else text) % {"labels": labels}


def _text_for_person() -> str:
    """Codes of permissions are for the team; people are told whom to ask (ui.md 1, rule 10)."""
    contact = support_contact()
    text = _("Your role does not include this.")
    if contact is None:
        return text
    return f"{text} " + _("Ask %(contact)s.") % {"contact": contact.label}


def _error_page(
    request: Any,
    title: str,
    text: str,
    *,
    status: int,
    links: Sequence[Mapping[str, str]] = (),
) -> HttpResponse:
    context = {
        "error_title": title,
        "error_icon": ICONS.get(status, ""),
        "error_text": text,
        "error_code": _code(request),
        "error_links": [*links, {"label": _("Go to Home"), "url": "/"}],
    }
    response = render(request, "ui/error.html", context, status=status)
    if getattr(request, "htmx", False):
        response["HX-Trigger"] = json.dumps({"toast": _failure(request, title, text)})
    return response


def _failure(request: Any, title: str, text: str) -> dict[str, Any]:
    """The same for who stays on the page: htmx shows no page of an error, but a toast."""
    code = _code(request)
    said = f"{title}. {text}"
    return {"text": said if not code or code in said else f"{said} ({code})", "tone": "error"}


def _code(request: Any) -> str:
    return getattr(request, "id", "")


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _is_migrated() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _has_space() -> bool:
    return shutil.disk_usage(settings.PORTICO_DATA_DIR).free > LEAST_FREE_BYTES
