"""Names of tags, typed one by one or as a list."""

import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from portico.kit.errors import Refused
from portico.kit.names import clean_name, name_key

LONGEST_NAME = 50
MOST_TAGS = 50
_SEPARATORS = re.compile("[,;\n]")


def clean_tag_name(value: Any) -> str:
    """A tag's name as it is stored; comma and semicolon part names and stand in none."""
    if not isinstance(value, str):
        raise Refused("not_text", _("Enter text."))
    name = clean_name(value, minimum=1, maximum=LONGEST_NAME)
    if _SEPARATORS.search(name):
        raise Refused("separator", _("A tag has no comma and no semicolon in its name."))
    return name


def clean_tags(value: Any) -> list[str]:
    """Names of tags out of a list, or out of a text with commas; each name once, case ignored.

    Empty parts mean nothing. Raises Refused for a name that can't be one, or more than 50.
    """
    if value is None:
        return []
    parts = _SEPARATORS.split(value) if isinstance(value, str) else value
    if not isinstance(parts, Sequence):
        raise Refused("not_a_list", _("Enter tags, separated by commas."))
    names: dict[str, str] = {}
    for part in parts:
        if part is None or (isinstance(part, str) and not part.strip()):
            continue
        name = clean_tag_name(part)
        names.setdefault(name_key(name), name)
    if len(names) > MOST_TAGS:
        message = _("At most %(limit)s tags fit one record.") % {"limit": MOST_TAGS}
        raise Refused("too_many", message)
    return list(names.values())
