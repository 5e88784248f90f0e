"""Files judged by their content."""

import gzip
import lzma
import resource
import struct
import tarfile
import zipfile
import zlib
from io import BytesIO
from tempfile import TemporaryFile

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from services.intake.content import Unfit, judge
from services.intake.inspection import inspect
from shared.contracts.refusals import Invalid
from tests.services.intake.samples import archive, jpeg, pdf, png


def flood() -> bytes:
    """A few bytes that say they are a picture of 65,000 × 65,000."""
    header = b"IHDR" + struct.pack(">IIBBBBB", 65_000, 65_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    data = b"IDAT" + zlib.compress(b"\x00" * 1000)
    chunk += struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))


def broad_jpeg() -> bytes:
    """A small picture whose header says 20,000 × 20,000."""
    content = bytearray(jpeg())
    start = content.index(b"\xff\xc0")
    content[start + 5 : start + 9] = struct.pack(">HH", 20_000, 20_000)
    return bytes(content)


def with_action(kind: str, nested: bool = False) -> bytes:
    writer = PdfWriter()
    action = DictionaryObject({NameObject("/S"): NameObject(kind), NameObject("/F"): TextStringObject("x")})
    inside = DictionaryObject({NameObject("/Any"): ArrayObject([action])})
    writer.root_object[NameObject("/OpenAction")] = inside if nested else action
    return pdf(writer)


def with_compressed_script() -> bytes:
    """A PDF whose catalog, with a script in it, stands in a compressed stream of objects."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    ]
    offsets = [sum(len(o) + 1 for o in objects[:n]) for n in range(3)]
    index = " ".join(f"{number} {offset}" for number, offset in zip((1, 2, 3), offsets, strict=True)).encode() + b" "
    stream = zlib.compress(index + b" ".join(objects))
    content = b"%PDF-1.5\n"
    at_stream = len(content)
    content += b"4 0 obj<</Type/ObjStm/N 3/First %d/Length %d/Filter/FlateDecode>>stream\n" % (len(index), len(stream))
    content += stream + b"\nendstream endobj\n"
    at_xref = len(content)
    rows = [(0, 0, 0), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, at_stream, 0), (1, at_xref, 0)]
    table = b"".join(struct.pack(">BHB", *row) for row in rows)
    content += b"5 0 obj<</Type/XRef/Size 6/W[1 2 1]/Root 1 0 R/Length %d>>stream\n" % len(table)
    return content + table + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % at_xref


def with_embedded_file() -> bytes:
    writer = PdfWriter()
    writer.add_attachment("payload.exe", b"MZ")
    return pdf(writer)


def commented(words: bytes) -> bytes:
    """A picture with a remark in it, where a browser that guesses would find a page."""
    out = BytesIO()
    Image.new("RGB", (9, 9)).save(out, "JPEG", comment=words)
    return out.getvalue()


def remark(words: bytes, compressed: bool = False) -> bytes:
    """A PNG with a text in it."""
    data = b"tEXtComment\x00" + words
    if compressed:
        data = b"zTXtComment\x00\x00" + zlib.compress(words, 9)
    chunk = struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))
    content = png()
    at = content.index(b"IDAT") - 4
    return content[:at] + chunk + content[at:]


def bomb(kind: str) -> bytes:
    """A few kilobytes that unpack to a hundred megabytes."""
    zeros = b"\x00" * 100_000_000
    if kind == "gzip":
        return gzip.compress(zeros)
    if kind == "xz":
        return lzma.compress(zeros, preset=0)
    out = BytesIO()
    if kind == "tar":
        with tarfile.open(fileobj=out, mode="w:gz") as tape:
            entry = tarfile.TarInfo("zeros")
            entry.size = len(zeros)
            tape.addfile(entry, BytesIO(zeros))
        return out.getvalue()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as inside:
        inside.writestr("zeros", zeros)
        inside.writestr("again.zip", archive())
    return out.getvalue()


def pdf_bomb() -> bytes:
    """A PDF whose stream of objects unpacks to more memory than its reader has."""
    layers = zlib.compressobj(9)
    million = b" " * 1_000_000
    stream = b"".join(layers.compress(million) for _ in range(2_000)) + layers.flush()
    content = b"%PDF-1.5\n"
    at_stream = len(content)
    content += b"4 0 obj<</Type/ObjStm/N 1/First 4/Length %d/Filter/FlateDecode>>stream\n" % len(stream)
    content += stream + b"\nendstream endobj\n"
    at_xref = len(content)
    rows = [(0, 0, 0), (2, 4, 0), (0, 0, 0), (0, 0, 0), (1, at_stream, 0), (1, at_xref, 0)]
    table = b"".join(struct.pack(">BIB", *row) for row in rows)
    content += b"5 0 obj<</Type/XRef/Size 6/W[1 4 1]/Root 1 0 R/Length %d>>stream\n" % len(table)
    return content + table + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % at_xref


def encrypted() -> bytes:
    writer = PdfWriter()
    writer.encrypt("secret", algorithm="RC4-128")
    return pdf(writer)


def with_hidden_name() -> bytes:
    """A script whose name is written in hexadecimal, as readers allow."""
    return with_action("/JavaScript").replace(b"/JavaScript", b"/J#61vaScript")


@pytest.mark.parametrize(
    ("content", "media_type"), [(jpeg(), "image/jpeg"), (png(), "image/png"), (pdf(), "application/pdf")]
)
def test_a_plain_file_is_recognised(content: bytes, media_type: str) -> None:
    assert judge(content) == media_type


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (b"plain text", "unsupported_file"),
        (b"GIF89a" + b"\x00" * 20, "unsupported_file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "unsupported_file"),
        (b"<!doctype html><script>alert(1)</script>", "unsupported_file"),
        (archive(), "unsupported_file"),
        (b"\x1f\x8b" + b"\x00" * 20, "unsupported_file"),
        (b"MZ" + b"\x00" * 60, "unsupported_file"),
        (b"junk before" + pdf(), "unsupported_file"),
        (jpeg() + archive(), "hidden_content"),
        (png() + archive(), "hidden_content"),
        (pdf() + archive(), "hidden_content"),
        (png() + b"Rar!\x1a\x07\x00rest", "hidden_content"),
        (jpeg() + b"7z\xbc\xaf\x27\x1crest", "hidden_content"),
        (jpeg()[:20] + b"%PDF-1.4" + jpeg()[20:], "hidden_content"),
        # More than the 64 KB behind it that readers of archives look through for its end.
        (jpeg() + archive() + b"\x00" * 70_000, "hidden_content"),
        (remark(archive()), "hidden_content"),
        (commented(b"--><HTML><body onload=alert(1)>"), "hidden_content"),
        (commented(b"*/=1;alert(1)//<script src=x></script>"), "hidden_content"),
        (jpeg() + b"<?php system($_GET[0]); ?>", "hidden_content"),
        (remark(b"<svg onload=alert(1)>"), "hidden_content"),
        (png() + b"<!DOCTYPE html><iframe src=x>", "hidden_content"),
        (b"%PDF-1.4 <html><script>alert(1)</script>" + pdf(), "hidden_content"),
        *((bomb(kind), "unsupported_file") for kind in ("zip", "gzip", "xz", "tar")),
        (gzip.compress(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "unsupported_file"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", "unsupported_file"),
        (b"  \n<html>", "unsupported_file"),
        (flood(), "too_many_pixels"),
        (broad_jpeg(), "too_many_pixels"),
        (with_action("/JavaScript"), "active_content"),
        (with_compressed_script(), "active_content"),
        (with_hidden_name(), "active_content"),
        (with_action("/Launch"), "active_content"),
        (with_action("/SubmitForm"), "active_content"),
        (with_action("/SubmitForm", nested=True), "active_content"),
        (with_embedded_file(), "active_content"),
        (encrypted(), "encrypted_file"),
    ],
)
def test_a_file_that_is_not_wanted_is_refused_with_its_reason(content: bytes, slug: str) -> None:
    with pytest.raises(Unfit, match=f"^{slug}$"):
        judge(content)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff\xe0" + b"\x00" * 100,
        jpeg()[: len(jpeg()) // 2],
        b"\x89PNG\r\n\x1a\n",
        png()[:-40],
        png().replace(b"IDAT", b"IDAX"),
        b"%PDF-1.7\nnothing more",
        b"%PDF-1.7\n" + b"<<" * 50_000,
    ],
)
def test_a_damaged_file_is_never_accepted(content: bytes) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011  (each parser has its own; the process turns all into one reason)
        judge(content)


@pytest.mark.parametrize("content", [with_compressed_script(), with_hidden_name(), with_action("/Launch")])
def test_the_samples_with_scripts_are_files_that_readers_open(content: bytes) -> None:
    assert len(PdfReader(BytesIO(content)).pages) == 1


@pytest.mark.parametrize("words", [b"a < b, <3 and </b>", b"https://example.org/<script-free>", b"<x:xmpmeta/>"])
def test_harmless_remarks_in_a_picture_are_taken_for_what_they_are(words: bytes) -> None:
    assert judge(commented(words)) == "image/jpeg"
    assert judge(remark(words)) == "image/png"


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (flood(), "too_many_pixels"),
        (broad_jpeg(), "too_many_pixels"),
        (pdf_bomb(), "unreadable_file"),
        (remark(b" " * 200_000_000, compressed=True), "unreadable_file"),
    ],
    ids=["png_flood", "jpeg_flood", "pdf_bomb", "text_bomb"],
)
async def test_a_bomb_is_refused_without_being_unpacked(content: bytes, slug: str) -> None:
    assert len(content) < 5_000_000
    with TemporaryFile() as file:
        file.write(content)
        with pytest.raises(Invalid) as refused:
            await inspect(file)
    assert refused.value.slug == slug
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1 << 20  # kilobytes
