"""A scan's pages are drawn beside the window: nobody waits, and pdfium is entered one at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from app.services import _attachment_kinds
from app.services.attachments import AttachmentRow, OpenedScan
from app.ui.jobs import Jobs
from app.ui.pages.encounters_chart_pages import PdfPages
from app.ui.pages.encounters_chart_scan import ScanView
from app.ui.printing.printers import lay_flat
from app.ui.printing.sheet_job import SheetJob
from app.ui.widgets.pages_view import PagesView
from tests.ui.pages.scans import pdf_of, png_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ENTRIES = (
    (pdfium.PdfDocument, ("__init__", "__len__", "get_page", "close")),
    (pdfium.PdfPage, ("render", "get_size", "close")),
    (pdfium.PdfBitmap, ("close",)),
)


def scan_of(content: bytes, pages: int, kind: str = "pdf") -> OpenedScan:
    row = AttachmentRow(1, 1, kind, f"scan.{kind}", "", pages, len(content), NOW)
    return OpenedScan(row, content)


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs(patience=0.0)
    yield made
    made.shutdown()


@pytest.fixture
def view(qtbot: QtBot, jobs: Jobs) -> ScanView:
    view = ScanView(jobs)
    qtbot.addWidget(view)
    view.resize(400, 500)
    view.show()
    return view


class Watch:
    """Counts the threads inside pdfium; each stay is long enough for another to come in."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._lock, self._inside = threading.Lock(), dict[int, int]()
        self.most, self.threads = 0, set[str]()
        for kind, names in ENTRIES:
            for name in names:
                patch.setattr(kind, name, self._watched(getattr(kind, name)))

    def _watched(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def inside(*values: Any, **named: Any) -> Any:
            me = threading.get_ident()
            with self._lock:
                self._inside[me] = self._inside.get(me, 0) + 1
                self.most = max(self.most, len(self._inside))
                self.threads.add(threading.current_thread().name.split("_")[0])
            try:
                time.sleep(0.0005)
                return call(*values, **named)
            finally:
                with self._lock:
                    self._inside[me] -= 1
                    if not self._inside[me]:
                        del self._inside[me]

        return inside


def test_two_threads_are_never_in_pdfium_at_once(
    qtbot: QtBot, jobs: Jobs, view: ScanView, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    watch = Watch(monkeypatch)
    content = pdf_of(6)
    paper = PagesView()
    qtbot.addWidget(paper)
    paper.resize(300, 300)
    counted: list[int] = []
    for _ in range(8):
        jobs.run(lambda _p: _attachment_kinds._pdf_pages(content), counted.append)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    lay_flat(printer, on_stock=False)
    ended: list[str] = []
    job = SheetJob(printer, (), pdf_of(1))
    job.finished.connect(ended.append)
    job.start()
    for number in range(6):
        view.show_scan(scan_of(pdf_of(3, f"Scan {number}"), 3))
        for step in (1, 1, -1):
            view.turn_page(step)
            paper.show_pdf(pdf_of(2, f"Sheet {number} {step}"))
            qtbot.wait(5)
    qtbot.waitUntil(lambda: len(counted) == 8 and bool(ended), timeout=20_000)
    view.show_scan(None)
    assert ended == [""]
    assert watch.threads >= {"MainThread", "reader", "worker"}
    assert watch.most == 1


def test_the_page_before_stays_until_the_next_is_drawn(
    qtbot: QtBot, view: ScanView, monkeypatch: pytest.MonkeyPatch
) -> None:
    with qtbot.waitSignal(view.shown):
        view.show_scan(scan_of(pdf_of(2), 2))
    before = view.picture().cacheKey()
    held = threading.Event()
    drawn = PdfPages.draw

    def slow(pages: PdfPages, number: int, wide: int, turns: int) -> Any:
        held.wait(10)
        return drawn(pages, number, wide, turns)

    monkeypatch.setattr(PdfPages, "draw", slow)
    with qtbot.waitSignal(view.shown):
        view.turn_page(1)
        assert view.page() == (2, 2)
        assert view.picture().cacheKey() == before
        held.set()
    assert view.picture().cacheKey() != before


def test_of_many_pages_turned_the_last_is_drawn(
    qtbot: QtBot, view: ScanView, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    drawn, held = PdfPages.draw, threading.Event()

    def slow(pages: PdfPages, number: int, wide: int, turns: int) -> Any:
        asked.append(number)
        held.wait(10)
        return drawn(pages, number, wide, turns)

    monkeypatch.setattr(PdfPages, "draw", slow)
    view.show_scan(scan_of(pdf_of(9), 9))
    for _ in range(8):
        view.turn_page(1)
    with qtbot.waitSignal(view.shown):
        held.set()
    assert asked == [0, 8]


def test_a_scan_put_away_while_it_is_drawn_never_comes_back(
    qtbot: QtBot, jobs: Jobs, view: ScanView, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn, held = PdfPages.draw, threading.Event()

    def slow(pages: PdfPages, number: int, wide: int, turns: int) -> Any:
        held.wait(10)
        return drawn(pages, number, wide, turns)

    monkeypatch.setattr(PdfPages, "draw", slow)
    view.show_scan(scan_of(pdf_of(1), 1))
    view.show_scan(None)
    held.set()
    after: list[int] = []
    jobs.glance(lambda: 1, after.append, after.append)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: after == [1], timeout=5000)
    assert view.picture().isNull()
    assert view.page() == (0, 0)


@pytest.mark.parametrize(("kind", "content"), [("pdf", b"%PDF-1.7 cut"), ("image", png_of()[:60])])
def test_a_damaged_scan_is_said(qtbot: QtBot, view: ScanView, kind: str, content: bytes) -> None:
    with qtbot.waitSignal(view.shown):
        view.show_scan(scan_of(content, 1, kind))
    assert "cannot be shown" in view._paper.text()
