"""The links between the pages of a list: opaque to whoever holds them, and nobody else writes one.

A cursor holds the direction and the sort values of the row at the edge, signed together with the
order and the filters. One of another list, or one that somebody wrote themselves, is refused, not
guessed at.
"""

import base64
import datetime
import hmac
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from portico.kit.errors import Refused

_SALT = "portico.kit.pagination"


def write_cursor(direction: str, edge: Sequence[Any], *, bound_to: str) -> str:
    """The link to the rows "after" or "before" the row with these sort values."""
    values = [_pack(value) for value in edge]
    packed = orjson.dumps([direction, _signature(direction, values, bound_to=bound_to), values])
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_cursor(cursor: str, bound_to: str) -> tuple[str, list[Any]]:
    """The direction and the sort values; raises Refused("invalid_cursor") for one not of ours."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        direction, found, values = orjson.loads(base64.b64decode(padded, b"-_", validate=True))
        signature = _signature(direction, values, bound_to=bound_to)
        is_ours = hmac.compare_digest(found, signature)
    except (ValueError, TypeError) as error:
        raise _invalid() from error
    if not is_ours:
        raise _invalid()
    return direction, [_unpack(value) for value in values]


def _signature(direction: str, values: Sequence[Any], *, bound_to: str) -> str:
    """Nobody else can write one, so no value reaches the database that it does not take."""
    edge = orjson.dumps([direction, values]).decode()
    return salted_hmac(_SALT, f"{bound_to}\n{edge}", algorithm="sha256").hexdigest()[:32]


def _invalid() -> Refused:
    text = _("This page link is no longer valid.")
    return Refused("invalid_cursor", text, field="cursor", status=400)


def _pack(value: Any) -> Any:
    """JSON has neither ids nor dates nor exact numbers: mark them with their kind."""
    if isinstance(value, UUID):
        return {"id": str(value)}
    if isinstance(value, datetime.datetime):
        return {"at": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"on": value.isoformat()}
    if isinstance(value, Decimal):
        return {"number": str(value)}
    return value


def _unpack(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "id" in value:
        return UUID(value["id"])
    if "at" in value:
        return datetime.datetime.fromisoformat(value["at"])
    if "on" in value:
        return datetime.date.fromisoformat(value["on"])
    if "number" in value:
        return Decimal(value["number"])
    raise ValueError("unknown kind of value")
