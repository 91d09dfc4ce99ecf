"""The printers of this computer, opened so that nothing scales, turns or shifts the page."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import Protocol

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize
from PySide6.QtPrintSupport import QPrintEngine, QPrinter, QPrinterInfo

from app.domain.errors import AppError
from app.services.printers import PrinterTray

TITLE = "Claims"  # what the print queue shows: nothing of a person
_OTHER_SOURCE = "Tray "  # a tray of a Windows driver's own, by its number
_CUPS_OPTIONS = 0xFE00  # Qt's key for options handed to CUPS; not in its public list
_PATIENCE_SECONDS = 2
_OWN_CHOICES = ("Auto", "FormSource", "OnlyOne", "MaxPageSource", "CustomSource", "LastPaperSource")


class PrinterTrouble(AppError):  # noqa: N818 - a sentence to the biller, like its kin
    """The printer cannot be used; nothing was printed."""


class Printers(Protocol):
    """What the program asks of the computer's printers."""

    def names(self) -> tuple[str, ...]:
        """Printers that are set up; empty when there is none."""
        ...

    def trays(self, name: str) -> tuple[str, ...]:
        """Names of a printer's trays, as far as its driver tells them."""
        ...

    def open(self, tray: PrinterTray, *, on_stock: bool) -> QPrinter:
        """A printer ready to be painted on.

        Raises:
            PrinterTrouble: it is gone or does not take US Letter.
        """
        ...


class SystemPrinters:
    """The printers that the operating system knows."""

    def names(self) -> tuple[str, ...]:
        """Their names, the default one first."""
        default = QPrinterInfo.defaultPrinterName()
        return tuple(sorted(QPrinterInfo.availablePrinterNames(), key=lambda n: (n != default, n)))

    def trays(self, name: str) -> tuple[str, ...]:
        """From the driver on Windows, from CUPS elsewhere; empty when nobody tells."""
        info = QPrinterInfo.printerInfo(name)
        if info.isNull():
            return ()
        if sys.platform == "win32":
            sources = QPrinter(info).supportedPaperSources()
            return tuple(s for s in map(_source_name, sources) if s not in _OWN_CHOICES)
        asker = shutil.which("lpoptions")
        return _ask_cups(asker, name) if asker else ()

    def open(self, tray: PrinterTray, *, on_stock: bool) -> QPrinter:
        """See ``Printers.open``."""
        info = QPrinterInfo.printerInfo(tray.printer)
        if info.isNull():
            raise PrinterTrouble(
                f"The printer {tray.printer} is not there. Switch it on, or choose another in "
                "Setup, Printers."
            )
        printer = QPrinter(info, QPrinter.PrinterMode.HighResolution)
        printer.setPrinterName(info.printerName())
        lay_flat(printer, on_stock=on_stock)
        _choose_tray(printer, tray.tray)
        if not printer.isValid() or printer.pageLayout().pageSize().id() != _LETTER:
            raise PrinterTrouble(
                f"The printer {tray.printer} does not take US Letter. Load Letter paper in its "
                "settings, or choose another in Setup, Printers."
            )
        return printer


_LETTER = QPageSize.PageSizeId.Letter


def lay_flat(printer: QPrinter, *, on_stock: bool) -> None:
    """US Letter upright, the full page, no margins, one side, one copy, a neutral title."""
    printer.setFullPage(True)
    portrait = QPageLayout.Orientation.Portrait
    printer.setPageLayout(QPageLayout(QPageSize(_LETTER), portrait, QMarginsF(0, 0, 0, 0)))
    printer.setFullPage(True)
    printer.setDuplex(QPrinter.DuplexMode.DuplexNone)
    printer.setCopyCount(1)
    printer.setDocName(TITLE)
    printer.setCreator("")
    if on_stock:  # black ink alone, not black mixed of colours
        printer.setColorMode(QPrinter.ColorMode.GrayScale)


def tray_of(name: str) -> QPrinter.PaperSource | None:
    """Qt's name of a tray as ``trays`` called it on Windows; None for an unknown one."""
    if name.startswith(_OTHER_SOURCE) and name.removeprefix(_OTHER_SOURCE).isdigit():
        return QPrinter.PaperSource(int(name.removeprefix(_OTHER_SOURCE)))
    return QPrinter.PaperSource.__members__.get(name)


def cups_trays(options: str) -> tuple[str, ...]:
    """The trays among what ``lpoptions -l`` answers, its automatic choice left out."""
    found = re.search(r"^InputSlot(?:/[^:]*)?:(.*)$", options, re.MULTILINE)
    names = (word.removeprefix("*") for word in found[1].split()) if found else ()
    return tuple(name for name in names if not name.lower().startswith("auto"))


def _choose_tray(printer: QPrinter, tray: str) -> None:
    if sys.platform == "win32":
        source = tray_of(tray)
        if source is not None:
            printer.setPaperSource(source)
        return
    if printer.outputFormat() is QPrinter.OutputFormat.NativeFormat:
        options = ["print-scaling", "none", *(("InputSlot", tray) if tray else ())]
        key = QPrintEngine.PrintEnginePropertyKey(_CUPS_OPTIONS)
        printer.printEngine().setProperty(key, options)


def _source_name(source: QPrinter.PaperSource) -> str:
    known = QPrinter.PaperSource.__members__
    return next((n for n, s in known.items() if s == source), f"{_OTHER_SOURCE}{source.value}")


def _ask_cups(asker: str, name: str) -> tuple[str, ...]:
    try:
        said = subprocess.run(
            [asker, "-p", name, "-l"],
            capture_output=True,
            check=False,
            text=True,
            timeout=_PATIENCE_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return cups_trays(said.stdout)
