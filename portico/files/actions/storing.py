"""Keep the content of a file under its hash."""

import errno
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.files.cleaning import clean_image
from portico.files.models import StoredFile
from portico.files.reports import path_of
from portico.kit.errors import Refused

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
UNFINISHED = ".unfinished-"


def keep_image(content: bytes) -> StoredFile:
    """Keep a JPG or PNG, written anew; see `clean_image` for what is refused.

    A part of actions that have checked the permission and record what the image is for.
    """
    image = clean_image(content)
    return keep_file(image.content, media_type=image.media_type)


@transaction.atomic
def keep_file(content: bytes, *, media_type: str) -> StoredFile:
    """Keep these bytes once per workspace, whole and on disk before the row is committed.

    A part of other actions, see `keep_image`. The row is taken first: it holds the sweep off until
    the transaction ends. Raises Refused("storage_full") when the disk has no room.
    """
    digest = sha256(content).hexdigest()
    file = _taken(digest, content, media_type=media_type)
    path = path_of(digest)
    if not _is_whole(path, len(content)):
        _write(path, content)
    return file


def _taken(digest: str, content: bytes, *, media_type: str) -> StoredFile:
    """The row of this hash, new or old; an old one counts as new, so that no sweep takes it."""
    rows = StoredFile.objects.filter(sha256=digest)
    if not rows.update(created_at=timezone.now()):
        with suppress(IntegrityError), transaction.atomic():
            StoredFile.objects.create(sha256=digest, size=len(content), media_type=media_type)
    file: StoredFile = rows.get()
    return file


def _is_whole(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False


def _write(path: Path, content: bytes) -> None:
    """Write beside the place, onto the disk, then rename: there is never half a file."""
    unfinished: Path | None = None
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=UNFINISHED, delete=False) as file:
            unfinished = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)
        if error.errno in NO_ROOM:
            text = _("The file could not be kept: the disk is full. Nothing was changed.")
            raise Refused("storage_full", text, status=507) from error
        raise


def _sync_folder(folder: Path) -> None:
    """Let the new name survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
