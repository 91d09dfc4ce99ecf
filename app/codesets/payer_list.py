"""A clearinghouse's list of payers (CSV or XLSX): who is reached under which ID for what.

IDs differ by clearinghouse and by transaction, so every row stands for itself. Only name and ID
must be there; the other headings differ between clearinghouses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.codesets.reading import Heard, cell, columns_of, header_of
from app.codesets.text_rows import Table
from app.domain.reference import FileKind, PayerListRow

HEADINGS = {
    "name": "PAYER NAME|PAYER|INSURANCE( COMPANY)? NAME|NAME OF PAYER",
    "payer_id": "PAYER IDS?|PAYERID|CPID|EDI PAYER ID|ELECTRONIC PAYER ID",
    "transaction?": "TRANSACTION( TYPE)?|TYPE|SERVICE",
    "available?": "AVAILABLE|STATUS",
    "non_par?": "NON PAR|NONPAR|PAR STATUS",
    "enrollment?": "ENROLLMENT( REQUIRED)?",
    "secondary?": "SECONDARY( CLAIMS)?",
    "attachment?": "ATTACHMENTS?",
    "work_or_auto?": "WC AUTO|WORK(ERS)? COMP.*",
    "notes?": "NOTES?|COMMENTS?",
}
# What programs write where they know nothing.
_NOTHING = frozenset({"undefined", "null", "nan", "none", "n/a", "#n/a", "#ref!"})
_PAYER_ID = re.compile(r"[0-9A-Z][0-9A-Z_.&/ -]{0,29}", re.ASCII | re.IGNORECASE)


def is_header(cells: tuple[str, ...]) -> bool:
    """True for the row of headings."""
    return columns_of(cells, HEADINGS) is not None


def read(table: Table, heard: Heard) -> Iterator[PayerListRow]:
    """The payers of a list, each transaction a row.

    Raises:
        Refused: what the row reader refuses.
    """
    rows = table.rows()
    columns, _ = header_of(rows, HEADINGS, FileKind.PAYERS.words)
    names = [name.rstrip("?") for name in HEADINGS]
    for number, cells in rows:
        row = PayerListRow(*(_plain(cell(cells, columns, name)) for name in names))
        if why := _fault(row, told="transaction" in columns):
            heard.refuse(number, cells, why)
        else:
            yield row


def _plain(text: str) -> str:
    return " ".join(text.split())


def _fault(row: PayerListRow, *, told: bool) -> str:
    if not row.name:
        return "it has no payer's name"
    if not _PAYER_ID.fullmatch(row.payer_id):
        return "it has no payer ID" if not row.payer_id else f"“{row.payer_id[:20]}” is no payer ID"
    if told and not row.transaction:
        return "it does not say for which transaction"
    if row.transaction.lower() in _NOTHING:
        return f"“{row.transaction}” is no transaction"
    return ""
