"""An open transaction of the reference file: editions put in, joined, replaced, taken out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlcipher3 import dbapi2 as sqlite

from app.db.reference_tables import row_width
from app.domain.reference import FileKind, Span


class Changing:
    """An open transaction of the reference file."""

    def __init__(self, db: sqlite.Connection) -> None:
        self._db = db
        self.removed = False

    def put(
        self,
        kind: FileKind,
        span: Span,
        rows: Iterable[tuple[Any, ...]],
        *,
        whole: bool,
        source: str,
        part: int = 0,
    ) -> int:
        """Keeps an edition, or a part of one, in place of what stood there.

        Args:
            kind: of the rows.
            span: the edition.
            rows: taken one by one; what they raise undoes the change.
            whole: False for an excerpt.
            source: name of the file.
            part: of an NCCI edition; the other parts stay. 0: the file is the whole edition.

        Returns:
            how many rows were kept.
        """
        edition = self._place(kind, span, whole=whole, source=source, part=part)
        key = self._db.execute(
            "INSERT INTO part (edition, number, rows) VALUES (?,?,0)", (edition, part)
        ).lastrowid
        count = self._insert(kind, int(key), rows)
        bounds = (None, None)
        if kind is FileKind.NCCI:
            query = "SELECT MIN(first), MAX(first) FROM ncci WHERE part = ?"
            bounds = self._db.execute(query, (key,)).fetchone()
        self._db.execute(
            "UPDATE part SET rows = ?, low = ?, high = ? WHERE id = ?", (count, *bounds, key)
        )
        return count

    def _insert(self, kind: FileKind, part: int, rows: Iterable[tuple[Any, ...]]) -> int:
        signs = ",".join("?" * row_width(kind))
        before = self._db.total_changes
        self._db.executemany(
            f"INSERT OR REPLACE INTO {kind} VALUES ({signs})",  # noqa: S608 - a kind is ours
            ((part, *row) for row in rows),
        )
        return int(self._db.total_changes - before)

    def remove(self, kind: FileKind, name: str) -> bool:
        """Takes an edition out; False when there is none of that name."""
        row = self._db.execute(
            "SELECT id FROM edition WHERE kind = ? AND name = ?", (str(kind), name)
        ).fetchone()
        if row is None:
            return False
        self._drop_parts(kind, row[0], "number >= ?", 0)
        self._db.execute("DELETE FROM edition WHERE id = ?", row)
        self.removed = True
        return True

    def _place(self, kind: FileKind, span: Span, *, whole: bool, source: str, part: int) -> int:
        """The number of the edition, freed of what the new rows replace."""
        db = self._db
        old = db.execute(
            "SELECT id, source FROM edition WHERE kind = ? AND name = ?", (str(kind), span.name)
        ).fetchone()
        names = [source]
        if old is not None:
            # A part joins parts; what came in one file, and what comes in one, replaces all.
            self._drop_parts(kind, old[0], "number IN (0, ?)" if part else "number >= ?", part)
            stays = db.execute("SELECT 1 FROM part WHERE edition = ?", (old[0],)).fetchone()
            names = [*old[1].split(", "), source] if stays else names
            db.execute("DELETE FROM edition WHERE id = ?", (old[0],))
        added = db.execute(
            "INSERT INTO edition VALUES (?,?,?,?,?,?,?)",
            (
                old[0] if old is not None else None,
                str(kind),
                span.name,
                span.starts.isoformat() if span.starts else None,
                span.ends.isoformat() if span.ends else None,
                whole,
                ", ".join(dict.fromkeys(names)),
            ),
        )
        return int(added.lastrowid)

    def _drop_parts(self, kind: FileKind, edition: int, which: str, number: int) -> None:
        keys = self._db.execute(
            f"SELECT id FROM part WHERE edition = ? AND {which}",  # noqa: S608 - our own words
            (edition, number),
        ).fetchall()
        for key in keys:
            self._db.execute(f"DELETE FROM {kind} WHERE part = ?", key)  # noqa: S608 - see above
            self._db.execute("DELETE FROM part WHERE id = ?", key)
