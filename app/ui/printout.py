"""Where sheets go: to the printer that she chose for their paper, or as PDF into one folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.print_ops import SheetOps

Told = Callable[[str], object]

ACTUAL_SIZE = "Print it at actual size, not fit to page."


class PrintOut(Protocol):
    """Takes sheets. Exactly one of ``told`` and ``failed`` is called, sooner or later.

    ``told`` gets the words for the notice once the sheets are out; ``failed`` a sentence that
    says why nothing came out. Without ``failed`` that sentence goes to ``told``.
    """

    def put(
        self,
        pdf: bytes,
        name: str,
        told: Told,
        *,
        sheets: Sequence[SheetOps] = (),
        failed: Told | None = None,
    ) -> None:
        """Puts out a document under a neutral ``name`` without personal data, e.g. ``claims``.

        ``sheets`` are the same pages as operations, all for one paper: a printer draws them
        sharper and exactly in place. Without them the PDF is printed on plain paper.
        """

    def save(
        self, content: bytes, name: str, told: Told, *, suffix: str, failed: Told | None = None
    ) -> None:
        """Puts a file of another kind into the folder, e.g. a print image (``suffix`` ``txt``)."""

    def trouble(self, *, on_stock: bool) -> str:
        """A sentence when sheets could not be put out now; asked before claims are frozen."""
        return ""


class FolderPrintOut(PrintOut):
    """Writes PDFs into one folder; asks for it the first time, then never again.

    The folder is remembered in the settings of this computer; file names hold the date and a
    number, nothing of a person.
    """

    def __init__(self, parent: Callable[[], QWidget | None], stamp: Callable[[], str]) -> None:
        self._parent, self._stamp = parent, stamp
        self._settings = QSettings("CleanClaim", "CleanClaim")

    def put(
        self,
        pdf: bytes,
        name: str,
        told: Told,
        *,
        sheets: Sequence[SheetOps] = (),
        failed: Told | None = None,
    ) -> None:
        """Writes at once when the folder is known, else after she has chosen it."""

        def said(words: str) -> object:
            return told(f"{words} {ACTUAL_SIZE}")

        self.save(pdf, name, said, suffix="pdf", failed=failed or told)

    def save(
        self, content: bytes, name: str, told: Told, *, suffix: str, failed: Told | None = None
    ) -> None:
        """See ``PrintOut.save``."""
        folder = str(self._settings.value("print_folder", "") or "")
        if folder and Path(folder).is_dir():
            self._write_or_fail(Path(folder), content, f"{name}.{suffix}", told, failed or told)
            return
        picker = QFileDialog(self._parent(), "Choose the folder for sheets to print")
        picker.setFileMode(QFileDialog.FileMode.Directory)

        def chosen(place: str) -> None:
            self._settings.setValue("print_folder", place)
            self._write_or_fail(Path(place), content, f"{name}.{suffix}", told, failed or told)

        picker.fileSelected.connect(chosen)
        picker.rejected.connect(
            lambda: (failed or told)("No folder was chosen, so nothing was saved.")
        )
        picker.open()

    def _write_or_fail(
        self, folder: Path, content: bytes, name: str, told: Told, failed: Told
    ) -> None:
        try:
            words = self.write(folder, content, name)
        except OSError:
            failed("The folder for sheets cannot be written to: it is full, locked or gone.")
        else:
            told(words)

    def write(self, folder: Path, content: bytes, name: str) -> str:
        """Writes a file of its own, readable by her alone; returns the words for the notice.

        Raises:
            OSError: the folder cannot be written to.
        """
        stem, _, suffix = name.rpartition(".")
        stem = f"{stem}-{self._stamp()}"
        path = folder / f"{stem}.{suffix}"
        number = 1
        while path.exists():
            number += 1
            path = folder / f"{stem}-{number}.{suffix}"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        return f"Saved as {path.name}."
