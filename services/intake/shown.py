"""The copy of a picture that is shown: decoded and drawn anew, so that nothing is in it but what is seen.

Where and with what a picture was taken, whose camera it was, and whatever hides in or behind it stay with the original.
"""

from io import BytesIO

from PIL import Image, ImageOps

LONGEST = 3000  # pixels of a side; a plate number in a photograph stays readable
_QUALITY = 85


def shown(content: bytes) -> bytes:
    """The picture as a JPEG, upright, on white. Raises whatever the parser does for a picture that it cannot read."""
    image: Image.Image = Image.open(BytesIO(content), formats=("JPEG", "PNG"))
    turned = _orientation(image)
    image.draft("RGB", (LONGEST, LONGEST))
    # Drawing every pixel of a huge picture with care takes more time than it may have.
    image.thumbnail((2 * LONGEST, 2 * LONGEST), Image.Resampling.NEAREST)
    if image.mode in ("1", "P"):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    elif image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")  # 16 bits of grey
    image.thumbnail((LONGEST, LONGEST))
    plain = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        plain.paste(image, mask=image.getchannel("A"))
    else:
        plain.paste(image.convert("RGB"))
    plain.getexif()[_ORIENTATION] = turned
    out = BytesIO()
    ImageOps.exif_transpose(plain).save(out, "JPEG", quality=_QUALITY, exif=b"")
    return out.getvalue()


_ORIENTATION = 0x0112


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:
        # Remarks that nobody can read do not make the picture another one.
        return 1
