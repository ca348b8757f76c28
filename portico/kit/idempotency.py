"""Idempotency-Key: a POST of the API repeated with the same key does its work once.

Key, act and answer are committed in one transaction, so a killed process leaves all or nothing;
a second request with the key waits for the first and repeats its answer. (IETF draft
idempotency-key-header-07; 24 hours; another body under the same key is 422.) An answer that says
`Cache-Control: no-store` holds a secret and is not kept: the same POST again does its work again.
"""

import datetime
import hashlib
from collections.abc import Callable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.kit.errors import Refused
from portico.kit.models import IdempotencyKey

KEEP_FOR = datetime.timedelta(hours=24)
MAXIMUM_LENGTH = 255
KEPT_HEADERS = ("ETag", "Location")
NO_STORE = "no-store"


def answer_once(
    request: HttpRequest, actor_id: UUID, answer: Callable[[], HttpResponse]
) -> HttpResponse:
    """Answer the request, or repeat the answer that the same key got before.

    Raises Refused("idempotency_key_invalid") and Refused("idempotency_key_reused").
    """
    key = request.headers["Idempotency-Key"]
    if not key or len(key) > MAXIMUM_LENGTH:
        raise Refused(
            "idempotency_key_invalid",
            _("An Idempotency-Key has 1 to 255 characters."),
            status=400,
        )
    operation = f"{request.method} {request.path}"[:200]
    body_hash = hashlib.sha256(request.body).hexdigest()
    with transaction.atomic():
        row = _take(actor_id, operation, key=key, body_hash=body_hash)
        if row is None:
            first = IdempotencyKey.objects.get(actor_id=actor_id, operation=operation, key=key)
            return _repeat(first, body_hash)
        response = answer()
        if response.status_code >= 400:
            transaction.set_rollback(True)
        elif response.headers.get("Cache-Control") == NO_STORE:
            row.delete()
        else:
            _keep(row, response)
        return response


def _take(actor_id: UUID, operation: str, *, key: str, body_hash: str) -> IdempotencyKey | None:
    """Store the key; None when it is there already."""
    old = timezone.now() - KEEP_FOR
    keys = IdempotencyKey.objects.filter(actor_id=actor_id, operation=operation, key=key)
    keys.filter(created_at__lt=old).delete()
    try:
        with transaction.atomic():
            taken: IdempotencyKey = IdempotencyKey.objects.create(
                actor_id=actor_id, operation=operation, key=key, body_hash=body_hash
            )
    except IntegrityError:
        return None
    return taken


def _keep(row: IdempotencyKey, response: HttpResponse) -> None:
    row.status = response.status_code
    row.answer = response.content
    row.content_type = response.headers.get("Content-Type", "")
    row.headers = {name: response[name] for name in KEPT_HEADERS if name in response.headers}
    row.save()


def _repeat(first: IdempotencyKey, body_hash: str) -> HttpResponse:
    if first.body_hash != body_hash:
        raise Refused(
            "idempotency_key_reused",
            _("This Idempotency-Key was used with another body."),
        )
    response = HttpResponse(bytes(first.answer), status=first.status)
    response["Content-Type"] = first.content_type
    for name, value in first.headers.items():
        response[name] = value
    response["Idempotency-Replayed"] = "true"
    return response
