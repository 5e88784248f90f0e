"""The copy of a picture that is shown."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from services.intake.shown import LONGEST, shown
from tests.services.intake.samples import CAMERA, jpeg, located


def copy_of(content: bytes) -> Image.Image:
    copy = Image.open(BytesIO(shown(content)))
    copy.load()
    return copy


def made(kind: str, image: Image.Image, **more: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def test_nothing_but_the_picture_is_in_the_copy() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", CAMERA.decode())
    text.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{CAMERA.decode()}</x:xmpmeta>", zip=False)
    exif = Image.Exif()
    exif[0x0110] = CAMERA.decode()
    png = made("PNG", Image.new("RGB", (9, 9)), pnginfo=text, exif=exif, icc_profile=CAMERA)
    behind = located() + CAMERA
    for content in (located(), png, behind):
        assert CAMERA in content
        copy = copy_of(content)
        assert CAMERA not in shown(content)
        assert set(copy.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [(1, (64, 48), (30, 2)), (3, (64, 48), (30, 45)), (6, (48, 64), (45, 30)), (8, (48, 64), (2, 30))],
)
def test_the_copy_stands_upright(orientation: int, size: tuple[int, int], red_at: tuple[int, int]) -> None:
    copy = copy_of(located(orientation))
    assert copy.size == size
    red, _, blue = copy.getpixel(red_at)  # type: ignore[misc]
    assert (red > 200, blue < 100) == (True, True)


def test_a_large_picture_is_shown_smaller_in_its_proportions() -> None:
    assert copy_of(made("PNG", Image.new("L", (8000, 4000)))).size == (LONGEST, LONGEST // 2)
    assert copy_of(made("JPEG", Image.new("RGB", (4000, 8000)))).size == (LONGEST // 2, LONGEST)
    assert copy_of(jpeg()).size == (64, 48)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA", "I;16"])
def test_a_png_of_every_kind_is_shown(mode: str) -> None:
    assert copy_of(made("PNG", Image.new(mode, (20, 10)))).size == (20, 10)


def test_a_printers_jpeg_is_shown() -> None:
    assert copy_of(made("JPEG", Image.new("CMYK", (20, 10)))).mode == "RGB"


def test_what_is_transparent_is_shown_on_white() -> None:
    assert copy_of(made("PNG", Image.new("RGBA", (20, 10), (0, 0, 0, 0)))).getpixel((5, 5)) == (255, 255, 255)
    grey = Image.new("I;16", (20, 10), 32_768)
    assert copy_of(made("PNG", grey)).getpixel((5, 5)) == (128, 128, 128)


def test_remarks_that_nobody_can_read_cost_no_picture() -> None:
    content = bytearray(located())
    at = content.index(b"Exif\x00\x00") + 10
    content[at : at + 4] = b"\xff\xff\xff\xff"
    assert copy_of(bytes(content)).size == (64, 48)
