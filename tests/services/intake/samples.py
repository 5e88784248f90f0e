"""Reports and files for tests. The people are invented."""

import io
import zipfile
from typing import Any

from PIL import Image
from pypdf import PdfWriter

CANARIES = ("Sri Canary Rahayu", "3509014107900001", "081234509876", "sri.canary@example.test", "Jalan Canary 17")
STORY = "Tetangga saya membobol warung Canary tadi malam."


def report(**changes: Any) -> dict[str, Any]:
    """A report with everything in it, from the web."""
    name, nik, phone, email, address = CANARIES
    body = {
        "channel": "web",
        "what": STORY,
        "where": {"text": "Pasar Canary, kios 4", "village": "35.09.01.2003", "lat": -8.1724, "lon": 113.6995},
        "when": "2026-01-03T21:30:00+07:00",
        "category_hint": "burglary",
        "reporter": {"name": name, "nik": nik, "phone": phone, "email": email, "address": address},
        "language": "id",
    }
    return body | changes


def spoken(**changes: Any) -> dict[str, Any]:
    """The same as an officer takes it down, who has a route of their own."""
    body = report(**changes)
    del body["channel"]
    return body


def jpeg(size: tuple[int, int] = (64, 48)) -> bytes:
    return _image("JPEG", size)


def png(size: tuple[int, int] = (64, 48)) -> bytes:
    return _image("PNG", size)


def _image(kind: str, size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(out, kind)
    return out.getvalue()


CAMERA = b"CanaryCam 3000"


def located(orientation: int = 6) -> bytes:
    """A photograph that tells where it was taken, with what, and lies on its side."""
    exif = Image.Exif()
    exif[0x0110] = CAMERA.decode()
    exif[0x0112] = orientation
    exif[0x8825] = {1: "S", 2: (6.0, 35.0, 53.2), 3: "E", 4: (107.0, 23.0, 29.8)}
    out = io.BytesIO()
    picture = Image.new("RGB", (64, 48), "blue")
    picture.paste("red", (0, 0, 64, 8))
    picture.save(out, "JPEG", exif=exif, comment=b"CanaryCam 3000 of Sri", quality=95)
    return out.getvalue()


def pdf(writer: PdfWriter | None = None) -> bytes:
    writer = writer or PdfWriter()
    writer.add_blank_page(200, 200)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as inside:
        inside.writestr("payload.txt", "x" * 1000)
    return out.getvalue()
