"""Which encoding a file is in, and whether it is text at all."""

import codecs
import json
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.kit.errors import Refused
from portico.transfers.reading.notices import Notice

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"PK", b"{\\rtf", b"SQLite ")
_OTHER_FORMATS = re.compile(r"\s*(BEGIN:V(CARD|CALENDAR)\b|<\?xml|<!doctype|<html)", re.IGNORECASE)
_LDIF = re.compile(r"\s*(#[^\n]*\n\s*)*(version:\s*\d+\s+)?dn::?\s", re.IGNORECASE)
_C0_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")
_SAMPLE = 65_536


@dataclass(frozen=True)
class Encoding:
    """How bytes become text: `errors` is the codec's answer to bytes that don't fit, `skip` the
    number of bytes before the text.
    """

    codec: str
    errors: str = "strict"
    skip: int = 0
    notices: tuple[Notice, ...] = ()

    @property
    def label(self) -> str:
        """The encoding's name for people and for `--json`."""
        return self.codec.removesuffix("-sig").removesuffix("-le").removesuffix("-be")


def find_encoding(content: bytes) -> Encoding:
    """The encoding of a text file: by its mark, else UTF-8, else Windows-1252 with a notice.

    Raises `Refused` with `not_a_table` or `ldif_not_supported` for what is no plain table.
    """
    encoding = _text_encoding(content)
    sample = content[encoding.skip : encoding.skip + _SAMPLE * 4]
    _refuse_other_text(sample.decode(encoding.codec, "ignore"))
    return encoding


def decoded(content: bytes) -> tuple[str, Encoding]:
    """The text of a file of any format, and its encoding. Raises `Refused` for what is no text."""
    encoding = _text_encoding(content)
    return content[encoding.skip :].decode(encoding.codec, encoding.errors), encoding


def _text_encoding(content: bytes) -> Encoding:
    if content.startswith(_BINARY):
        raise not_a_table()
    return _marked(content) or _unmarked(content)


def _marked(content: bytes) -> Encoding | None:
    for mark, codec in _MARKS:
        if content.startswith(mark):
            found = _wide_behind_short_mark(content) if len(mark) == 2 else None
            return found or _strict(content, codec) or _damaged(content, codec)
    return None


def _wide_behind_short_mark(content: bytes) -> Encoding | None:
    """UTF-32 behind the mark of UTF-16, as some exporters write it.

    UTF-16 text can't be taken for it: two of its letters make a number above the last character.
    """
    found = _strict(content[2:], "utf-32-le") or _strict(content[2:], "utf-32-be")
    return None if found is None else Encoding(found.codec, skip=2)


def _unmarked(content: bytes) -> Encoding:
    if b"\0" in content:
        return _wide_without_mark(content)
    found = _strict(content, "utf-8")
    if found is not None:
        return found
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if len(content) - len(text) > broken:  # more whole letters than broken ones
        return _damaged(content, "utf-8")
    return _legacy(content)


def _strict(content: bytes, codec: str) -> Encoding | None:
    try:
        content.decode(codec)
    except UnicodeDecodeError:
        return None
    return Encoding(codec)


def _damaged(content: bytes, codec: str) -> Encoding:
    """Text in a known encoding with some broken bytes: only the rows that hold them suffer."""
    count = content.decode(codec, "replace").count("\ufffd")
    message = ngettext(
        "%(count)s character of the file is damaged and read as \ufffd.",
        "%(count)s characters of the file are damaged and read as \ufffd.",
        count,
    )
    return Encoding(
        codec, "replace", notices=(Notice("damaged_characters", message % {"count": count}),)
    )


def _wide_without_mark(content: bytes) -> Encoding:
    """UTF-16 that lacks its mark shows as a zero in every second byte of plain letters."""
    sample = content[: _SAMPLE & ~1]
    for codec, zeros, letters in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        half, other = sample[zeros::2], sample[letters::2]
        if half.count(0) > len(half) * 0.7 and not other.count(0):
            found = _strict(content, codec)
            if found is not None:
                return found
    raise not_a_table()


def _legacy(content: bytes) -> Encoding:
    codec = "cp1252"
    if _strict(content, codec) is None:
        best = from_bytes(content[:_SAMPLE]).best()
        if best is None or _strict(content, best.encoding) is None:
            raise not_a_table()
        codec = best.encoding
    message = _(
        "The file is not UTF-8. It was read as %(encoding)s: check letters with accents before"
        " you import, or save the file as UTF-8."
    )
    notice = Notice("encoding_assumed", message % {"encoding": codec})
    return Encoding(codec, notices=(notice,))


def _refuse_other_text(text: str) -> None:
    sample = text.removeprefix("\ufeff")
    controls = len(_C0_CONTROLS.findall(sample))
    if "\0" in sample or controls * 50 > len(sample):
        raise not_a_table()
    if _LDIF.match(sample):
        text = _("This is an LDIF address book. Export it as CSV or vCard and choose that file.")
        raise Refused("ldif_not_supported", text)
    if _OTHER_FORMATS.match(sample) or _is_json(sample):
        raise not_a_table()


def _is_json(sample: str) -> bool:
    start = sample.lstrip()
    if not start.startswith(("{", "[{", "[\n", "[\r", "[ ", "[]")):
        return False
    try:
        json.JSONDecoder().raw_decode(start)
    except (ValueError, RecursionError):
        return start.startswith(("{\n", '{"', "[{", "[\n"))
    return True


def not_a_table() -> Refused:
    """The refusal of a file that is not a table."""
    return Refused(
        "not_a_table",
        _("This file is not a table. Choose a CSV file, an Excel workbook or vCards."),
    )
