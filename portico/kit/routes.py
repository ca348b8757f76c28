"""The addresses of views: what stands around a record's id is worked out once for each."""

from functools import lru_cache
from uuid import UUID

from django.urls import reverse

_STAND_IN = UUID(int=0)


def address_of(view: str, record_id: UUID | None = None, **words: str) -> str:
    """As `reverse`, for the addresses that every page prints by the dozen.

    `words` are the other parts of the address: fixed ones such as the name of a field, for they are
    kept. What somebody typed, and tokens, go through `reverse`.
    """
    before, after = _around(view, tuple(words.items()), has_id=record_id is not None)
    return before if record_id is None else f"{before}{record_id}{after}"


@lru_cache(maxsize=1024)
def _around(view: str, words: tuple[tuple[str, str], ...], *, has_id: bool) -> tuple[str, str]:
    kwargs = dict(words) | ({"id": str(_STAND_IN)} if has_id else {})
    before, _, after = reverse(view, kwargs=kwargs or None).partition(str(_STAND_IN))
    return before, after
