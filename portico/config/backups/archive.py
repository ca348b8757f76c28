"""The file of a backup: a ZIP archive whose comment is the SHA-256 of everything before it.

So a single changed or missing byte is noticed, wherever it is, before anything inside is believed;
and `unzip` still opens the file. Parts are written and read as streams.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from django.utils.translation import gettext as _

from portico.config.backups.manifest import MANIFEST, Manifest, Member, read_manifest
from portico.kit.errors import Refused

PIECE = 1024 * 1024
_SEAL = re.compile(rb"portico backup sha256 ([0-9a-f]{64})")
_UNSEALED = b"portico backup sha256 " + b"0" * 64
_FAST = 1  # of zlib's levels; the next ones take three times as long for a tenth less


class ArchiveWriter:
    """Writes the parts of a new archive one after the other."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._zip = ZipFile(file, "w", ZIP_DEFLATED, compresslevel=_FAST)
        self._zip.comment = _UNSEALED
        self.members: dict[str, Member] = {}

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Add a part."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as member:
            for piece in pieces:
                member.write(piece)
                digest.update(piece)
                size += len(piece)
        self.members[name] = Member(size=size, sha256=digest.hexdigest())

    def add_file(self, name: str, path: Path) -> None:
        """Add a file as a part."""
        with path.open("rb") as file:
            self.add(name, pieces_of(file))

    def abandon(self) -> None:
        """Let go of the file, which is not going to be an archive."""
        with suppress(OSError, ValueError):
            self._zip.close()

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest, and seal the file."""
        with self._zip.open(MANIFEST, "w") as member:
            member.write(manifest.model_dump_json(indent=1).encode())
        self._zip.close()
        size = self._file.tell()
        digest = _digest_before_seal(self._file, size)
        self._file.seek(size - len(_UNSEALED))
        self._file.write(_UNSEALED[:-64] + digest.encode())
        self._file.flush()


class Archive:
    """An archive that was found whole; see `open_archive`."""

    def __init__(self, zipped: ZipFile, manifest: Manifest) -> None:
        self._zip = zipped
        self.manifest = manifest

    def names(self, prefix: str) -> list[str]:
        """The parts whose names begin so."""
        return [name for name in self.manifest.members if name.startswith(prefix)]

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a part; raises Refused("damaged_backup") if it is not what was written."""
        expected, digest, size = self.manifest.members[name], hashlib.sha256(), 0
        with self._zip.open(name) as member:
            for piece in pieces_of(member):
                digest.update(piece)
                size += len(piece)
                yield piece
        if (size, digest.hexdigest()) != (expected.size, expected.sha256):
            text = _("Its part %(name)s is not what was saved.") % {"name": name}
            raise Refused("damaged_backup", text)

    def extract(self, name: str, path: Path) -> None:
        """Write a part to a new file that only its owner reads."""
        path.touch(mode=0o600, exist_ok=False)
        with path.open("wb") as file:
            for piece in self.pieces(name):
                file.write(piece)


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open a backup after its seal was compared.

    Raises Refused for a file that can't be read, is no backup, was cut off or damaged
    ("damaged_backup"), or comes from a newer Portico ("newer_backup").
    """
    try:
        with path.open("rb") as file:
            _require_seal(file, path.stat().st_size)
            with ZipFile(file) as zipped:
                manifest = read_manifest(zipped.read(MANIFEST))
                _require_parts(zipped, manifest)
                yield Archive(zipped, manifest)
    except (BadZipFile, KeyError) as error:
        raise Refused("damaged_backup", _("It is not a backup of Portico.")) from error
    except OSError as error:
        if error.filename is None or Path(error.filename) != path:
            raise
        text = _("%(path)s can't be read: %(reason)s")
        detail = text % {"path": path, "reason": error.strerror}
        raise Refused("file_not_readable", detail) from error


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    """The content of a file in pieces that fit into memory."""
    while piece := file.read(PIECE):
        yield piece


def _require_seal(file: IO[bytes], size: int) -> None:
    file.seek(max(size - len(_UNSEALED), 0))
    seal = _SEAL.fullmatch(file.read())
    if seal is None:
        text = _("This is not a backup of Portico, or its end is missing.")
        raise Refused("damaged_backup", text)
    if _digest_before_seal(file, size) != seal[1].decode():
        text = _("The backup is damaged: its content is not what was saved.")
        raise Refused("damaged_backup", text)


def _digest_before_seal(file: IO[bytes], size: int) -> str:
    digest, left = hashlib.sha256(), size - len(_UNSEALED)
    file.seek(0)
    while left > 0 and (piece := file.read(min(PIECE, left))):
        digest.update(piece)
        left -= len(piece)
    return digest.hexdigest()


def _require_parts(zipped: ZipFile, manifest: Manifest) -> None:
    if sorted(zipped.namelist()) != sorted([*manifest.members, MANIFEST]):
        raise Refused("damaged_backup", _("The backup is not complete: parts are missing."))
