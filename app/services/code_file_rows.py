"""What Setup lists of the code tables: which are here, how old they are, what waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from app.domain.reference import FileKind
from app.services.reference_rows import ReferenceReport


class TableState(StrEnum):
    """How a table stands today."""

    MISSING = "missing"
    OLD = "old"
    PART = "not whole"
    CURRENT = "current"
    COMING = "coming"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class CodeTableRow:
    """An edition of a table, or a table of which none is here.

    Attributes:
        kind: of the table; ``title`` is its short name.
        edition: empty when none is here; ``built in`` for what the program itself brings.
        rows: 0 when none is here.
        state: today.
        advice: a sentence on its state: what to import, and from when it is due; may be empty.
        where: who publishes it, under which name, how often.
        edits: claim edits that ask it.
        sleeping: those of them that stay silent for want of it.
        source: names of the files it came from.
        removable: it was imported.
    """

    kind: FileKind
    title: str
    edition: str
    starts: date | None
    ends: date | None
    rows: int
    state: TableState
    advice: str
    where: str
    edits: tuple[str, ...]
    sleeping: tuple[str, ...]
    source: str = ""
    removable: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Tells rows apart."""
        return self.kind, self.edition


@dataclass(frozen=True, slots=True)
class ImportWish:
    """What the biller says beside the files; see ``ReferenceService.import_file``."""

    kind: FileKind | None = None
    edition: str | None = None
    with_descriptors: bool = False
    partial: bool = False


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What came of one file.

    Attributes:
        path: of the file.
        report: of the import; None when it was refused.
        code: stable code of the refusal; empty when it was imported.
        why: the refusal in a sentence.
    """

    path: Path
    report: ReferenceReport | None = None
    code: str = ""
    why: str = ""

    @property
    def asks(self) -> bool:
        """True when another try with an answer from her may do."""
        return self.code in _ANSWERABLE


_ANSWERABLE = frozenset(
    {"quarter_unknown", "year_unknown", "bad_edition", "wrong_year", "other_kind", "truncated"}
)


@dataclass(frozen=True, slots=True)
class Locality:
    """A Medicare locality: contractor and locality as ``key``, seven digits."""

    key: str
    state: str
    name: str
