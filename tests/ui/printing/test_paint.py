"""A sheet painted for a printer stands where the PDF has it, character by character."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from app.domain.print_fit import NO_FIT, PrintFit
from app.domain.print_ops import Run, SheetOps
from app.printing.calibration import calibration_sheet
from app.printing.claim_pages import lay_out
from app.printing.drawing import claim_sheets
from app.printing.fields import fields
from app.printing.pdf import claim_pdf, sheets_pdf
from app.ui.printing.printers import TITLE, lay_flat
from app.ui.printing.sheet_job import SheetJob
from tests.printing.samples import claim, line

EVERYWHERE = 0.02  # points, what the printed page may differ from the PDF before the driver
Spot = tuple[float, float, str]


def printed(
    qtbot: QtBot,
    path: Path,
    sheets: Sequence[SheetOps],
    pdf: bytes = b"",
    fit: PrintFit = NO_FIT,
    dots: int = 600,
) -> bytes:
    """What a printer of this many dots to the inch gets, as PDF."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    printer.setResolution(dots)
    lay_flat(printer, on_stock=True)
    job = SheetJob(printer, sheets, pdf, fit)
    with qtbot.waitSignal(job.finished, timeout=20000) as ended:
        job.start()
    assert ended.args == [""]
    return path.read_bytes()


def spots(pdf: bytes, page: int = 0, *, data_only: bool = True) -> list[Spot]:
    """Left edge, baseline and character of every character of 12 points, in reading order."""
    with pdfplumber.open(BytesIO(pdf)) as document:
        chars = document.pages[page].chars
    found = [(c["matrix"][4], c["matrix"][5], c["text"]) for c in chars if c["text"] != " "]
    if data_only:
        sized = [c for c in chars if c["text"] != " " and abs(c["size"] - 12) < 0.1]
        found = [(c["matrix"][4], c["matrix"][5], c["text"]) for c in sized]
    return sorted(found, key=_order)


def _order(spot: Spot) -> tuple[float, float]:
    return -round(spot[1]), spot[0]


def compare(ours: list[Spot], reference: list[Spot], within: float = EVERYWHERE) -> None:
    assert [s[2] for s in ours] == [s[2] for s in reference]
    far = [(a, b) for a, b in zip(ours, reference, strict=True)
           if abs(a[0] - b[0]) > within or abs(a[1] - b[1]) > within]  # fmt: skip
    assert far == []


def every_cell() -> SheetOps:
    """A character in every cell of every field."""
    data = (Run(f.x_pt, f.baseline_pt, "ABCDEFGHIJ0123456789" * 4) for f in fields().values())
    cut = (Run(r.x_pt, r.y_pt, r.text[: f.length]) for r, f in zip(data, fields().values(),
                                                                   strict=True))  # fmt: skip
    return SheetOps(on_stock=True, data=tuple(cut))


@pytest.mark.parametrize("dots", [600, 1200])
def test_every_cell_of_the_form_agrees_with_the_pdf(
    qtbot: QtBot, tmp_path: Path, dots: int
) -> None:
    sheet = every_cell()
    reference = spots(sheets_pdf([sheet]))
    assert len(reference) > 1500
    compare(spots(printed(qtbot, tmp_path / "a.pdf", [sheet], dots=dots)), reference)


def test_a_claim_of_two_sheets_whole_and_data_only(qtbot: QtBot, tmp_path: Path) -> None:
    pages = lay_out(claim(lines=tuple(line(n) for n in range(8))))
    for whole in (False, True):
        made = printed(qtbot, tmp_path / f"{whole}.pdf", claim_sheets(pages, whole_form=whole))
        reference = claim_pdf(pages, whole_form=whole)
        for page in range(2):
            compare(spots(made, page), spots(reference, page))


def test_it_is_letter_and_its_title_says_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    made = printed(qtbot, tmp_path / "a.pdf", claim_sheets(lay_out(claim()), whole_form=False))
    with pdfplumber.open(BytesIO(made)) as document:
        assert (document.pages[0].width, document.pages[0].height) == (612, 792)
        assert not document.pages[0].images, "text is drawn as text"
        assert not document.pages[0].rects + document.pages[0].lines, "nothing but data on stock"
        said = str(document.metadata)
    assert TITLE in said
    assert "PENA" not in said.upper()


def test_a_fit_moves_and_stretches_from_the_upper_left_corner(qtbot: QtBot, tmp_path: Path) -> None:
    sheet, fit = every_cell(), PrintFit(right=5, down=-3, wide=10_050, high=9_980)
    made = spots(printed(qtbot, tmp_path / "a.pdf", [sheet], fit=fit))
    back = [((x - 3.6) / 1.005, 792 - (792 - y + 2.16) / 0.998, char) for x, y, char in made]
    compare(sorted(back, key=_order), spots(sheets_pdf([sheet])))


def test_captions_are_as_wide_as_in_the_pdf(qtbot: QtBot, tmp_path: Path) -> None:
    sheets = claim_sheets(lay_out(claim()), whole_form=True)
    made = printed(qtbot, tmp_path / "a.pdf", sheets)
    drawn = [c for c in sheets[0].form if getattr(c, "width_pt", 0)]
    assert len(drawn) > 150
    with pdfplumber.open(BytesIO(made)) as document:
        page = document.pages[0]
        assert len(page.lines) + len(page.rects) + len(page.curves) > 150
        right = max(c["x1"] for c in page.chars)
    assert right < 612 - 9


def test_the_test_page_has_its_crosses_where_the_ruler_expects_them(
    qtbot: QtBot, tmp_path: Path
) -> None:
    made = printed(qtbot, tmp_path / "a.pdf", [calibration_sheet()])
    for pdf in (made, sheets_pdf([calibration_sheet()])):
        with pdfplumber.open(BytesIO(pdf)) as document:
            lines = document.pages[0].lines
        level = {(round((r["x0"] + r["x1"]) / 144, 3), round(r["top"] / 72, 3)) for r in lines
                 if abs(r["top"] - r["bottom"]) < 0.1}  # fmt: skip
        assert level == {(1.0, 1.0), (7.5, 1.0), (1.0, 10.0), (7.5, 10.0)}


def test_a_document_without_sheets_is_printed_as_a_picture(qtbot: QtBot, tmp_path: Path) -> None:
    pages = lay_out(claim(lines=tuple(line(n) for n in range(8))))
    made = printed(qtbot, tmp_path / "a.pdf", [], claim_pdf(pages, whole_form=True), dots=300)
    with pdfplumber.open(BytesIO(made)) as document:
        assert len(document.pages) == 2
        images = document.pages[0].images
    assert images
    assert min(i["x0"] for i in images) == pytest.approx(0, abs=0.3)
    assert max(i["x1"] for i in images) == pytest.approx(612, abs=0.5)
    assert max(i["bottom"] for i in images) == pytest.approx(792, abs=0.5)
