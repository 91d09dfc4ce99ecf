"""The pages of an opened scan as pictures; drawn beside the window's thread, from memory."""

from __future__ import annotations

from typing import Protocol

import pypdfium2 as pdfium
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QImageReader, QTransform

from app.domain.turns import PDFIUM, Turns
from app.services.attachments import OpenedScan

_COVER = Qt.AspectRatioMode.KeepAspectRatioByExpanding


class Pages(Protocol):
    """The pages of an opened scan. ``draw`` runs on one thread, ``close`` may on another."""

    count: int

    def draw(self, number: int, wide: int, turns: int) -> QImage:
        """One page ``wide`` pixels wide after ``turns`` quarter turns; null when it cannot be, or
        the scan was closed meanwhile.
        """

    def close(self) -> None:
        """Lets go of the bytes, as soon as no page is being drawn; never waits."""


class PdfPages:
    """Pages of a PDF, by pdfium; opened with the first page that is drawn."""

    def __init__(self, content: bytes, count: int) -> None:
        self._content, self.count = content, count
        self._document: pdfium.PdfDocument | None = None
        self._gone = False

    def draw(self, number: int, wide: int, turns: int) -> QImage:
        """See ``Pages``."""
        with PDFIUM:
            if self._gone:
                return QImage()
            try:
                return self._drawn(number, wide, turns)
            except pdfium.PdfiumError:  # damaged: the view says so
                return QImage()

    def _drawn(self, number: int, wide: int, turns: int) -> QImage:
        if self._document is None:
            self._document = pdfium.PdfDocument(self._content)
        page = self._document[number]
        across, high = page.get_size()
        size = high if turns % 2 else across
        bitmap = page.render(scale=wide / max(size, 1), rotation=turns * 90, prefer_bgrx=True)
        form = QImage.Format.Format_RGB32
        image = QImage(
            bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, form
        ).copy()  # owns its bytes; pdfium's go with the bitmap
        bitmap.close()
        page.close()
        return image

    def close(self) -> None:
        """See ``Pages``."""
        PDFIUM.soon(self._let_go)

    def _let_go(self) -> None:
        self._gone, self._content = True, b""
        if self._document is not None:
            self._document.close()
            self._document = None


class ImagePages:
    """One picture, or the pages of a TIFF, by Qt.

    A JPEG is read at about the size it is shown in, which is several times faster; of the others
    the page last read is kept, so that zooming does not read it again.
    """

    def __init__(self, content: bytes, count: int) -> None:
        self._content, self.count = QByteArray(content), count
        self._kept: tuple[int, QImage] | None = None
        self._turns, self._gone = Turns(), False

    def draw(self, number: int, wide: int, turns: int) -> QImage:
        """See ``Pages``; the picture's own note on which way is up is followed."""
        with self._turns:
            image = QImage() if self._gone else self._read(number, wide)
        if image.isNull():
            return image
        if turns:
            image = image.transformed(QTransform().rotate(90 * turns))
        smooth = Qt.TransformationMode.SmoothTransformation
        return image.scaledToWidth(max(1, wide), smooth)

    def _read(self, number: int, wide: int) -> QImage:
        if self._kept is not None and self._kept[0] == number:
            return self._kept[1]
        buffer = QBuffer(self._content)
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        reader = QImageReader(buffer)
        reader.setAutoTransform(True)
        if number:
            reader.jumpToImage(number)
        size, quick = reader.size(), reader.format().data() == b"jpeg"
        if quick and min(size.width(), size.height()) > 2 * wide:
            reader.setScaledSize(size.scaled(2 * wide, 2 * wide, _COVER))
        image = reader.read()
        del reader  # before its buffer: the TIFF reader still touches it when it goes
        if not quick:
            self._kept = number, image
        return image

    def close(self) -> None:
        """See ``Pages``."""
        self._turns.soon(self._let_go)

    def _let_go(self) -> None:
        self._gone, self._content, self._kept = True, QByteArray(), None


def pages_of(scan: OpenedScan) -> Pages:
    """The pages of a scan."""
    if scan.row.kind == "pdf":
        return PdfPages(scan.content, scan.row.pages)
    return ImagePages(scan.content, scan.row.pages)
