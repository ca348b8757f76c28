"""What comes of an uploaded image, and which are refused (S2.9, R-C66, R-C67)."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from portico.files.choices import ImageType
from portico.files.cleaning import MAX_BYTES, clean_image
from portico.kit.errors import Refused
from tests.factories.images import image, opened

SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
)
WEBP = image("WEBP")


def refusal(content: bytes) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        clean_image(content)
    return caught.value.code, caught.value.detail


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of_dimensions(width: int, height: int) -> bytes:
    """A PNG whose head promises so many pixels and whose content is a few bytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.mark.parametrize(("form", "kind"), (("JPEG", ImageType.JPEG), ("PNG", ImageType.PNG)))
def test_s2_09_a_jpg_and_a_png_are_taken_and_keep_their_kind(form: str, kind: ImageType) -> None:
    cleaned = clean_image(image(form))
    assert (cleaned.media_type, opened(cleaned.content).format) == (kind, form)
    assert opened(cleaned.content).size == (64, 48)


def test_a_large_image_is_made_smaller_and_keeps_its_shape() -> None:
    assert opened(clean_image(image("JPEG", size=(3000, 1500))).content).size == (512, 256)
    assert opened(clean_image(image("PNG", size=(1500, 3000))).content).size == (256, 512)
    assert opened(clean_image(image("PNG", size=(1, 1))).content).size == (1, 1)


@pytest.mark.parametrize(
    ("content", "sentence"),
    (
        (SVG, "This file is SVG; choose a JPG or PNG image."),
        (image("GIF"), "This file is GIF; choose a JPG or PNG image."),
        (image("BMP"), "This file is BMP; choose a JPG or PNG image."),
        (image("TIFF"), "This file is TIFF; choose a JPG or PNG image."),
        (WEBP, "This file is WebP; choose a JPG or PNG image."),
        (b"%PDF-1.7 and so on", "This file is PDF; choose a JPG or PNG image."),
        (b"name,email\nLena,lena@acme.test\n", "This is not an image in JPG or PNG format."),
        (b"<html><script>alert(1)</script>", "This is not an image in JPG or PNG format."),
        (b"\0" * 200, "This is not an image in JPG or PNG format."),
    ),
    ids=("svg", "gif", "bmp", "tiff", "webp", "pdf", "text", "html", "zeros"),
)
def test_s2_09_anything_else_is_refused_by_its_content_and_named(
    content: bytes, sentence: str
) -> None:
    assert refusal(content) == ("image_type", sentence)


def test_nothing_and_too_much_are_refused() -> None:
    assert refusal(b"")[0] == "image_empty"
    assert refusal(image("PNG") + b"\0" * MAX_BYTES)[0] == "image_too_large"


@pytest.mark.parametrize("form", ("JPEG", "PNG"))
def test_a_truncated_image_is_refused(form: str) -> None:
    whole = image(form, size=(400, 400), colour="red")
    assert refusal(whole[: len(whole) // 2])[0] == "image_broken"


@pytest.mark.parametrize(
    ("width", "height"), ((20_000, 20_000), (7000, 7000), (40_000, 2), (2**31 - 1, 2**31 - 1))
)
def test_an_image_of_huge_dimensions_is_refused_before_it_is_decoded(
    width: int, height: int
) -> None:
    assert refusal(png_of_dimensions(width, height))[0] == "image_dimensions"


def test_a_text_chunk_that_unpacks_to_megabytes_is_refused_or_dropped() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "x" * 3_000_000, zip=True)
    assert refusal(image("PNG", pnginfo=notes))[0] == "image_broken"


def test_metadata_is_gone_and_the_orientation_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "Secret garden"
    written = image("JPEG", size=(80, 40), exif=exif, comment=b"Secret words")
    cleaned = clean_image(written)
    found = opened(cleaned.content)
    assert found.size == (40, 80)
    assert (dict(found.getexif()), found.info.get("comment")) == ({}, None)
    assert b"Secret" in written
    assert b"Secret" not in cleaned.content


def test_what_hides_in_text_chunks_profiles_and_behind_the_end_is_gone() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "<script>alert(1)</script>")
    written = image("PNG", pnginfo=notes, icc_profile=b"<profile>") + b"<script>behind</script>"
    cleaned = clean_image(written)
    assert b"script" not in cleaned.content
    assert opened(cleaned.content).info == {}


def test_an_animation_becomes_its_first_picture() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    written = BytesIO()
    frames[0].save(written, "PNG", save_all=True, append_images=frames[1:])
    found = opened(clean_image(written.getvalue()).content)
    assert (getattr(found, "n_frames", 1), found.getpixel((5, 5))) == (1, (255, 0, 0))


@pytest.mark.parametrize(
    ("form", "mode", "colour", "kept", "pixel"),
    (
        ("PNG", "1", 1, "RGB", (255, 255, 255)),
        ("PNG", "L", 128, "RGB", (128, 128, 128)),
        ("PNG", "LA", (128, 0), "RGBA", (128, 128, 128, 0)),
        ("PNG", "P", 0, "RGB", (0, 0, 0)),
        ("PNG", "RGBA", (10, 20, 30, 40), "RGBA", (10, 20, 30, 40)),
        ("PNG", "I;16", 0x8000, "RGB", (128, 128, 128)),
        ("JPEG", "L", 128, "RGB", (128, 128, 128)),
        ("JPEG", "CMYK", (0, 0, 0, 0), "RGB", (255, 255, 255)),
    ),
)
def test_odd_modes_become_plain_ones(
    form: str, mode: str, colour: Any, kept: str, pixel: Any
) -> None:
    found = opened(clean_image(image(form, mode=mode, colour=colour)).content)
    assert (found.mode, found.getpixel((5, 5))) == (kept, pixel)


def test_a_camera_file_with_further_pictures_is_taken_as_a_jpg() -> None:
    written = BytesIO()
    first, second = (Image.new("RGB", (30, 30), colour) for colour in ("red", "blue"))
    first.save(written, "MPO", save_all=True, append_images=[second])
    cleaned = clean_image(written.getvalue())
    assert (cleaned.media_type, opened(cleaned.content).format) == (ImageType.JPEG, "JPEG")


def answer_to(content: bytes) -> str:
    try:
        clean_image(content)
    except Refused as refused:
        return refused.code
    return "taken"


@pytest.mark.parametrize("form", ("PNG", "JPEG"))
def test_bytes_changed_at_random_are_never_a_fault(form: str) -> None:
    whole = image(form, size=(40, 40), colour="red")
    found = set()
    for place in range(0, len(whole), 7):
        broken = bytearray(whole)
        broken[place] ^= 0xFF
        found.add(answer_to(bytes(broken)))
    assert found <= {"taken", "image_type", "image_broken", "image_dimensions"}
