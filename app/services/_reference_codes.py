"""Inner part of the reference service: whether a code may be used on a day; searching lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from app.domain.reference import CodeRow, FileKind
from app.services._reference_shelf import ReferenceShelf
from app.services.reference_rows import CodeFound

SELECT = (
    "SELECT code, wording, short, added, effective, ended, action, coverage FROM hcpcs"
    " WHERE part = ? AND code = ?"
)
# Of HCPCS: all codes of a letter but dental ones (the ADA's), and modifiers that begin with a
# letter but P1 to P6 (CPT's physical status).
_OURS = re.compile(r"[A-CE-V]\d{4}|[A-OQ-Z][A-Z0-9]|P[A-Z]", re.ASCII)
_DELETED = "D"


def found(shelf: ReferenceShelf, code: str, on: date) -> CodeFound | None:
    """A HCPCS code or modifier by the edition of the day, else by the newest that has it."""
    hit = shelf.first(shelf.in_force(FileKind.HCPCS, on), SELECT, code) or shelf.first(
        reversed(shelf.of_kind(FileKind.HCPCS)), SELECT, code
    )
    if hit is None:
        return None
    return _on_day(CodeRow(*hit[1][0]), on, hit[0].edition.name)


def _on_day(row: CodeRow, on: date, edition: str) -> CodeFound:
    starts = date.fromisoformat(row.added)
    ends = date.fromisoformat(row.ended) if row.ended else None
    active = starts <= on and (ends is None or on <= ends)
    return CodeFound(row.code, row.wording, row.short, starts, ends, active, edition)


def active(shelf: ReferenceShelf, code: str, on: date) -> bool | None:
    """By HCPCS; a code it does not have, by the fee schedule; None: nobody here knows."""
    row = found(shelf, code, on)
    if row is not None:
        return row.active
    # A fee schedule lists nearly every code of its quarter, and the deleted ones as such.
    sql = "SELECT status FROM rvu WHERE part = ? AND code = ?"
    line = shelf.first(shelf.in_force(FileKind.RVU, on), sql, code)
    if line is not None:
        return all(status != _DELETED for (status,) in line[1])
    if _OURS.fullmatch(code) and _whole_edition(shelf, on):
        return False
    return None


def _whole_edition(shelf: ReferenceShelf, on: date) -> bool:
    """True when a whole HCPCS edition is of that very day: what it lacks does not exist."""
    return any(
        s.edition.whole
        and s.edition.starts is not None
        and s.edition.ends is not None
        and s.edition.starts <= on <= s.edition.ends
        for s in shelf.of_kind(FileKind.HCPCS)
    )


@dataclass(frozen=True, slots=True)
class Search:
    """A question with the values of its words; part comes before them, limit after."""

    text: str
    values: tuple[str, ...]


def search_of(table: str, columns: str, searched: str, typed: str) -> Search:
    """Rows whose text holds every word typed, in any order; all rows when nothing is typed."""
    words = typed.lower().split()
    signs = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})
    order = "rowid" if table == "payer_list" else "code"
    likes = f" AND ({searched}) LIKE ? ESCAPE '\\'" * len(words)
    return Search(
        f"SELECT {columns} FROM {table} WHERE part = ?{likes} ORDER BY {order} LIMIT ?",  # noqa: S608
        tuple(f"%{word.translate(signs)}%" for word in words),
    )


def listed(
    shelf: ReferenceShelf, typed: str, on: date, limit: int, *, modifiers: bool
) -> tuple[CodeFound, ...]:
    """HCPCS codes (or modifiers) of a day that begin so, then those whose words hold every word."""
    sql = _listing(typed, 2 if modifiers else 5)
    for shelved in shelf.in_force(FileKind.HCPCS, on):
        rows = [
            CodeRow(*row)
            for part in shelved.parts
            for row in shelf.ask(sql.text, part.key, *sql.values, limit)
        ]
        found = tuple(_on_day(row, on, shelved.edition.name) for row in rows)
        if found:  # an excerpt that knows none leaves the question to the edition before it
            return tuple(row for row in found if row.active)[:limit]
    return ()


def _listing(typed: str, length: int) -> Search:
    words = typed.lower().split()
    signs = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})
    begins = words[0].translate(signs) + "%" if len(words) == 1 else ""
    likes = " AND (wording || ' ' || short) LIKE ? ESCAPE '\\'" * len(words)
    return Search(
        f"{SELECT.removesuffix(' AND code = ?')} AND length(code) = {length}"
        f" AND (code LIKE ? ESCAPE '\\' OR (1{likes}))"
        " ORDER BY code NOT LIKE ? ESCAPE '\\', code LIMIT ?",
        (begins, *(f"%{word.translate(signs)}%" for word in words), begins),
    )
