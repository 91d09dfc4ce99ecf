"""Sheets to the printer chosen for their paper; to the folder where none is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.print_ops import SheetOps
from app.services.printers import PLAIN, STOCK, PrinterService, PrinterTray
from app.ui.printing.printers import Printers, PrinterTrouble
from app.ui.printing.sheet_job import SheetJob
from app.ui.printout import PrintOut, Told


class PrinterPrintOut(PrintOut):
    """Red stock and plain paper may lie in different printers and trays, each with its own fit."""

    def __init__(self, settings: PrinterService, printers: Printers, folder: PrintOut) -> None:
        self._settings, self._printers, self._folder = settings, printers, folder
        self._running: set[SheetJob] = set()

    def put(
        self,
        pdf: bytes,
        name: str,
        told: Told,
        *,
        sheets: Sequence[SheetOps] = (),
        failed: Told | None = None,
    ) -> None:
        """See ``PrintOut.put``."""
        on_stock = bool(sheets) and sheets[0].on_stock
        tray = self._settings.chosen(STOCK if on_stock else PLAIN)
        if tray is None:
            self._folder.put(pdf, name, told, sheets=sheets, failed=failed)
        else:
            self.print_on(tray, pdf, told, sheets=sheets, failed=failed)

    def print_on(
        self,
        tray: PrinterTray,
        pdf: bytes,
        told: Told,
        *,
        sheets: Sequence[SheetOps] = (),
        failed: Told | None = None,
    ) -> None:
        """Prints on a named printer and tray, whatever is chosen for the paper."""
        on_stock = bool(sheets) and sheets[0].on_stock
        try:
            printer = self._printers.open(tray, on_stock=on_stock)
        except PrinterTrouble as trouble:
            (failed or told)(trouble.message)
            return
        job = SheetJob(printer, sheets, pdf, self._settings.fit(tray))
        self._running.add(job)

        def finished(trouble: str) -> None:
            self._running.discard(job)
            if trouble:
                (failed or told)(trouble)
            else:
                told(f"Sent to {tray.printer}{f', {tray.tray}' if tray.tray else ''}.")

        job.finished.connect(finished)
        job.start()

    def save(
        self, content: bytes, name: str, told: Told, *, suffix: str, failed: Told | None = None
    ) -> None:
        """Files always go into the folder."""
        self._folder.save(content, name, told, suffix=suffix, failed=failed)

    def trouble(self, *, on_stock: bool) -> str:
        """A sentence when the printer chosen for this paper is not there."""
        tray = self._settings.chosen(STOCK if on_stock else PLAIN)
        if tray is None or tray.printer in self._printers.names():
            return ""
        return (
            f"The printer {tray.printer} is not there, so nothing was printed. Switch it on, or "
            "choose another in Setup, Printers."
        )
