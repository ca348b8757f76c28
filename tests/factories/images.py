"""Images to upload, made on the spot."""

from io import BytesIO
from typing import Any

from PIL import Image


def image(
    form: str = "PNG",
    *,
    size: tuple[int, int] = (64, 48),
    mode: str = "RGB",
    colour: Any = "teal",
    **options: Any,
) -> bytes:
    """The bytes of an image of one colour in this form."""
    written = BytesIO()
    Image.new(mode, size, colour).save(written, form, **options)
    return written.getvalue()


def opened(content: bytes) -> Image.Image:
    """The image that these bytes hold, fully read."""
    found = Image.open(BytesIO(content))
    found.load()
    return found
