"""Printers for tests: each prints into a PDF file, unless it is gone or jams."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtPrintSupport import QPrinter

from app.services.printers import PrinterTray
from app.ui.printing.printers import PrinterTrouble, lay_flat


@dataclass
class PaperPrinters:
    """Two printers with trays; what they print lies in ``folder``."""

    folder: Path
    known: tuple[str, ...] = ("Laser", "Inkjet")
    jams: bool = False
    opened: list[tuple[PrinterTray, bool]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def names(self) -> tuple[str, ...]:
        return self.known

    def trays(self, name: str) -> tuple[str, ...]:
        self.asked.append(name)
        return ("Tray 1", "Tray 2") if name == "Laser" else ()

    def open(self, tray: PrinterTray, *, on_stock: bool) -> QPrinter:
        if tray.printer not in self.known:
            raise PrinterTrouble(f"The printer {tray.printer} is not there.")
        self.opened.append((tray, on_stock))
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        place = self.folder / "no such folder" if self.jams else self.folder
        printer.setOutputFileName(str(place / f"{len(self.opened)}.pdf"))
        printer.setResolution(600)
        lay_flat(printer, on_stock=on_stock)
        return printer

    def printed(self) -> list[bytes]:
        return [p.read_bytes() for p in sorted(self.folder.glob("*.pdf"))]
