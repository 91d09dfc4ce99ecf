"""Scans: judged by content, kept encrypted with the visit, looked at on record, removed."""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from app.domain.errors import NotFound, Refused
from app.services._attachment_kinds import MOST_BYTES, MOST_PAGES, examine
from tests.services.front_desk import Office
from tests.ui.pages.scans import pdf_of, png_of, tiff_of

JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xc0\x00\x0b\x08\x00\x10\x00\x20\x01\x01\x11\x00" + b"\x00" * 20 + b"\xff\xd9"
)


def locked_pdf() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_of(1))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind", "mime", "pages"),
    [
        (pdf_of(3), "pdf", "application/pdf", 3),
        (png_of(), "image", "image/png", 1),
        (JPEG, "image", "image/jpeg", 1),
        (tiff_of(4), "image", "image/tiff", 4),
    ],
)
def test_a_file_is_what_its_bytes_say(content: bytes, kind: str, mime: str, pages: int) -> None:
    scan = examine("C:\\Scans\\note.exe", content)
    assert (scan.name, scan.kind, scan.mime, scan.pages) == ("note.exe", kind, mime, pages)


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty_file", "empty"),
        (b"MZ" + b"\0" * 500, "not_a_scan", "PDF, PNG, JPEG or TIFF"),
        (b"PK\x03\x04" + b"\0" * 50, "not_a_scan", "Word, Excel or zip"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, "not_a_scan", "HEIC"),
        (pdf_of(1)[:60], "damaged_scan", "damaged"),
        (png_of()[:50], "damaged_scan", "damaged"),
        (png_of()[:-12], "damaged_scan", "damaged"),
        (JPEG[:-2], "damaged_scan", "damaged"),
        (tiff_of(2)[:-30], "damaged_scan", "damaged"),
        (png_of()[:16] + b"\xff\xff\xff\xff\xff\xff\xff\xff" + png_of()[24:], "file_too_big", ""),
        (pdf_of(MOST_PAGES + 1), "too_many_pages", "61 pages"),
        (tiff_of(MOST_PAGES + 1), "too_many_pages", "pages"),
        (locked_pdf(), "locked_pdf", "password"),
        (b"%PDF-1.4" + b" " * MOST_BYTES, "file_too_big", "25 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_scan_is_refused_with_what_to_do(content: bytes, code: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        examine("scan.pdf", content)
    assert refused.value.code == code
    assert words in refused.value.message


@given(st.sampled_from([pdf_of(2), png_of(), tiff_of(3), JPEG]), st.data())
def test_a_damaged_file_is_never_worse_than_refused(content: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(content)))
    at = data.draw(st.integers(0, len(content) - 1))
    broken = bytearray(content[:cut])
    if at < len(broken):
        broken[at] ^= data.draw(st.integers(1, 255))
    with suppress(Refused):
        assert examine("x", bytes(broken)).pages >= 1


def test_a_scan_is_kept_found_shown_removed_and_brought_back(office: Office) -> None:
    scans, case = office.services.attachments, office.sent()
    row = scans.add(case.encounter, scans.examine("superbill.pdf", pdf_of(2)))
    assert scans.of_encounter(case.encounter) == (row,)
    assert scans.open(row.attachment_id).content == pdf_of(2)
    with pytest.raises(Refused, match="attached already"):
        scans.add(case.encounter, scans.examine("again.pdf", pdf_of(2)))
    scans.remove(row.attachment_id)
    assert scans.of_encounter(case.encounter) == ()
    with pytest.raises(NotFound):
        scans.open(row.attachment_id)
    scans.bring_back(row.attachment_id)
    assert scans.of_encounter(case.encounter) == (row,)
    actions = [
        action for (action,) in office.sql("SELECT action FROM audit ORDER BY id DESC LIMIT 4")
    ]
    assert actions == ["bring scan back", "remove scan", "view scan", "attach scan"]


def test_what_was_removed_long_ago_gives_its_room_back(office: Office) -> None:
    scans, case = office.services.attachments, office.sent()
    row = scans.add(case.encounter, scans.examine("a.png", png_of()))
    scans.remove(row.attachment_id)
    office.clock.day += timedelta(days=31)
    scans.add(case.encounter, scans.examine("b.png", png_of(grey=1)))
    with pytest.raises(NotFound):
        scans.bring_back(row.attachment_id)
    assert office.sql("SELECT COUNT(*) FROM chart_scan") == [(1,)]


def test_a_deleted_draft_takes_its_scans_along(office: Office) -> None:
    case = office.sent()
    draft = office.draft(case.patient)
    scans = office.services.attachments
    scans.add(draft, scans.examine("a.png", png_of()))
    office.services.encounters.delete_draft(draft)
    assert office.sql("SELECT COUNT(*) FROM chart_scan") == [(0,)]


def test_the_bytes_of_a_scan_lie_nowhere_in_the_clear(office: Office) -> None:
    scans, case = office.services.attachments, office.sent()
    mark = b"Superbill of nobody"
    content = pdf_of(1) + b"%" + mark
    row = scans.add(case.encounter, scans.examine("secret-name.pdf", content))
    scans.open(row.attachment_id)
    folder = Path(office.services.desk.db.path).parent
    for path in folder.rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            assert mark not in held
            assert b"secret-name" not in held
