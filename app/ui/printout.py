"""Where printed sheets go: a PDF in the folder that she chose once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QWidget

Told = Callable[[str], object]


class PrintOut(Protocol):
    """Takes sheets. ``told`` gets the words for the notice once they are out."""

    def put(self, pdf: bytes, name: str, told: Told) -> None:
        """Puts out ``pdf`` under a neutral ``name`` without personal data, e.g. ``claims``."""


class FolderPrintOut:
    """Writes PDFs into one folder; asks for it the first time, then never again.

    The folder is remembered in the settings of this computer; file names hold the date and a
    number, nothing of a person.
    """

    def __init__(self, parent: Callable[[], QWidget | None], stamp: Callable[[], str]) -> None:
        self._parent, self._stamp = parent, stamp
        self._settings = QSettings("CleanClaim", "CleanClaim")

    def put(self, pdf: bytes, name: str, told: Told) -> None:
        """Writes at once when the folder is known, else after she has chosen it."""
        folder = str(self._settings.value("print_folder", "") or "")
        if folder and Path(folder).is_dir():
            told(self.write(Path(folder), pdf, name))
            return
        picker = QFileDialog(self._parent(), "Choose the folder for sheets to print")
        picker.setFileMode(QFileDialog.FileMode.Directory)

        def chosen(place: str) -> None:
            self._settings.setValue("print_folder", place)
            told(self.write(Path(place), pdf, name))

        picker.fileSelected.connect(chosen)
        picker.open()

    def write(self, folder: Path, pdf: bytes, name: str) -> str:
        """Writes a file of its own, readable by her alone; returns the words for the notice."""
        stem = f"{name}-{self._stamp()}"
        path = folder / f"{stem}.pdf"
        number = 1
        while path.exists():
            number += 1
            path = folder / f"{stem}-{number}.pdf"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(pdf)
        return f"Saved as {path.name}. Print it at actual size, not fit to page."
