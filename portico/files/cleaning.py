"""An uploaded image: told by its content, decoded within limits, and written anew.

What comes out holds pixels and nothing else: no EXIF, place, comment, profile or bytes behind the
end (reliability.md R-C66, R-C67).
"""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from portico.files.choices import ImageType
from portico.kit.errors import Refused

AVATAR_SIDE = 512
MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 30_000
JPEG_QUALITY = 88

# MPO is a JPG with further pictures behind the first, as some cameras write it.
_TYPES = {"JPEG": ImageType.JPEG, "MPO": ImageType.JPEG, "PNG": ImageType.PNG}
_BEGINNINGS = {
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"%PDF": "PDF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"PK\3\4": "ZIP",
}
# What decoders raise for content that is broken or made to break them. Nothing is read from disk,
# so an OSError is about the content.
_BROKEN = (
    *(OSError, SyntaxError, ValueError, TypeError, EOFError, LookupError, ArithmeticError),
    *(struct.error, zlib.error, MemoryError, AttributeError),
)
# One image at a time: a decoded one takes up to 160 MB.
_decoding = Lock()


@dataclass(frozen=True, kw_only=True)
class CleanImage:
    """An image as it is kept."""

    content: bytes
    media_type: ImageType


def clean_image(content: bytes, *, side: int = AVATAR_SIDE) -> CleanImage:
    """Write a JPG or PNG anew, upright and at most `side` pixels wide and high.

    An animation becomes its first picture. Raises Refused with what is wrong: "image_empty",
    "image_too_large" (bytes), "image_type", "image_dimensions", "image_broken".
    """
    if not content:
        raise Refused("image_empty", _("This file is empty."))
    if len(content) > MAX_BYTES:
        raise Refused("image_too_large", _("This file is larger than 5 MB."), status=413)
    with _decoding:
        image = _opened(content)
        try:
            return _rewritten(image, side)
        except _BROKEN as error:
            raise _broken() from error


def _opened(content: bytes) -> Image.Image:
    """The image with its head read and not one pixel decoded yet."""
    try:
        image = Image.open(BytesIO(content), formats=("JPEG", "PNG"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except UnidentifiedImageError as error:
        raise _other_type(content) from error
    except _BROKEN as error:
        raise _broken() from error
    width, height = image.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise _too_many_pixels()
    if image.format not in _TYPES:
        raise _other_type(content)
    return image


def _rewritten(image: Image.Image, side: int) -> CleanImage:
    media_type = _TYPES[image.format or ""]
    if media_type is ImageType.JPEG:
        # Decodes a large photograph at a fraction of its size.
        image.draft(None, (side * 2, side * 2))
    image.load()
    upright = ImageOps.exif_transpose(image)
    plain = _plain(upright)
    plain.thumbnail((side, side), Image.Resampling.LANCZOS)
    plain.info = {}
    written = BytesIO()
    if media_type is ImageType.JPEG:
        plain.save(written, "JPEG", quality=JPEG_QUALITY, optimize=True)
    else:
        plain.save(written, "PNG", optimize=True)
    return CleanImage(content=written.getvalue(), media_type=media_type)


def _plain(image: Image.Image) -> Image.Image:
    """The image in one of the two modes that every browser shows: with transparency or without."""
    if image.mode.startswith("I") or image.mode == "F":
        # Sixteen bits of grey: scaled, where a bare conversion would cut everything off at 255.
        return image.point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("RGB")


def _other_type(content: bytes) -> Refused:
    known = _kind_of(content)
    if known:
        text = _("This file is %(kind)s; choose a JPG or PNG image.") % {"kind": known}
    else:
        text = _("This is not an image in JPG or PNG format.")
    return Refused("image_type", text)


def _kind_of(content: bytes) -> str:
    """What other files begin with, so that the refusal can name them; empty for unknown ones."""
    head = content[:1024].lstrip()
    if head[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WebP"
    if content[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"}:
        return "AVIF" if content[8:12] == b"avif" else "HEIC"
    if b"<svg" in head.lower():
        return "SVG"
    return next((kind for start, kind in _BEGINNINGS.items() if head.startswith(start)), "")


def _too_many_pixels() -> Refused:
    text = _("This image is too large: at most 40 megapixels are taken.")
    return Refused("image_dimensions", text)


def _broken() -> Refused:
    return Refused("image_broken", _("This image is broken or not complete."))
