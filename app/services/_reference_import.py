"""Inner part of the reference service: from a file on disk to editions in the store."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from app.codesets import ncci
from app.codesets.detect import kind_of
from app.codesets.text_rows import tables_in
from app.db.reference_changes import Changing
from app.domain.errors import Refused
from app.domain.reference import FileKind, Span
from app.services import _reference_icd
from app.services._code_shelf import Tell
from app.services._reference_reading import Found, Read, read_pairs, read_rows
from app.services._reference_shelf import NCCI_PARTS, ReferenceShelf
from app.services.codesets import CodeSetService
from app.services.reference_rows import ReferenceReport

_ICD = (FileKind.ICD, FileKind.ICD_CHANGES)
_QUALIFYING = re.compile(r"(?<!non)[-_ ]?qpp|(?<!non)[-_ ]?qp\b", re.IGNORECASE)
_NON_QUALIFYING = re.compile(r"non[-_ ]?qp", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the biller said beside the file; see ``ReferenceService.import_file``."""

    kind: FileKind | None = None
    edition: str | None = None
    with_descriptors: bool = False
    partial: bool = False
    tell: Tell | None = None


def import_all(
    shelf: ReferenceShelf, codesets: CodeSetService, path: Path, wish: Wish
) -> ReferenceReport:
    """See ``ReferenceService.import_file``."""
    found = _chosen(path, wish)
    kinds = {f.kind for f in found}
    if kinds & set(_ICD):
        if len(kinds) > 1:
            raise Refused(
                "several_files",
                "The zip holds diagnosis codes beside other files. Unpack it and import them one "
                "by one.",
            )
        return _reference_icd.import_icd(
            codesets, path, found, wish.edition, wish.partial, wish.tell
        )
    reads = [_read(shelf, f, wish) for f in found]
    reports = _kept(shelf, reads)
    return replace(reports[0], also=tuple(reports[1:]))


def _chosen(path: Path, wish: Wish) -> list[Found]:
    """The files to import: the best of each kind, every part of NCCI.

    Raises:
        Refused: ``unknown_kind``, ``other_kind``.
    """
    known, refusal = _known(path)
    if not known and refusal is not None:
        raise refusal
    if not known:
        raise Refused(
            "unknown_kind",
            f"{path.name} is none of the official files CleanClaim knows. Choose the file, or the "
            "zip, as CMS, CDC, NUCC or your clearinghouse gave it.",
        )
    wanted = [f for f in known if wish.kind in (None, f.kind)]
    if not wanted:
        told = " and ".join(dict.fromkeys(f.kind.words for f in known))
        asked = wish.kind.words if wish.kind else ""
        raise Refused("other_kind", f"{path.name} holds {told}, not {asked}.")
    return _best(wanted)


def _known(path: Path) -> tuple[list[Found], Refused | None]:
    """The files that are of a kind; and why one was not looked at, which matters if none is."""
    known, refusal = [], None
    for table in tables_in(path):
        try:
            kind = kind_of(table)
        except Refused as error:  # a stray file of a zip does not spoil the others
            refusal = refusal or error
        else:
            known += [Found(kind, table)] if kind is not None else []
    return known, refusal


def _best(found: list[Found]) -> list[Found]:
    best: dict[tuple[FileKind, int], Found] = {}
    for one in sorted(found, key=_preference):
        part = 0
        if one.kind is FileKind.NCCI:
            ncci.refuse_hospital(one.table.name)
            part = ncci.part_of(one.table.name)
        elif one.kind in _ICD:
            part = len(best)  # order file, tabular list and index belong together
        best.setdefault((one.kind, part), one)
    return list(best.values())


def _preference(found: Found) -> tuple[bool, bool]:
    """The schedule of who is in no alternative payment model first; text before workbooks."""
    name = found.table.name.rsplit("/", 1)[-1]
    qualifying = bool(_QUALIFYING.search(name)) and not _NON_QUALIFYING.search(name)
    return qualifying, found.table.is_workbook


def _read(shelf: ReferenceShelf, found: Found, wish: Wish) -> Read:
    if found.kind is FileKind.NCCI:
        return read_pairs(shelf, found, wish.edition, partial=wish.partial, tell=wish.tell)
    read = read_rows(
        shelf,
        found,
        wish.edition,
        partial=wish.partial,
        with_descriptors=wish.with_descriptors,
        tell=wish.tell,
    )
    if found.kind is FileKind.RVU and _preference(found)[0]:
        read.heard.notes.append(
            "This is the schedule for participants in advanced payment models, whose conversion "
            "factor is higher. A practice outside of them wants the file named non-QPP."
        )
    return read


def _kept(shelf: ReferenceShelf, reads: list[Read]) -> list[ReferenceReport]:
    """Writes everything in one transaction."""
    reports: list[ReferenceReport] = []
    store = shelf.writable()
    try:
        with ExitStack() as stack:
            change = stack.enter_context(store.changing())
            reports.extend(_put(shelf, change, read) for read in reads)
    finally:
        shelf.forget()
    return reports


def _put(shelf: ReferenceShelf, change: Changing, read: Read) -> ReferenceReport:
    kept = change.put(
        read.found.kind,
        read.span,
        read.rows,
        whole=read.whole,
        source=read.found.name,
        part=read.part,
    )
    notes = list(read.heard.notes)
    if read.found.kind is FileKind.NCCI:
        notes += _pair_notes(shelf, change, read, kept)
    if read.heard.zeros:
        notes.append(
            f"A spreadsheet had dropped the leading zeros of {read.heard.zeros:,} codes; they were "
            "put back."
        )
    return ReferenceReport(
        read.found.kind, read.span.name, read.span.starts, read.span.ends, read.count, kept,
        tuple(read.heard.refused), read.heard.refused_count, tuple(notes),
    )  # fmt: skip


def _pair_notes(shelf: ReferenceShelf, change: Changing, read: Read, kept: int) -> Iterator[str]:
    if read.count > kept:
        yield (
            f"{read.count - kept:,} pairs that never held, or were deleted more than three years "
            "before, are left out."
        )
    here = {read.part}
    for shelved in shelf.of_kind(FileKind.NCCI):
        if shelved.edition.name == read.span.name:
            here |= {part.number for part in shelved.parts} if read.part else set()
    missing = sorted(NCCI_PARTS - here) if 0 not in here else []
    if missing:
        told = ", ".join(map(str, missing))
        yield f"Part {read.part} of 4 is here. Import part {told} of {read.span.name} too."
        return
    # Rows carry their own dates: a whole edition says all that the ones before it said.
    for shelved in shelf.of_kind(FileKind.NCCI):
        if read.whole and _older(shelved.edition.starts, read.span):
            change.remove(FileKind.NCCI, shelved.edition.name)
            yield f"It takes the place of {shelved.edition.name}."


def _older(starts: object, span: Span) -> bool:
    return starts is not None and span.starts is not None and str(starts) < str(span.starts)
