"""Printers: chosen by paper, opened flat; what fails says why and prints nothing."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.domain.print_fit import PrintFit
from app.printing.claim_pages import lay_out
from app.printing.drawing import claim_sheets
from app.printing.pdf import claim_pdf
from app.services.door import Services
from app.services.printers import PLAIN, STOCK, PrinterTray
from app.ui.printing.paint import SheetPainter
from app.ui.printing.printer_out import PrinterPrintOut
from app.ui.printing.printers import (
    TITLE,
    PrinterTrouble,
    SystemPrinters,
    cups_trays,
    lay_flat,
    tray_of,
)
from app.ui.printout import ACTUAL_SIZE, FolderPrintOut
from tests.office import open_office
from tests.printing.samples import claim, line
from tests.ui.pages.office import DAY, KeptSheets
from tests.ui.printing.paper import PaperPrinters

PAGES = lay_out(claim(lines=tuple(line(n) for n in range(8))))
STOCK_SHEETS = claim_sheets(PAGES, whole_form=False)
PDF = claim_pdf(PAGES, whole_form=False)
RED, WHITE = PrinterTray("Laser", "Tray 2"), PrinterTray("Inkjet")


class Outs:
    """Words by fate."""

    def __init__(self, services: Services, folder: Path) -> None:
        self.printers, self.folder = PaperPrinters(folder), KeptSheets()
        self.out = PrinterPrintOut(services.printers, self.printers, self.folder)
        self.told: list[str] = []
        self.failed: list[str] = []

    def ended(self) -> bool:
        return len(self.told) + len(self.failed) == 1


@pytest.fixture
def services() -> Iterator[Services]:
    with open_office(DAY) as (services, _):
        yield services


def left_edge(pdf: bytes) -> float:
    with pdfplumber.open(BytesIO(pdf)) as document:
        assert len(document.pages) == 2
        return float(min(c["matrix"][4] for c in document.pages[0].chars))


def test_stock_and_plain_paper_go_to_their_own_printers(
    qtbot: QtBot, services: Services, tmp_path: Path
) -> None:
    outs = Outs(services, tmp_path)
    services.printers.choose(STOCK, RED)
    services.printers.choose(PLAIN, WHITE)
    services.printers.save_fit(RED, PrintFit(right=10))
    outs.out.put(PDF, "claims", outs.told.append, sheets=STOCK_SHEETS, failed=outs.failed.append)
    assert outs.told == [], "painting goes on in turns"
    qtbot.waitUntil(outs.ended, timeout=10000)
    assert outs.told == ["Sent to Laser, Tray 2."]
    assert outs.printers.opened == [(RED, True)]
    assert left_edge(outs.printers.printed()[0]) == pytest.approx(left_edge(PDF) + 7.2, abs=0.02)
    outs.told.clear()
    outs.out.put(PDF, "summary", outs.told.append)
    qtbot.waitUntil(outs.ended, timeout=20000)
    assert outs.told == ["Sent to Inkjet."]
    assert outs.printers.opened[1] == (WHITE, False)
    assert outs.folder.pdfs == []


def test_without_a_printer_the_folder_takes_it(services: Services, tmp_path: Path) -> None:
    outs = Outs(services, tmp_path)
    outs.out.put(PDF, "claims", outs.told.append, sheets=STOCK_SHEETS, failed=outs.failed.append)
    outs.out.save(b"text", "claims", outs.told.append, suffix="txt")
    assert (outs.folder.pdfs, outs.folder.files) == ([PDF], [b"text"])
    assert outs.out.trouble(on_stock=True) == ""


def test_a_printer_that_is_gone_says_so_before_and_after(
    services: Services, tmp_path: Path
) -> None:
    outs = Outs(services, tmp_path)
    services.printers.choose(STOCK, PrinterTray("Dot matrix"))
    assert "Dot matrix is not there" in outs.out.trouble(on_stock=True)
    assert outs.out.trouble(on_stock=False) == ""
    outs.out.put(PDF, "claims", outs.told.append, sheets=STOCK_SHEETS, failed=outs.failed.append)
    assert (outs.told, outs.failed) == ([], ["The printer Dot matrix is not there."])


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_takes_nothing_fails(
    qtbot: QtBot, services: Services, tmp_path: Path
) -> None:
    outs = Outs(services, tmp_path)
    outs.printers.jams = True
    services.printers.choose(STOCK, RED)
    outs.out.put(PDF, "claims", outs.told.append, sheets=STOCK_SHEETS, failed=outs.failed.append)
    qtbot.waitUntil(outs.ended, timeout=10000)
    assert outs.told == []
    assert "stopped taking the pages" in outs.failed[0]


def test_a_fault_while_drawing_closes_the_printer_and_is_told(
    qtbot: QtBot, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outs = Outs(services, tmp_path)
    services.printers.choose(STOCK, RED)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(SheetPainter, "draw", broken)
    with qtbot.captureExceptions() as caught:
        outs.out.put(
            PDF, "claims", outs.told.append, sheets=STOCK_SHEETS, failed=outs.failed.append
        )
        qtbot.waitUntil(outs.ended, timeout=10000)
    assert [kind for kind, _, _ in caught] == [ZeroDivisionError]
    assert "nothing was printed" in outs.failed[0]


def test_a_printer_is_laid_flat() -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDuplex(QPrinter.DuplexMode.DuplexLongSide)
    lay_flat(printer, on_stock=True)
    layout = printer.pageLayout()
    assert layout.pageSize().id() is QPageSize.PageSizeId.Letter
    assert layout.orientation() is layout.Orientation.Portrait
    margins = layout.margins()
    assert (margins.left(), margins.top(), margins.right(), margins.bottom()) == (0, 0, 0, 0)
    assert printer.fullPage()
    assert printer.duplex() is QPrinter.DuplexMode.DuplexNone
    assert printer.docName() == TITLE
    assert printer.colorMode() is QPrinter.ColorMode.GrayScale
    lay_flat(printer, on_stock=False)
    assert printer.pageRect(QPrinter.Unit.Inch).topLeft().isNull()


def test_the_systems_printers_and_one_that_is_not_there() -> None:
    system = SystemPrinters()
    assert system.trays("no such printer") == ()
    with pytest.raises(PrinterTrouble, match="no such printer is not there"):
        system.open(PrinterTray("no such printer"), on_stock=True)


def test_trays_as_the_system_names_them() -> None:
    said = "PageSize/Media Size: *Letter A4\nInputSlot/Media Source: *Auto Upper Tray2\nDuplex: x\n"
    assert cups_trays(said) == ("Upper", "Tray2")
    assert cups_trays("PageSize: *Letter") == ()
    assert tray_of("Lower") is QPrinter.PaperSource.Lower
    assert tray_of("Tray 260") == QPrinter.PaperSource(260)
    assert tray_of("anything") is None


@pytest.fixture
def folder_out(tmp_path: Path) -> Iterator[FolderPrintOut]:
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "s"))
    out = FolderPrintOut(lambda: None, lambda: "2026-11-23")
    out._settings.clear()
    yield out
    out._settings.clear()


def test_the_folder_gets_files_of_their_own_and_a_reminder(
    folder_out: FolderPrintOut, tmp_path: Path
) -> None:
    place = tmp_path / "sheets"
    place.mkdir()
    folder_out._settings.setValue("print_folder", str(place))
    told: list[str] = []
    folder_out.put(PDF, "claims", told.append)
    folder_out.put(PDF, "claims", told.append)
    folder_out.save(b"image", "claims", told.append, suffix="txt")
    names = sorted(p.name for p in place.iterdir())
    assert names == ["claims-2026-11-23-2.pdf", "claims-2026-11-23.pdf", "claims-2026-11-23.txt"]
    assert (place / names[0]).stat().st_mode & 0o077 == 0
    assert told[0] == f"Saved as claims-2026-11-23.pdf. {ACTUAL_SIZE}"
    assert told[2] == "Saved as claims-2026-11-23.txt."


def test_a_folder_that_cannot_be_written_or_is_not_chosen_fails(
    qtbot: QtBot, folder_out: FolderPrintOut, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    failed: list[str] = []
    monkeypatch.setattr(QFileDialog, "open", lambda picker: picker.rejected.emit())
    folder_out.put(PDF, "claims", told.append, failed=failed.append)
    assert (told, failed) == ([], ["No folder was chosen, so nothing was saved."])
    folder_out._settings.setValue("print_folder", str(tmp_path))

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FolderPrintOut, "write", full)
    folder_out.put(PDF, "claims", told.append, failed=failed.append)
    assert told == []
    assert "cannot be written to" in failed[1]
