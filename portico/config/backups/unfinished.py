"""The mark of a restore that has not come to its end: nothing starts on half a restore."""

from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from portico.kit.errors import Refused

UNFINISHED = "restore.unfinished"


def refuse_unfinished_restore() -> None:
    """Raise Refused where a restore is at work or was interrupted.

    The database appears last. Where it is there, all is: such a restore was only kept from taking
    its mark away, which is done here.
    """
    mark = Path(settings.PORTICO_DATA_DIR) / UNFINISHED
    if not mark.exists():
        return
    if is_database_there():
        mark.unlink(missing_ok=True)
        return
    text = _(
        "A restore into %(path)s is at work, or did not come to its end: begin it again with"
        " `portico restore`. To start with nothing, remove %(name)s there."
    )
    detail = text % {"path": mark.parent, "name": UNFINISHED}
    raise Refused("unfinished_restore", detail)


def is_database_there() -> bool:
    """Whether the database holds a table."""
    from portico.config.backups import postgres, sqlite  # noqa: PLC0415 - keeps starts short

    return not (sqlite.is_empty() if connection.vendor == "sqlite" else postgres.is_empty())
