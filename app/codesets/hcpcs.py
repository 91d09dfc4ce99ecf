"""HCPCS level II, the quarterly ANWEB file of CMS: procedures and modifiers, CSV, XLSX or text.

A record has a code (a modifier stands after three blanks), a sequence number and a kind: 3 a
procedure, 7 a modifier, 4 and 8 go on with the long text of the code before. Text files have fixed
columns (1-based): 1-5 code, 6-10 sequence, 11 kind, 12-91 long text, 92-119 short text, 269-276
added, 277-284 action effective, 285-292 termination, 293 action.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.codesets.reading import Heard, cell, columns_of, day_of, header_of
from app.codesets.text_rows import Table
from app.domain.reference import CodeRow, FileKind

HEADINGS = {
    "code": "HCPC|HCPCS",
    "sequence": "SEQNUM",
    "kind": "RECID",
    "long": "LONG DESCRIPTION",
    "short?": "SHORT DESCRIPTION",
    "coverage?": "COV",
    "added": "ADD DT",
    "effective?": "ACT EFF DT",
    "ended": "TERM DT",
    "action?": "ACTION CD",
}
FIXED_LINE = re.compile(r"(?: {3}[0-9A-Z]{2}|[A-Z]\d{4})[ \d]{5}[3478].{80}")
_MODIFIER = re.compile(r"[0-9A-Z]{2}", re.ASCII)
_PROCEDURE = re.compile(r"[A-Z]\d{4}", re.ASCII)
_GOES_ON = {"4": "3", "8": "7"}


@dataclass(slots=True)
class _Record:
    """A record as it stands."""

    number: int
    code: str
    kind: str
    long: str
    short: str = ""
    coverage: str = ""
    added: str = ""
    effective: str = ""
    ended: str = ""
    action: str = ""


def is_header(cells: tuple[str, ...]) -> bool:
    """True for the row of headings."""
    return columns_of(cells, HEADINGS) is not None


def is_fixed(line: str) -> bool:
    """True for a line of the text file."""
    return FIXED_LINE.match(line) is not None


def read(table: Table, heard: Heard) -> Iterator[CodeRow]:
    """The codes of a file, each with its whole text; refused lines go to ``heard``.

    Raises:
        Refused: no such headings, or what the row reader refuses.
    """
    fixed = not table.is_workbook and any(
        is_fixed(line) for _, (__, line) in zip(range(20), table.lines(), strict=False)
    )
    heard.fixed = fixed
    seen: set[str] = set()
    now: _Record | None = None
    for record in _fixed_records(table, heard) if fixed else _records(table):
        if record.kind in _GOES_ON:
            if now is None or now.code != record.code:
                heard.refuse(record.number, (record.code, record.long), "it continues no code")
            else:
                now.long = f"{now.long} {record.long}".strip()
            continue
        row = now and _row(now, seen, heard)
        if row:
            yield row
        now = record
    row = now and _row(now, seen, heard)
    if row:
        yield row


def _records(table: Table) -> Iterator[_Record]:
    rows = table.rows()
    columns, _ = header_of(rows, HEADINGS, FileKind.HCPCS.words)
    for number, cells in rows:

        def text(name: str, cells: tuple[str, ...] = cells) -> str:
            return cell(cells, columns, name)

        yield _Record(
            number, text("code"), text("kind"), text("long"), text("short"), text("coverage"),
            text("added"), text("effective"), text("ended"), text("action"),
        )  # fmt: skip


def _fixed_records(table: Table, heard: Heard) -> Iterator[_Record]:
    for number, line in table.lines():
        if not line.strip():
            continue
        if not is_fixed(line):
            heard.refuse(number, (line,), "the columns are not where the file has them")
            continue
        added, effective, ended = (line[at : at + 8].strip() for at in (268, 276, 284))
        yield _Record(
            number, line[:5].strip(), line[10], line[11:91].strip(), line[91:119].strip(), "",
            added, effective, ended, line[292:293].strip(),
        )  # fmt: skip


def _row(record: _Record, seen: set[str], heard: Heard) -> CodeRow | None:
    why = _fault(record, seen)
    if why:
        heard.refuse(record.number, (record.code, record.kind, record.long), why)
        return None
    seen.add(record.code)
    added = day_of(record.added)
    if added:
        heard.begins(added)
    return CodeRow(
        record.code, record.long, record.short, _iso(record.added), _iso(record.effective),
        _iso(record.ended), record.action, record.coverage,
    )  # fmt: skip


def _iso(text: str) -> str:
    day = day_of(text)
    return day.isoformat() if day else ""


def _fault(record: _Record, seen: set[str]) -> str:
    shape = {"3": _PROCEDURE, "7": _MODIFIER}.get(record.kind)
    if shape is None:
        return f"“{record.kind}” is no kind of record" if record.kind else "the line breaks off"
    if not shape.fullmatch(record.code):
        return "it has no HCPCS code"
    if record.code in seen:
        return f"{record.code} stands in the file twice"
    if not record.added:
        return "it does not say since when the code is valid"
    wrong = [t for t in (record.added, record.effective, record.ended) if t and not day_of(t)]
    return f"{wrong[0]} is no date" if wrong else ""
