"""Inner part of the reference import: a file read and proved whole, before it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.codesets import code_lists, gpci, hcpcs, mue, ncci, payer_list, rvu, taxonomy
from app.codesets.edition_names import edition_of, settled
from app.codesets.places import places_of_service
from app.codesets.reading import Heard, breaks_off
from app.codesets.text_rows import Table
from app.domain.errors import Refused
from app.domain.reference import FileKind, PairRow, PlaceRow, Span
from app.services._code_shelf import Tell
from app.services._reference_shelf import ReferenceShelf

# Rows that a whole file has at the least; fewer are an excerpt.
_WHOLE = {
    FileKind.HCPCS: 5_000,
    FileKind.NCCI: 50_000,
    FileKind.MUE: 5_000,
    FileKind.RVU: 5_000,
    FileKind.GPCI: 80,
    FileKind.TAXONOMY: 500,
    FileKind.PAYERS: 1,
    FileKind.AGES: 1_000,
    FileKind.SEXES: 1_000,
    FileKind.PLACES: 45,
}
_READERS: dict[FileKind, Callable[[Table, Heard], Iterator[tuple[Any, ...]]]] = {
    FileKind.HCPCS: hcpcs.read,
    FileKind.MUE: mue.read,
    FileKind.GPCI: gpci.read,
    FileKind.TAXONOMY: taxonomy.read,
    FileKind.PAYERS: payer_list.read,
    FileKind.AGES: code_lists.read_ages,
    FileKind.SEXES: code_lists.read_sexes,
    FileKind.PLACES: code_lists.read_places,
}
_OF_BEFORE = 0.8  # of the rows of the edition before; fewer are a truncated file
_OF_PART_BEFORE = 0.5  # NCCI's parts shift their bounds from quarter to quarter
_KEPT_YEARS = 3  # that deleted pairs stay: claims are corrected, appealed, audited as long
_TELL_EVERY = 5_000


@dataclass(frozen=True, slots=True)
class Found:
    """A table and what it is."""

    kind: FileKind
    table: Table

    @property
    def name(self) -> str:
        """Of the file, without the zips it lies in."""
        return self.table.name.rsplit("/", 1)[-1]


@dataclass(slots=True)
class Read:
    """A file that was read, or (NCCI) is read while its rows are taken.

    ``count``: good rows, final once ``rows`` are taken.
    """

    found: Found
    span: Span
    heard: Heard
    rows: Iterable[tuple[Any, ...]] = ()
    count: int = 0
    whole: bool = True
    part: int = 0


def read_rows(
    shelf: ReferenceShelf,
    found: Found,
    asked: str | None,
    *,
    partial: bool,
    with_descriptors: bool,
    tell: Tell | None,
) -> Read:
    """Reads all of a file but NCCI's, and proves it.

    Raises:
        Refused: see ``ReferenceService.import_file``.
    """
    told = edition_of(found.kind, found.table.name, asked)
    heard = Heard()
    if found.kind is FileKind.RVU:
        taken = rvu.read(found.table, heard, with_descriptors=with_descriptors)
        steps = _told(taken, found, tell)
    else:
        steps = _told(_READERS[found.kind](found.table, heard), found, tell)
    rows = list(_heard(steps, heard))
    _prove(found.table, heard, len(rows))
    span = settled(found.kind, told, heard)
    read = Read(found, span, heard, rows, len(rows))
    _settle_whole(shelf, read, partial=partial)
    if found.kind is FileKind.PLACES:
        heard.notes += _place_notes(rows)
    return read


def read_pairs(
    shelf: ReferenceShelf, found: Found, asked: str | None, *, partial: bool, tell: Tell | None
) -> Read:
    """NCCI pairs, read while they are taken: a million rows are never held at once.

    Raises:
        Refused: see ``ReferenceService.import_file``; at once, or while rows are taken.
    """
    heard = Heard()
    # The name has to tell: a part need not hold a pair that began in its quarter.
    span = settled(found.kind, edition_of(found.kind, found.table.name, asked), heard)
    read = Read(found, span, heard, part=ncci.part_of(found.table.name))
    lines = found.table.data.count(b"\n")
    read.whole = not partial and lines >= _WHOLE[FileKind.NCCI]
    _refuse_excerpt_over_whole(shelf, read, partial=partial)
    read.rows = _pairs(shelf, read, partial=partial, tell=tell)
    if not read.whole and not partial:
        heard.notes.append("This is an excerpt: a part of the official file has some 400,000 rows.")
    return read


def _pairs(
    shelf: ReferenceShelf, read: Read, *, partial: bool, tell: Tell | None
) -> Iterator[PairRow]:
    found, heard, starts = read.found, read.heard, read.span.starts
    since = date(starts.year - _KEPT_YEARS, starts.month, 1) if starts else None
    kept = 0
    for row in _heard(_told(ncci.read(found.table, heard, since), found, tell), heard):
        read.count += 1
        if row is not None:
            kept += 1
            yield row
    _prove(found.table, heard, read.count)
    settled(found.kind, read.span, heard)
    before = part_before(shelf, read)
    if not partial and kept < before * _OF_PART_BEFORE:
        raise _truncated(kept, before)


def part_before(shelf: ReferenceShelf, read: Read) -> int:
    """Rows of the same part in the newest whole edition; 0 when there is none."""
    for shelved in reversed(shelf.of_kind(FileKind.NCCI)):
        for part in shelved.parts:
            if shelved.edition.whole and part.number == read.part:
                return part.rows
    return 0


def _heard(rows: Iterable[Any], heard: Heard) -> Iterator[Any]:
    """Passes rows on; what was refused before a good row was not the end of the file."""
    for row in rows:
        heard.last_refused = 0
        yield row


def _told(rows: Iterator[Any], found: Found, tell: Tell | None) -> Iterator[Any]:
    """Passes rows on and tells how far the work is."""
    words = f"Reading {found.kind.words} …"
    total = max(found.table.data.count(b"\n"), 1)
    for done, row in enumerate(rows, 1):
        if tell is not None and done % _TELL_EVERY == 0:
            tell(min(done, total), total, words)
        yield row
    if tell is not None:
        tell(total, total, words)


def _prove(table: Table, heard: Heard, count: int) -> None:
    """Raises: Refused: ``truncated``, ``nothing_found``, ``not_recognized``."""
    if breaks_off(table, heard):
        raise Refused(
            "truncated",
            "The file breaks off in the middle of a line. Download it again; nothing was imported.",
        )
    first = (
        f" The first: line {heard.refused[0].number}, {heard.refused[0].why}."
        if (heard.refused)
        else ""
    )
    if not count:
        raise Refused("nothing_found", f"The file has headings, but no line of data.{first}")
    if heard.refused_count > max(count, 20):
        raise Refused(
            "not_recognized",
            f"{heard.refused_count:,} lines cannot be read, more than can.{first} Nothing was "
            "imported.",
        )


def _settle_whole(shelf: ReferenceShelf, read: Read, *, partial: bool) -> None:
    least = _WHOLE[read.found.kind]
    read.whole = not partial and read.count >= least
    _refuse_excerpt_over_whole(shelf, read, partial=partial)
    if partial:
        return
    before = _rows_before(shelf, read)
    if read.count < before * _OF_BEFORE:
        raise _truncated(read.count, before)
    if not read.whole:
        read.heard.notes.append(
            f"This is an excerpt of {read.count:,} rows: a whole file has {least:,} or more. What "
            "it lacks counts as not known."
        )


def _rows_before(shelf: ReferenceShelf, read: Read) -> int:
    """Rows of the newest whole edition to compare with; each clearinghouse has its own size."""
    own = read.found.kind is FileKind.PAYERS
    for shelved in reversed(shelf.of_kind(read.found.kind)):
        edition = shelved.edition
        if edition.whole and (not own or edition.name == read.span.name):
            return edition.rows
    return 0


def _refuse_excerpt_over_whole(shelf: ReferenceShelf, read: Read, *, partial: bool) -> None:
    if not partial:
        return
    for shelved in shelf.of_kind(read.found.kind):
        if shelved.edition.name == read.span.name and shelved.edition.whole:
            raise Refused(
                "whole_there",
                f"The whole edition {read.span.name} is here already; an excerpt would take its "
                "place. Remove it first if you mean that.",
            )


def _truncated(count: int, before: int) -> Refused:
    return Refused(
        "truncated",
        f"The file holds {count:,} rows, the edition before had {before:,}: it is not whole. "
        "Download it again; nothing was imported.",
    )


def _place_notes(rows: list[PlaceRow]) -> list[str]:
    ours = places_of_service()
    new = sorted(row.code for row in rows if row.code not in ours)
    moved = sorted(r.code for r in rows if r.code in ours and ours[r.code].facility != r.facility)
    gone = sorted(set(ours) - {row.code for row in rows})
    told = [
        (new, "New beside the program's own list: {}."),
        (moved, "Paid at the other rate than in the program's own list: {}."),
        (gone, "Not in this file, but in the program's own list, which stays: {}."),
    ]
    notes = [words.format(", ".join(codes)) for codes, words in told if codes]
    return notes or ["The same codes and rates as the program's own list."]
