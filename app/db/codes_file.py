"""One edition of a code set in one SQLite file: public data, beside the practices, made once.

It holds nobody's data, so it is neither encrypted nor backed up: a file that is missing, damaged
or of another make is built again. A file is written aside and renamed when whole.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlite

from app.db.files import make_private_folder, sync_file, sync_folder
from app.db.troubles import disk_trouble
from app.domain.errors import DamagedFile, StoreTrouble
from app.domain.icd import Edition, EditionRows, IcdNode, Note, NoteKind

EXPANDED = 2  # in the column billable: not itself, but 7th characters make it so
MAKE = 1  # raise it when the tables below change: older files are then built again
Tell = Callable[[int, int, str], None]
TermRow = tuple[str, str, str]  # key of the node, kind of the term, its folded words
Found = tuple[int, str, str, str]  # id, and a TermRow

_TABLES = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE node (id INTEGER PRIMARY KEY, key TEXT NOT NULL, parent TEXT NOT NULL,"
    " title TEXT, short TEXT, billable INTEGER NOT NULL, base TEXT, extra TEXT,"
    " valid_from TEXT NOT NULL, valid_to TEXT NOT NULL)",
    "CREATE TABLE note (node TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL)",
    "CREATE TABLE term (id INTEGER PRIMARY KEY, key TEXT NOT NULL, kind TEXT NOT NULL,"
    " words TEXT NOT NULL)",
    "CREATE VIRTUAL TABLE term_search USING fts5(words, content='term', content_rowid='id',"
    " detail=none, prefix='2 3 4', tokenize='unicode61 remove_diacritics 2')",
)
_INDEXES = (
    "CREATE UNIQUE INDEX node_key ON node (key)",
    "CREATE INDEX node_parent ON node (parent)",
    "CREATE INDEX note_node ON note (node)",
    "CREATE INDEX term_key ON term (key)",
)
_SELECT_NODE = (
    "SELECT node.key, node.parent, COALESCE(node.title, b.title || ', ' || node.extra),"
    " node.billable, COALESCE(node.base, ''), COALESCE(node.extra, ''), COALESCE(node.short, '')"
    " FROM node LEFT JOIN node b ON b.key = node.base"
)


def build_codes_file(
    path: Path, rows: EditionRows, terms: Iterable[TermRow], make: str, tell: Tell | None = None
) -> None:
    """Writes ``rows`` and their search terms (best first) to ``path``, all of it or nothing.

    Args:
        path: where the file goes.
        rows: the edition.
        terms: what it is searched by.
        make: what the file was made from; compared at each start.
        tell: called with (done, total, words); whatever it raises stops the work.

    Raises:
        StoreTrouble: the disk is full or not writable; an older file at ``path`` is as it was.
    """
    make_private_folder(path.parent)
    draft = path.with_name(f".{path.name}.new")
    say = tell or (lambda _done, _total, _text: None)
    try:
        draft.unlink(missing_ok=True)
        try:
            _fill(draft, rows, terms, make, say)
            sync_file(draft)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        raise disk_trouble(error) from error
    except sqlite.Error as error:
        raise StoreTrouble(
            "The code set could not be written. Check that the disk has 60 MB free."
        ) from error


def _fill(draft: Path, rows: EditionRows, terms: Iterable[TermRow], make: str, say: Tell) -> None:
    db = sqlite.connect(str(draft), isolation_level=None)
    try:
        # The draft is thrown away unless it is whole: it needs no journal.
        for statement in ("PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "BEGIN"):
            db.execute(statement)
        for statement in _TABLES:
            db.execute(statement)
        say(1, 5, "Writing the codes …")
        edition = rows.edition
        days = (edition.starts.isoformat(), edition.ends.isoformat())
        place = ",".join("?" * 10)
        db.executemany(f"INSERT INTO node VALUES ({place})", _node_rows(rows.nodes, days))  # noqa: S608
        say(2, 5, "Writing the notes …")
        db.executemany(
            "INSERT INTO note VALUES (?,?,?)",
            ((n.key, str(note.kind), note.text) for n in rows.nodes for note in n.notes),
        )
        say(3, 5, "Writing the search terms …")
        db.executemany(
            "INSERT INTO term VALUES (?,?,?,?)",
            ((number, *term) for number, term in enumerate(terms, 1)),
        )
        db.execute("INSERT INTO term_search (term_search) VALUES ('rebuild')")
        say(4, 5, "Sorting …")
        for statement in _INDEXES:
            db.execute(statement)
        db.executemany("INSERT INTO meta VALUES (?,?)", _facts(rows, make).items())
        db.execute(f"PRAGMA user_version={MAKE}")
        db.execute("COMMIT")
        say(5, 5, "Ready")
    finally:
        db.close()


def _facts(rows: EditionRows, make: str) -> dict[str, str]:
    edition = rows.edition
    return {
        "make": make,
        "edition": edition.name,
        "starts": edition.starts.isoformat(),
        "ends": edition.ends.isoformat(),
        "source": edition.source,
        "codes": str(rows.codes),
        "billable": str(rows.billable),
    }


def _node_rows(nodes: Sequence[IcdNode], days: tuple[str, str]) -> Iterable[tuple[object, ...]]:
    titles = {node.key: node.title for node in nodes}
    bases = {node.base for node in nodes if node.base}
    for number, node in enumerate(nodes, 1):
        composed = f"{titles.get(node.base)}, {node.extra}" if node.base else None
        title = None if node.title == composed else node.title
        yield (
            number, node.key, node.parent, title, node.short or None,
            EXPANDED if node.key in bases else int(node.billable),
            node.base or None, node.extra or None, *days,
        )  # fmt: skip


class CodesFile:
    """An edition's file, open for reading; may be asked from any thread."""

    def __init__(self, path: Path) -> None:
        """Opens it.

        Raises:
            DamagedFile: missing, of an older make, or not a whole code set: build it again.
        """
        self._lock = threading.RLock()
        self._db: sqlite.Connection | None = None
        self.path = path
        try:
            self._db = sqlite.connect(
                f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False
            )
            self._db.execute("PRAGMA cache_size=-8000")
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            self._meta: dict[str, str] = dict(self._db.execute("SELECT name, value FROM meta"))
            last = self._db.execute("SELECT MAX(id) FROM node").fetchone()[0]
            whole = version == MAKE and last and self._db.execute("SELECT MAX(id) FROM term")
            self.edition = Edition(
                self._meta["edition"],
                date.fromisoformat(self._meta["starts"]),
                date.fromisoformat(self._meta["ends"]),
                self._meta["source"],
            )
        except (sqlite.Error, KeyError, ValueError) as error:
            self.close()
            raise _damaged() from error
        if not whole:
            self.close()
            raise _damaged()

    @property
    def make(self) -> str:
        """What the file was made from."""
        return self._meta["make"]

    @property
    def counts(self) -> tuple[int, int]:
        """Codes in all, and billable ones."""
        return int(self._meta["codes"]), int(self._meta["billable"])

    def close(self) -> None:
        """Lets go of the file."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    def prove(self) -> None:
        """Reads every page.

        Raises:
            DamagedFile: the file is damaged.
        """
        if self._ask("PRAGMA quick_check") != [("ok",)]:
            raise _damaged()

    def nodes(self, keys: Sequence[str]) -> dict[str, IcdNode]:
        """Nodes by key; unknown keys are left out."""
        found: dict[str, IcdNode] = {}
        for start in range(0, len(keys), 500):
            some = keys[start : start + 500]
            place = ",".join("?" * len(some))
            found |= {n.key: n for n in self._nodes(f"WHERE node.key IN ({place})", some)}
        return found

    def children(self, *parents: str) -> list[IcdNode]:
        """The nodes right below each of ``parents``, in the official order."""
        place = ",".join("?" * len(parents))
        return self._nodes(f"WHERE node.parent IN ({place})", parents)

    def beginning(self, prefix: str, limit: int) -> list[IcdNode]:
        """Codes that begin so, in the order of the list: headers before their children."""
        return self._nodes(
            "WHERE node.key >= ? AND node.key < ? AND node.key NOT LIKE '%-%'"
            " ORDER BY node.key LIMIT ?",
            (prefix, prefix + "~", limit),
        )

    def under(self, header: str, limit: int) -> list[IcdNode]:
        """Billable codes that begin with ``header``, in order."""
        return self._nodes(
            "WHERE node.key >= ? AND node.key < ? AND node.billable = 1 ORDER BY node.key LIMIT ?",
            (header, header + "~", limit),
        )

    def leaves(self, header: str, limit: int) -> list[IcdNode]:
        """Like ``under``, but before 7th characters: of ``S93.401A`` it answers ``S93.401``."""
        return self._nodes(
            "WHERE node.key >= ? AND node.key < ? AND node.base IS NULL AND node.billable"
            " ORDER BY node.key LIMIT ?",
            (header, header + "~", limit),
        )

    def all_nodes(self) -> list[IcdNode]:
        """Every node with its notes, in the official order; to build the next edition upon."""
        notes: dict[str, list[Note]] = {}
        for key, kind, text in self._ask("SELECT node, kind, text FROM note ORDER BY rowid"):
            notes.setdefault(str(key), []).append(Note(NoteKind(kind), str(text)))
        return [
            IcdNode(n.key, n.parent, n.title, n.billable, n.base, n.extra, n.short,
                    tuple(notes.get(n.key, ())))
            for n in self._nodes("ORDER BY node.id", ())
        ]  # fmt: skip

    def notes(self, key: str) -> list[Note]:
        """The notes that stand at one node itself."""
        rows = self._ask("SELECT kind, text FROM note WHERE node = ? ORDER BY rowid", (key,))
        return [Note(NoteKind(kind), str(text)) for kind, text in rows]

    def terms(self, match: str, limit: int) -> list[Found]:
        """Terms that match an FTS5 expression, best known first."""
        # In rowid order the index stops at the limit; any other order would read every match.
        return self._ask(
            "SELECT id, key, kind, term.words FROM term_search JOIN term ON id = term_search.rowid"
            " WHERE term_search MATCH ? ORDER BY term_search.rowid LIMIT ?",
            (match, limit),
        )

    def terms_of(self, keys: Sequence[str]) -> list[Found]:
        """All terms of some nodes."""
        place = ",".join("?" * len(keys))
        return self._ask(
            f"SELECT id, key, kind, words FROM term WHERE key IN ({place})",  # noqa: S608
            keys,
        )

    def vocabulary(self) -> list[tuple[str, int]]:
        """Every word of the terms with the number of terms it is in, in alphabetical order."""
        self._ask(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.term_words"
            " USING fts5vocab('main', 'term_search', 'row')"
        )
        return self._ask("SELECT term, doc FROM temp.term_words ORDER BY term")

    def _nodes(self, where: str, values: Sequence[object]) -> list[IcdNode]:
        rows = self._ask(f"{_SELECT_NODE} {where}", values)
        return [IcdNode(k, p, t, b == 1, base, extra, s) for k, p, t, b, base, extra, s in rows]

    def _ask(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        with self._lock:
            if self._db is None:
                raise _damaged()
            try:
                rows: list[Any] = self._db.execute(sql, tuple(values)).fetchall()
            except sqlite.DatabaseError as error:
                raise _damaged() from error
            return rows


def _damaged() -> DamagedFile:
    return DamagedFile("The code set file is damaged or missing. It is built again by itself.")
