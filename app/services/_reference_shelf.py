"""Inner part of the reference service: the store opened when first asked, and edition by date."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from app.db.reference_file import Part, ReferenceFile, Shelved, begin_anew
from app.domain.errors import DamagedFile, StoreTrouble
from app.domain.reference import FileKind, code_number, pair_day

FILE = "reference.codes"
NCCI_PARTS = frozenset({1, 2, 3, 4})
_STILL_SERVES = timedelta(days=366)  # after its end, for want of the next edition
_MOST_REMEMBERED = 20_000
_MOST_PAIR_LISTS = 400
Answer = TypeVar("Answer")
PairDates = tuple[tuple[int, int | None, int], ...]  # start, end, indicator


class ReferenceShelf:
    """Reads the store and remembers answers, which hold until the next import.

    A store that is not there, or is damaged, answers as an empty one; ``damaged`` tells.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lock = threading.RLock()
        self._file: ReferenceFile | None = None
        self._editions: dict[FileKind, tuple[Shelved, ...]] | None = None
        self._known: dict[tuple[Any, ...], Any] = {}
        self._pairs: dict[str, list[dict[int, PairDates]]] = {}
        self._imports = 0
        self.damaged = False

    def close(self) -> None:
        """Lets go of the file; a later question opens it again."""
        with self._lock:
            if self._file is not None:
                self._file.close()
            self._file = None
            self.forget()

    def forget(self) -> None:
        """What was remembered is no longer true: something was imported or removed."""
        with self._lock:
            self._imports += 1
            self._editions = None
            self._known.clear()
            self._pairs.clear()

    def writable(self) -> ReferenceFile:
        """The store for an import; a damaged one is begun anew.

        Raises:
            StoreTrouble: the folder cannot be written.
        """
        with self._lock:
            if self._file is None or self.damaged:
                self.close()
                self._file = self._proved() if self.damaged else self._begun()
                self.damaged = False
            return self._file

    def _begun(self) -> ReferenceFile:
        try:
            return ReferenceFile(self._path)
        except DamagedFile:
            begin_anew(self._path)
            return ReferenceFile(self._path)

    def _proved(self) -> ReferenceFile:
        """The file if every page of it can be read, else a new one."""
        file = self._begun()
        try:
            file.prove()
        except DamagedFile:
            file.close()
            begin_anew(self._path)
            file = ReferenceFile(self._path)
        return file

    def of_kind(self, kind: FileKind) -> tuple[Shelved, ...]:
        """Editions of a kind, oldest first."""
        with self._lock:
            if self._editions is None:
                found: dict[FileKind, list[Shelved]] = {}
                file = self._opened()
                every = self._safe(file.editions) if file else ()
                if every is None:
                    return ()
                for shelved in every:
                    found.setdefault(shelved.edition.kind, []).append(shelved)
                self._editions = {key: tuple(value) for key, value in found.items()}
            return self._editions.get(kind, ())

    def every(self) -> list[Shelved]:
        """All editions by kind, oldest first."""
        return [shelved for kind in FileKind for shelved in self.of_kind(kind)]

    def in_force(self, kind: FileKind, on: date) -> Iterator[Shelved]:
        """The edition of a day, else the nearest before it within a year.

        An excerpt is followed by the edition before it, up to the first whole one.
        """
        for shelved in reversed(self.of_kind(kind)):
            starts, ends = shelved.edition.starts, shelved.edition.ends
            if starts is not None and starts > on:
                continue
            if ends is not None and on > ends + _STILL_SERVES:
                return
            yield shelved
            if shelved.edition.whole:
                return

    def soon_after(self, kind: FileKind, on: date) -> Iterator[Shelved]:
        """Editions that began within a year after a day, nearest first."""
        for shelved in self.of_kind(kind):
            starts = shelved.edition.starts
            if starts is not None and on < starts <= on + _STILL_SERVES:
                yield shelved

    def first(
        self, editions: Iterator[Shelved], sql: str, *values: object
    ) -> tuple[Shelved, list[Any]] | None:
        """The rows of the first edition that has any; ``sql`` takes its part first."""
        for shelved in editions:
            for part in shelved.parts:
                if rows := self.ask(sql, part.key, *values):
                    return shelved, rows
        return None

    def ask(self, sql: str, *values: object) -> list[Any]:
        """Rows of a question; the same question is asked of the file once."""
        key = (sql, *values)
        found: list[Any] | None = self._known.get(key)
        if found is None:
            file = self._opened()
            found = self._safe(lambda: file.ask(sql, values)) if file else []
            if found is None:
                return []
            if len(self._known) > _MOST_REMEMBERED:
                self._known.clear()
            self._known[key] = found
        return found

    def pair(self, first: str, second: str, on: date) -> int | None:
        """Indicator of an NCCI pair active on a day, of the newest edition that has its column 1.

        Rows carry their own dates, so the newest edition holds for every day.
        """
        lists = self._pairs.get(first)
        if lists is None:
            lists = self._pairs_of(first)
        two, day = code_number(second), pair_day(on)
        if two is None:
            return None
        for found in lists:
            for starts, ends, indicator in found.get(two, ()):
                if starts <= day and (ends is None or day <= ends):
                    return indicator
        return None

    def _pairs_of(self, first: str) -> list[dict[int, PairDates]]:
        """Every pair of a column 1 code: a claim's codes are asked against each other."""
        one, imports = code_number(first), self._imports
        lists: list[dict[int, PairDates]] = []
        for shelved in reversed(self.of_kind(FileKind.NCCI)) if one is not None else ():
            found = [self._list(part.key, one or 0) for part in shelved.parts if _holds(part, one)]
            lists = [known for known in found if known is not None]
            if len(lists) < len(found):
                return []  # not readable now; nothing to remember
            numbers = {part.number for part in shelved.parts}
            if lists or 0 in numbers or numbers >= NCCI_PARTS:
                break
        with self._lock:
            if len(self._pairs) > _MOST_PAIR_LISTS:
                self._pairs.clear()
            if imports == self._imports:  # nothing was imported while we read
                self._pairs[first] = lists
        return lists

    def _list(self, part: int, first: int) -> dict[int, PairDates] | None:
        file = self._opened()
        sql = "SELECT second, starts, ends, indicator FROM ncci WHERE part = ? AND first = ?"
        rows = self._safe(lambda: file.ask(sql, (part, first))) if file else None
        if rows is None:
            return None
        found: dict[int, PairDates] = {}
        for second, *dates in rows:
            found[second] = (*found.get(second, ()), tuple(dates))
        return found

    def _opened(self) -> ReferenceFile | None:
        with self._lock:
            if self._file is None and not self.damaged and self._path.exists():
                try:
                    self._file = ReferenceFile(self._path)
                except DamagedFile:
                    self.damaged = True
                except StoreTrouble:
                    return None
            return None if self.damaged else self._file

    def _safe(self, ask: Callable[[], Answer]) -> Answer | None:
        """The answer; None when the file cannot be read, for good or for now."""
        try:
            return ask()
        except DamagedFile:
            self.damaged = True
        except StoreTrouble:
            pass  # the next question asks again
        return None


def _holds(part: Part, code: int | None) -> bool:
    if code is None:
        return False
    return part.low is not None and part.high is not None and part.low <= code <= part.high
