"""The shelf of code set editions: one file each in the program's own data folder."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

from app.codesets.icd_tables import search_tables
from app.codesets.icd_terms import terms_of
from app.codesets.packaged import package_print, read_package
from app.db.codes_file import CodesFile, build_codes_file
from app.domain.errors import DamagedFile, NotFound
from app.domain.icd import EditionRows
from app.domain.paths import resource
from app.services._code_search import CodeSearch

Tell = Callable[[int, int, str], None]
PACKAGED = "icd10cm-packaged.codes"
IMPORTED = "icd10cm-{}.codes"
_OURS = ("abbreviations", "terms", "words", "common")


class CodeShelf:
    """Opens the editions, builds the packaged one when it is missing or of an older make."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._open: dict[str, CodeSearch] | None = None
        self.damaged: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """True once the editions are open."""
        return self._open is not None

    def prepare(self, tell: Tell | None = None) -> None:
        """Opens every edition; builds what is missing. Seconds once, then a tenth of one.

        Raises:
            StoreTrouble: the folder cannot be written.
        """
        with self._lock:
            if self._open is None:
                self._open = self._opened(tell)

    def editions(self, *, wait: bool = True) -> list[CodeSearch]:
        """The editions, oldest first; none while another thread builds and ``wait`` is off."""
        if self._open is None:
            if not wait and self._lock.locked():
                return []
            self.prepare()
        opened = self._open or {}
        return sorted(opened.values(), key=lambda search: search.file.edition.starts)

    def at(self, day: date) -> tuple[CodeSearch | None, bool]:
        """The edition to judge by, and whether it is really that day's own."""
        every = self.editions()
        own = [s for s in every if s.file.edition.holds(day)]
        if own:
            return own[-1], True
        before = [s for s in every if s.file.edition.starts <= day]
        return (before[-1] if before else every[0] if every else None), False

    def put(self, rows: EditionRows, tell: Tell | None = None) -> None:
        """Puts an imported edition on the shelf, in place of one of the same name.

        Raises:
            StoreTrouble: the folder cannot be written; the shelf is as it was.
        """
        path = self._folder / IMPORTED.format(rows.edition.name)
        with self._lock:
            aside = path.with_name(f".{path.name}.ready")
            build_codes_file(aside, rows, terms_of(rows, search_tables()), "imported", tell)
            self._close()
            aside.replace(path)
            self._open = self._opened(None)

    def remove(self, name: str) -> None:
        """Takes an imported edition off the shelf.

        Raises:
            NotFound: no such imported edition.
        """
        path = self._folder / IMPORTED.format(name)
        with self._lock:
            if not path.exists():
                raise NotFound(f"{name} was not imported. Refresh the list.")
            self._close()
            path.unlink()
            self._open = self._opened(None)

    def mistrust(self) -> None:
        """Closes everything after damage was met; the next question opens, or builds, anew."""
        with self._lock:
            self._close()
            for path in self._folder.glob("icd10cm-*.codes"):
                try:
                    _sound(path).close()
                except DamagedFile:
                    if path.name == PACKAGED:
                        path.unlink(missing_ok=True)

    def close(self) -> None:
        """Lets go of the files."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        for search in (self._open or {}).values():
            search.file.close()
        self._open = None

    def _opened(self, tell: Tell | None) -> dict[str, CodeSearch]:
        found: dict[str, CodeSearch] = {}
        damaged = []
        with suppress(NotFound):  # without the package, imported editions serve alone
            packaged = self._packaged(tell)
            found[packaged.edition.name] = CodeSearch(packaged)
        for path in sorted(self._folder.glob(IMPORTED.format("FY*"))):
            try:
                file = _sound(path)
            except DamagedFile:
                damaged.append(path.stem.removeprefix("icd10cm-"))
                continue
            if file.edition.name in found:
                found[file.edition.name].file.close()
            found[file.edition.name] = CodeSearch(file)
        self.damaged = tuple(damaged)
        return found

    def _packaged(self, tell: Tell | None) -> CodesFile:
        path = self._folder / PACKAGED
        make = f"{package_print()} {_tables_print()}"
        with suppress(DamagedFile):
            file = _sound(path)
            if file.make == make:
                return file
            file.close()
        if tell is not None:
            tell(0, 5, "Reading the ICD-10-CM code set …")
        rows = read_package()
        build_codes_file(path, rows, terms_of(rows, search_tables()), make, tell)
        return CodesFile(path)


def _sound(path: Path) -> CodesFile:
    """An open file of which every page was read (a twentieth of a second).

    Raises:
        DamagedFile: it is missing, damaged or of an older make.
    """
    file = CodesFile(path)
    try:
        file.prove()
    except DamagedFile:
        file.close()
        raise
    return file


def _tables_print() -> str:
    sums = (zlib.crc32(resource(f"codes/icd10cm_{name}.csv").read_bytes()) for name in _OURS)
    return " ".join(f"{total:08x}" for total in sums)
