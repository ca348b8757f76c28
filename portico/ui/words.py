"""The preset's words: whole messages looked up in the preset's translation context.

Message ids are English with the internal nouns; `portico/locale/en` holds each of them for every
preset. A word is never pasted into a sentence.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.translation import npgettext, pgettext

from portico.kit.tenancy.scope import scope_or_none

DEFAULT_PRESET = "agency"

_tried_on: ContextVar[str] = ContextVar("preset_tried_on", default="")


@contextmanager
def words_of(preset: str) -> Iterator[None]:
    """Speak in the words of this preset for a while, to show what it would look like."""
    token = _tried_on.set(preset)
    try:
        yield
    finally:
        _tried_on.reset(token)


def current_preset() -> str:
    """The preset of the open scope; the default one where there is none (first run)."""
    scope = scope_or_none()
    return _tried_on.get() or (scope.preset if scope else DEFAULT_PRESET)


def say(message: str, **values: object) -> str:
    """The message in the words of the workspace's preset, with `%(name)s` filled in."""
    text = pgettext(current_preset(), message)
    return text % values if values else text


def say_n(singular: str, plural: str, n: int, **values: object) -> str:
    """The message for this number; `%(n)s` is the number itself."""
    text = npgettext(current_preset(), singular, plural, n)
    return text % {"n": f"{n:,}", **values}
