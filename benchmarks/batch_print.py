"""A batch of claims through the claims page to a printer: pages per second, and the worst stall.

Two lines: drawing the batch as the program does (each claim laid out, frozen as its own PDF, and
all of them in one document for the folder) against bare reportlab writing the same documents
string by string; and the longest time the window's event loop did not turn while 500 claims were
frozen on the worker, drawn, painted and listed again, against 50 ms.
"""

from __future__ import annotations

import gc
import os
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from app.domain.claim_form import Address, PayerType
from app.printing.claim_pages import lay_out
from app.printing.drawing import claim_sheets
from app.printing.operations import data_operations
from app.printing.pdf import claim_pdf, sheets_pdf
from app.services.clock import SetClock
from app.services.door import Door, Services
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.people_commands import (
    SaveFacility,
    SavePatient,
    SavePayer,
    SavePolicy,
    SavePractice,
    SaveProcedure,
    SaveProvider,
)
from app.services.printers import STOCK, PrinterTray
from app.ui.changes import Changes
from app.ui.jobs import Jobs
from app.ui.page import Go
from app.ui.pages.claims import ClaimsPage
from app.ui.printing.printer_out import PrinterPrintOut
from app.ui.printing.printers import lay_flat
from app.ui.printout import FolderPrintOut
from app.ui.rooms import Rooms
from app.ui.theme import apply_theme
from app.ui.window import MainWindow
from benchmarks import claims_pdf
from benchmarks.measure import BenchResult, interleave

CLAIMS = 500
STALL_MS = 50
BEAT_MS = 2
TODAY = date(2026, 11, 23)
HOME = Address("118 Orchard Ln", "", "Salem", "VA", "24153")
OFFICE = Address("40 Main St", "", "Salem", "VA", "24153-0040")


class _PaperPrinters:
    """A printer that prints into a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> tuple[str, ...]:
        return ("Laser",)

    def trays(self, name: str) -> tuple[str, ...]:
        return ()

    def open(self, tray: PrinterTray, *, on_stock: bool) -> QPrinter:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(self._folder / "printed.pdf"))
        lay_flat(printer, on_stock=on_stock)
        return printer


class _Heart:
    """Notes the longest time between two turns of the event loop."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(interval=BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now

    def stop(self) -> float:
        """Milliseconds."""
        self._timer.stop()
        return self.longest * 1000


def run() -> tuple[BenchResult, BenchResult]:
    """Pages per second as a ratio, and the stall as a part of what is allowed."""
    return (_drawing(), _stall())


def _drawing() -> BenchResult:
    forms = [replace(claims_pdf.sample_claim(n), claim_number=str(n)) for n in range(100)]
    strings = [
        [(run.x_pt, run.y_pt, run.text) for run in data_operations(sheet)]
        for form in forms
        for sheet in lay_out(form).sheets
    ]

    def app() -> object:
        laid = [lay_out(form) for form in forms]
        kept = [claim_pdf(pages, whole_form=False) for pages in laid]
        return kept, sheets_pdf([s for p in laid for s in claim_sheets(p, whole_form=False)])

    def floor() -> object:
        return [claims_pdf.bare([page]) for page in strings], claims_pdf.bare(strings)

    return BenchResult("batch print, pages drawn", interleave(app, floor, 9), 1.5)


def _stall() -> BenchResult:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    apply_theme(app)
    with TemporaryDirectory() as place:
        door = Door(clock=SetClock(TODAY))
        services, _ = door.create(Path(place) / "practice", "Dana Biller", "correct horse battery")
        jobs = Jobs()
        try:
            _fill(services)
            services.printers.choose(STOCK, PrinterTray("Laser"))
            window = _window(services, jobs, Path(place))
            gc.collect()
            gc.freeze()  # as the program does once its window is built
            longest, seconds = _print_all(window, services, jobs)
        finally:
            gc.unfreeze()
            jobs.shutdown()
            services.close()
    name = f"batch print, longest stall ({longest:.0f} ms, {CLAIMS / seconds:.0f} claims/s)"
    return BenchResult(name, longest / STALL_MS, 1.0)


def _window(services: Services, jobs: Jobs, place: Path) -> MainWindow:
    changes = Changes()
    services.subscribe(changes.publish)
    folder = FolderPrintOut(lambda: None, TODAY.isoformat)
    out = PrinterPrintOut(services.printers, _PaperPrinters(place), folder)
    window = Rooms(services, jobs, out).window(changes)
    window.resize(1440, 900)
    window.show()
    window.go(Go(ClaimsPage.NAME))
    _turn(0.3)
    return window


def _print_all(window: MainWindow, services: Services, jobs: Jobs) -> tuple[float, float]:
    page = window.page(ClaimsPage.NAME)
    assert isinstance(page, ClaimsPage)
    said: list[str] = []
    page.notify.connect(lambda notice: said.append(notice.text))
    begin, heart = time.perf_counter(), _Heart()
    page.print_ready()
    while not any("Sent to" in text for text in said):
        _turn(0.01)
        assert time.perf_counter() - begin < 300, said
    seconds = time.perf_counter() - begin
    _turn(0.2)
    longest = heart.stop()
    assert services.claims.counts() == {"printed": CLAIMS}
    window.close()
    return longest, seconds


def _turn(seconds: float) -> None:
    """Lets the event loop run and the worker have the interpreter."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        QApplication.processEvents()
        time.sleep(0.0005)


def _fill(services: Services) -> None:
    """A practice with as many ready claims of four lines."""
    services.setup.save_practice(
        SavePractice("Sample Practice", OFFICE, "5405550140", "1245319599", "541234567")
    )
    provider = services.setup.save_provider(SaveProvider("Cole", "Imani", npi="1679576722"))
    payer = services.setup.save_payer(SavePayer("Sample Health Plan", PayerType.GROUP, HOME))
    place = services.setup.save_facility(SaveFacility("Sample Practice", OFFICE, "11"))
    services.setup.save_procedure(SaveProcedure("99214", 18500, "Visit"))
    patient = services.patients.save(
        SavePatient(
            last="Ames", first="Ruth", birth_date=date(1964, 4, 17), sex="F", address=HOME,
            phone="5405550118", release_signature_date=date(2026, 1, 5),
            policies=(SavePolicy(payer, "XQK88410072"),),
        )
    ).patient_id  # fmt: skip
    line = SaveLine("99214", pointers="AB")
    for n in range(CLAIMS):
        day = TODAY - timedelta(days=1 + n)
        command = SaveEncounter(
            patient_id=patient, provider_id=provider, service_date=day,
            facility_id=place, diagnoses=("M17.11", "I10"), lines=(line,) * 4,
        )  # fmt: skip
        services.encounters.post_charges(services.encounters.save(command).encounter_id)


if __name__ == "__main__":
    print(*run(), sep="\n")
