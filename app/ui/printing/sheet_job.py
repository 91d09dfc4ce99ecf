"""One document on its way to a printer, painted in turns so that the window keeps moving."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium
from PySide6.QtCore import QCoreApplication, QObject, QPointF, QRectF, QTimer, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrinter

from app.domain.print_fit import NO_FIT, PrintFit
from app.domain.print_ops import PAGE_HEIGHT_PT, PAGE_WIDTH_PT, SheetOps
from app.domain.turns import PDFIUM
from app.ui.printing.paint import SheetPainter
from app.ui.printing.printers import PrinterTrouble

_TURN_SECONDS = 0.008  # of painting before the window has its turn
_BANDS = 22  # half an inch each: a whole page in one go would hold up the window
_BAND_DPI = 300
LOST = "The printer stopped taking the pages. Look at it, then print again."


class SheetJob(QObject):
    """Paints sheets, or the pages of a PDF where there are none, and closes the printer for sure.

    Args:
        printer: laid flat, see ``printers.lay_flat``.
        sheets: what is drawn, a page each.
        pdf: drawn as pictures when ``sheets`` is empty.
        fit: the printer's own correction.

    Attributes:
        finished: the empty string, or a sentence that says why nothing came out.
    """

    finished = Signal(str)

    def __init__(
        self,
        printer: QPrinter,
        sheets: Sequence[SheetOps],
        pdf: bytes = b"",
        fit: PrintFit = NO_FIT,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._printer, self._sheets, self._pdf, self._fit = printer, sheets, pdf, fit
        self._painter = QPainter()
        self._work: Iterator[None] = iter(())
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._turn)

    def start(self) -> None:
        """Begins; the rest happens in turns of the event loop."""
        if not self._painter.begin(self._printer):
            self._end(LOST)
            return
        # A painter that is still open when the program ends takes it down.
        QCoreApplication.instance().aboutToQuit.connect(self.abort)  # type: ignore[union-attr]
        self._work = self._steps()
        self._timer.start()

    def abort(self) -> None:
        """Gives the document up; nothing of it is printed."""
        if self._painter.isActive():
            self._printer.abort()
            self._end("Printing was cancelled.")

    def _turn(self) -> None:
        until = time.perf_counter() + _TURN_SECONDS
        try:
            while time.perf_counter() < until:
                next(self._work)
        except StopIteration:
            self._end("")
        except PrinterTrouble as trouble:
            self._printer.abort()
            self._end(trouble.message)
        except BaseException:
            self._printer.abort()
            self._end("The page could not be drawn, so nothing was printed.")
            raise

    def _end(self, trouble: str) -> None:
        self._timer.stop()
        ended = self._painter.end() if self._painter.isActive() else True
        failed = self._printer.printerState() is QPrinter.PrinterState.Error
        self.finished.emit(trouble or ("" if ended and not failed else LOST))

    def _steps(self) -> Iterator[None]:
        if self._sheets:
            brush = SheetPainter(self._painter, self._printer.resolution(), self._fit)
            for number, sheet in enumerate(self._sheets):
                self._feed(number)
                brush.draw(sheet)
                yield
            return
        with PDFIUM:
            document = pdfium.PdfDocument(self._pdf)
            pages = len(document)
        try:
            for number in range(pages):
                self._feed(number)
                yield from self._bands(document, number)
        finally:
            PDFIUM.soon(document.close)

    def _feed(self, number: int) -> None:
        if number and not self._printer.newPage():
            raise PrinterTrouble(LOST)

    def _bands(self, document: pdfium.PdfDocument, number: int) -> Iterator[None]:
        dots, deep = self._printer.resolution() / 72, PAGE_HEIGHT_PT / _BANDS
        for band in range(_BANDS):
            top = band * deep
            crop = (0, PAGE_HEIGHT_PT - top - deep, 0, top)
            while not PDFIUM.take():  # a scan is being drawn: the window goes on meanwhile
                yield
            try:
                image = _band(document, number, crop)
            finally:
                PDFIUM.give_back()
            upper = QPointF(*self._fit.place(0, top)) * dots
            lower = QPointF(*self._fit.place(PAGE_WIDTH_PT, top + deep)) * dots
            self._painter.drawImage(QRectF(upper, lower), image)
            yield


def _band(
    document: pdfium.PdfDocument, number: int, crop: tuple[float, float, float, float]
) -> QImage:
    page = document[number]
    bitmap = page.render(scale=_BAND_DPI / 72, crop=crop, prefer_bgrx=True)
    size = (bitmap.width, bitmap.height, bitmap.stride)
    image = QImage(bytes(bitmap.buffer), *size, QImage.Format.Format_RGB32).copy()
    bitmap.close()
    page.close()
    return image
