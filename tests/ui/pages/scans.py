"""Made-up scans: small PDFs and pictures with nothing of a person on them."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas


def pdf_of(pages: int, word: str = "Superbill") -> bytes:
    """A letter-size PDF whose pages say their number."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=1)
    for number in range(1, pages + 1):
        canvas.setFont("Helvetica-Bold", 28)
        canvas.drawString(72, 690, f"{word}, page {number}")
        canvas.setFont("Helvetica", 14)
        for line, text in enumerate(("99214", "20610 RT", "J1030", "M17.11", "I10", "E11.9")):
            canvas.rect(72, 636 - 28 * line, 14, 14, fill=line % 2)
            canvas.drawString(96, 638 - 28 * line, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def png_of(wide: int = 40, high: int = 60, grey: int = 200) -> bytes:
    """A plain grey picture."""

    def chunk(name: bytes, body: bytes) -> bytes:
        check = zlib.crc32(name + body)
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    rows = (b"\0" + bytes([grey]) * wide) * high
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def tiff_of(pages: int, wide: int = 8, high: int = 8) -> bytes:
    """An uncompressed grey TIFF of several pages (TIFF 6.0 §2 and §8)."""
    body = bytearray(b"II*\0\0\0\0\0")
    last = 4
    for number in range(pages):
        strip = len(body)
        body += bytes([(40 * number) % 256]) * (wide * high)
        body += b"\0" * (len(body) % 2)
        body[last : last + 4] = struct.pack("<I", len(body))
        entries = (
            (256, 3, wide), (257, 3, high), (258, 3, 8), (259, 3, 1), (262, 3, 1),
            (273, 4, strip), (277, 3, 1), (278, 3, high), (279, 4, wide * high),
        )  # fmt: skip
        body += struct.pack("<H", len(entries))
        for tag, kind, value in entries:
            body += struct.pack("<HHII", tag, kind, 1, value)
        last = len(body)
        body += struct.pack("<I", 0)
    return bytes(body)
