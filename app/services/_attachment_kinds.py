"""What a file really is, told by its content: PDF, PNG, JPEG or TIFF, whole, and of a sane size."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from app.domain.errors import Refused
from app.domain.turns import PDFIUM

MOST_BYTES = 25 * 1024 * 1024
MOST_PAGES = 60
MOST_PIXELS = 80_000_000  # a letter page at 600 dpi has 34 million
LONGEST_NAME = 80
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_TIFF = {b"II*\x00": "<", b"MM\x00*": ">"}
_TIFF_SIZES = {1: 1, 3: 2, 4: 4}  # byte, short, long
_TOLD = {
    b"PK\x03\x04": "a Word, Excel or zip file",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"GIF8": "a GIF picture",
    b"BM": "a BMP picture",
}
_TAKEN = "Attach a PDF, PNG, JPEG or TIFF."


@dataclass(frozen=True, slots=True)
class Scan:
    """A file found fit to be kept: what it is, and its bytes."""

    name: str
    kind: str  # pdf, image
    mime: str
    pages: int
    sha256: str
    content: bytes


def examine(name: str, content: bytes) -> Scan:
    """Judges a file by its bytes; its name is only shown.

    Raises:
        Refused: ``empty_file``, ``file_too_big``, ``not_a_scan``, ``damaged_scan``,
            ``locked_pdf``, ``too_many_pages``.
    """
    if not content:
        raise Refused("empty_file", "This file is empty. Scan it again.")
    if len(content) > MOST_BYTES:
        raise Refused(
            "file_too_big",
            f"This file has {len(content) / 1048576:.0f} MB; a visit keeps scans up to 25 MB. "
            "Scan at 200 or 300 dpi, or split it.",
        )
    kind, mime, pages = _kind(content)
    if pages > MOST_PAGES:
        raise Refused(
            "too_many_pages",
            f"This file has {pages} pages; a scan may have {MOST_PAGES}. Attach only the pages of "
            "this visit.",
        )
    return Scan(_shown(name), kind, mime, pages, sha256(content).hexdigest(), content)


def _kind(content: bytes) -> tuple[str, str, int]:
    head = content[:1024]
    if b"%PDF-" in head:
        return "pdf", "application/pdf", _pdf_pages(content)
    if head.startswith(_PNG):
        _check_png(content)
        return "image", "image/png", 1
    if head.startswith(_JPEG):
        _check_jpeg(content)
        return "image", "image/jpeg", 1
    if head[:4] in _TIFF:
        return "image", "image/tiff", _tiff_pages(content, _TIFF[head[:4]])
    if head[4:8] == b"ftyp":
        told = "a video or a HEIC photo; set the phone to take JPEG"
    else:
        told = next((words for sign, words in _TOLD.items() if head.startswith(sign)), "")
    is_what = f"This is {told}, which cannot be kept here. " if told else "This is not a scan. "
    raise Refused("not_a_scan", is_what + _TAKEN)


def _shown(name: str) -> str:
    plain = "".join(c for c in name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable())
    return plain.strip()[:LONGEST_NAME] or "Scan"


def _damaged(what: str) -> Refused:
    return Refused("damaged_scan", f"This {what} is damaged or cut off. Scan or copy it again.")


def _check_pixels(wide: int, high: int) -> None:
    if wide * high > MOST_PIXELS:
        raise Refused(
            "file_too_big",
            f"This picture has {wide:,} × {high:,} points, too many to show. Scan at 300 dpi.",
        )


def _pdf_pages(content: bytes) -> int:
    # Loads a library of 8 MB, wanted only once a PDF is attached.
    import pypdfium2 as pdfium  # noqa: PLC0415

    with PDFIUM:
        return _counted(pdfium, content)


def _counted(pdfium: Any, content: bytes) -> int:
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise Refused(
                "locked_pdf", "This PDF wants a password. Save a copy without one and attach that."
            ) from error
        raise _damaged("PDF") from error
    try:
        if (pages := len(document)) < 1:
            raise _damaged("PDF")
        return pages
    finally:
        document.close()


def _check_png(content: bytes) -> None:
    if len(content) < 45 or content[12:16] != b"IHDR" or b"IEND" not in content[-32:]:
        raise _damaged("PNG picture")
    wide, high = struct.unpack(">II", content[16:24])
    if not wide or not high:
        raise _damaged("PNG picture")
    _check_pixels(wide, high)


def _check_jpeg(content: bytes) -> None:
    at, end = 2, len(content)
    while at + 9 < end:
        if content[at] != 0xFF:
            break
        mark = content[at + 1]
        if mark == 0xFF:  # a filler
            at += 1
            continue
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            high, wide = struct.unpack(">HH", content[at + 5 : at + 9])
            if not wide or not high or b"\xff\xd9" not in content[-4096:]:
                break
            _check_pixels(wide, high)
            return
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    raise _damaged("JPEG picture")


def _tiff_pages(content: bytes, order: str) -> int:
    """Walks the chain of image directories (TIFF 6.0 §2): each is a page."""
    pages = 0
    try:
        (at,) = struct.unpack_from(order + "I", content, 4)
        while at and pages <= MOST_PAGES:
            (count,) = struct.unpack_from(order + "H", content, at)
            sizes = {256: 0, 257: 0}  # image width and length
            for entry in range(count):
                tag, kind, _ = struct.unpack_from(order + "HHI", content, at + 2 + 12 * entry)
                if tag in sizes and kind in _TIFF_SIZES:
                    sign = {1: "B", 3: "H", 4: "I"}[kind]
                    (sizes[tag],) = struct.unpack_from(order + sign, content, at + 10 + 12 * entry)
            if not all(sizes.values()):
                raise _damaged("TIFF")
            _check_pixels(sizes[256], sizes[257])
            pages += 1
            (at,) = struct.unpack_from(order + "I", content, at + 2 + 12 * count)
    except struct.error as error:
        raise _damaged("TIFF") from error
    if not pages:
        raise _damaged("TIFF")
    return pages
