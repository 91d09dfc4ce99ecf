"""What an official file is, by its content."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from app.codesets import code_lists, gpci, hcpcs, mue, ncci, payer_list, rvu, taxonomy
from app.codesets.order_file import looks_like_order
from app.codesets.reading import HEADER_WITHIN
from app.codesets.text_rows import Table
from app.domain.errors import Refused
from app.domain.reference import FileKind

_HEAD = 4096
_XML = (b"<ICD10CM.tabular", b"<ICD10CM.index")

# The more headings a kind asks for, the earlier it is tried.
_HEADERS: tuple[tuple[FileKind, Callable[[tuple[str, ...]], bool]], ...] = (
    (FileKind.HCPCS, hcpcs.is_header),
    (FileKind.RVU, rvu.is_header),
    (FileKind.GPCI, gpci.is_header),
    (FileKind.NCCI, lambda cells: ncci.is_title(cells) or ncci.is_pair(cells)),
    (FileKind.MUE, mue.is_header),
    (FileKind.TAXONOMY, taxonomy.is_header),
    (FileKind.ICD_CHANGES, code_lists.is_changes),
    (FileKind.PLACES, code_lists.is_places),
    (FileKind.PAYERS, payer_list.is_header),
    (FileKind.AGES, code_lists.is_ages),
    (FileKind.SEXES, code_lists.is_sexes),
)


def kind_of(table: Table) -> FileKind | None:
    """The kind of a file; None when it is none of ours."""
    head = table.data[:_HEAD]
    if any(mark in head for mark in _XML):
        return FileKind.ICD
    try:
        if not table.is_workbook:
            lines = [line for _, line in islice(_kept(table.lines()), 20)]
            if lines and sum(map(hcpcs.is_fixed, lines)) * 2 > len(lines):
                return FileKind.HCPCS
            if not head.lstrip().startswith(b"<") and looks_like_order("\n".join(lines)):
                return FileKind.ICD
        return _by_headings(table)
    except Refused as refusal:
        if refusal.code == "not_a_table":
            return None
        raise


def _kept(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    return (entry for entry in lines if entry[1].strip())


def _by_headings(table: Table) -> FileKind | None:
    for _, cells in islice(table.rows(), HEADER_WITHIN):
        for kind, is_header in _HEADERS:
            if is_header(cells):
                return kind
    return None
