"""What a backup says of itself, and whether this Portico understands it."""

import datetime
import re
from typing import Literal

from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict

import portico
from portico.kit.errors import Refused

FORMAT = 1
MANIFEST = "manifest.json"
SECRET_KEY = "secret_key"  # noqa: S105 - the name of a member
SQLITE_DATABASE = "database.sqlite3"
FILES = "files/"
TABLES = "tables/"
_MEMBER = re.compile(
    rf"{SECRET_KEY}|{re.escape(SQLITE_DATABASE)}|{TABLES}[a-z0-9_]+\.copy"
    rf"|{FILES}(?!\.\.?(?:/|$))[^/\\\x00]+(?:/(?!\.\.?(?:/|$))[^/\\\x00]+)*"
)

Engine = Literal["sqlite", "postgresql"]


class Member(BaseModel):
    """One part of the archive: its size in bytes, and its SHA-256 in hexadecimal digits."""

    model_config = ConfigDict(extra="forbid")

    size: int
    sha256: str


class _Maker(BaseModel):
    """What every manifest says, whatever else a newer one may say in other ways."""

    format: int
    version: str
    migrations: list[str] = []


class Manifest(BaseModel):
    """The last part of the archive, written when all others are complete.

    `migrations` are the recorded ones as "app.name", in the order in which they were applied;
    `rows` counts each table; `columns` are those of the tables of PostgreSQL, in their order.
    """

    format: int
    version: str
    created_at: datetime.datetime
    engine: Engine
    migrations: list[str]
    rows: dict[str, int]
    columns: dict[str, list[str]]
    members: dict[str, Member]


def read_manifest(content: bytes) -> Manifest:
    """The manifest, if this Portico understands it.

    Raises Refused("newer_backup") for what a newer Portico wrote, Refused("damaged_backup") for
    what none did.
    """
    try:
        made = _Maker.model_validate_json(content)
        unknown = _unknown(made.migrations)
        if (
            made.format > FORMAT
            or unknown
            or _numbers(made.version) > _numbers(portico.__version__)
        ):
            text = _("It was made by a newer Portico (%(version)s). Restore it with that one.")
            version = ": ".join(filter(None, [made.version, ", ".join(unknown[:3])]))
            raise Refused("newer_backup", text % {"version": version})
        manifest = Manifest.model_validate_json(content)
    except ValueError as error:
        raise Refused("damaged_backup", _("Its manifest can't be read.")) from error
    for name in manifest.members:
        if not _MEMBER.fullmatch(name):
            text = _("It holds a part that no backup has: %(name)s")
            raise Refused("damaged_backup", text % {"name": name[:100]})
    return manifest


def _unknown(recorded: list[str]) -> list[str]:
    """Migrations that this Portico does not have, of an app that it does not have too."""
    loader = MigrationLoader(None)
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known.update(migration.replaces)
    keys = [tuple(name.split(".", 1)) for name in recorded]
    return [".".join(key) for key in keys if key not in known]


def _numbers(version: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", version.partition("+")[0])]
