"""Where the bytes of a stored file lie, and how they are handed out."""

from pathlib import Path
from uuid import UUID

from django.core.files.storage import default_storage

from portico.files.models import StoredFile
from portico.kit.tenancy.scope import current_scope


def folder_of_workspace() -> Path:
    """The folder of the present workspace's files, below the data folder."""
    return Path(default_storage.path(f"stored/{current_scope().id}"))


def path_of(sha256: str) -> Path:
    """Where the content with this hash lies, whether it is there or not."""
    return folder_of_workspace() / sha256[:2] / sha256


def stored_file(file_id: UUID) -> StoredFile | None:
    """The file of this id in the present workspace."""
    found: StoredFile | None = StoredFile.objects.filter(pk=file_id).first()
    return found


def content_of(file: StoredFile) -> bytes | None:
    """The bytes of a file; None when they are not there (a data folder restored without them)."""
    try:
        return path_of(file.sha256).read_bytes()
    except FileNotFoundError:
        return None
