"""The envelopes of a batch: a label for each, and a cover sheet that lists what lies in it.

Labels go on the commonest US sheet, 30 labels of 2 5/8 by 1 inch (Avery 5160 and alike). A cover
sheet carries the payer's address where an ordinary #10 window shows it, because the claim's own
carrier block stands too high and too far right for that window.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.claim_form import Address
from app.domain.dates import format_date
from app.domain.money import format_cents
from app.printing.plain_pages import (
    MARGIN_PT,
    RIGHT_PT,
    Cell,
    Document,
    Placed,
    Row,
    plain_pdf,
    wrapped,
)
from app.printing.text import city_state_zip, prose

LABELS_PER_SHEET, LABEL_COLUMNS = 30, 3
LABEL_WIDTH_PT, LABEL_HEIGHT_PT = 189.0, 72.0  # 2 5/8 by 1 inch
_LABEL_LEFT_PT, _LABEL_TOP_PT = 13.5, 36.0  # 3/16 and 1/2 inch
_LABEL_STEP_PT = 198.0  # 2 3/4 inch from label to label
_LABEL_INSET_PT, _LABEL_SIZE_PT, _LABEL_LEADING_PT = 10.0, 10.0, 13.0

# Inside what the #10 window always shows: 0.875 to 4.375 inch across, 2.5 to 3.167 inch down.
ADDRESS_LEFT_PT, ADDRESS_WIDTH_PT = 72.0, 234.0
_ADDRESS_FIRST_PT, _ADDRESS_LEADING_PT, _ADDRESS_SIZE_PT = 190.0, 11.0, 10.0
_BELOW_FOLD_PT = 282.0
_LABELS_TITLE, _COVER_TITLE = "Mailing labels", "Cover list"


@dataclass(frozen=True, slots=True)
class MailedClaim:
    """A claim in an envelope; ``sheets`` of red stock, ``plain_pages`` behind them (cents)."""

    number: str
    patient: str
    service_date: date
    sheets: int
    total_cents: int
    plain_pages: int = 0


@dataclass(frozen=True, slots=True)
class Mailing:
    """Everything that goes to one payer in one envelope, in mailing order."""

    payer: str
    address: Address
    claims: tuple[MailedClaim, ...]

    @property
    def total_cents(self) -> int:
        """Sum of the claims' charges."""
        return sum(claim.total_cents for claim in self.claims)

    @property
    def sheets(self) -> int:
        """Sheets of paper, plain ones included, without the cover sheet."""
        return sum(claim.sheets + claim.plain_pages for claim in self.claims)


def address_lines(payer: str, address: Address) -> tuple[str, ...]:
    """The address as the Postal Service reads it best: capitals, no punctuation but in ZIP+4."""
    place = city_state_zip(address, zip_hyphen=True)
    lines = (prose(payer), prose(address.line1), prose(address.line2), place)
    return tuple(line.text for line in lines if line.text)


def labels_pdf(mailings: Sequence[Mailing], *, first_label: int = 1) -> bytes:
    """A label for each envelope. ``first_label``: 1-30, where a begun sheet goes on.

    Raises:
        ValueError: no such label on a sheet.
    """
    if not 1 <= first_label <= LABELS_PER_SHEET:
        raise ValueError(f"A sheet has labels 1 to {LABELS_PER_SHEET}.")
    sheets: dict[int, list[Placed]] = {}
    for number, mailing in enumerate(mailings, start=first_label - 1):
        sheet, place = divmod(number, LABELS_PER_SHEET)
        sheets.setdefault(sheet, []).extend(_label(place, mailing))
    return plain_pdf(
        [Document((), placed=tuple(placed)) for placed in sheets.values()], _LABELS_TITLE
    )


def _label(place: int, mailing: Mailing) -> Iterator[Placed]:
    down, across = divmod(place, LABEL_COLUMNS)
    left = _LABEL_LEFT_PT + across * _LABEL_STEP_PT + _LABEL_INSET_PT
    room = LABEL_WIDTH_PT - 2 * _LABEL_INSET_PT
    lines = [
        part
        for line in address_lines(mailing.payer, mailing.address)
        for part in wrapped(line.split(), room, _LABEL_SIZE_PT, joint=" ")
    ]
    # Centred in height; 7 points of ten are the capitals.
    leading = min(_LABEL_LEADING_PT, (LABEL_HEIGHT_PT - 16) / max(len(lines) - 1, 1))
    height = (len(lines) - 1) * leading + 7
    top = _LABEL_TOP_PT + down * LABEL_HEIGHT_PT + (LABEL_HEIGHT_PT - height) / 2 + 7
    for number, text in enumerate(lines):
        y = top + number * leading
        yield Placed(left, y, text, _LABEL_SIZE_PT, width_pt=room)


def cover_pdf(mailings: Sequence[Mailing], sender: str, sender_address: Address, on: date) -> bytes:
    """A cover sheet for each envelope, and the list of all of them for the practice's own file.

    Each sheet names only the patients of its own envelope.
    """
    documents = [_cover(mailing, sender, sender_address, on) for mailing in mailings]
    if len(mailings) > 1:
        documents.append(_list_of_all(mailings, on))
    return plain_pdf(documents, _COVER_TITLE)


def _cover(mailing: Mailing, sender: str, sender_address: Address, on: date) -> Document:
    placed = [
        Placed(ADDRESS_LEFT_PT, 50 + 11 * n, text)
        for n, text in enumerate(address_lines(sender, sender_address))
    ]
    for number, text in enumerate(address_lines(mailing.payer, mailing.address)):
        y = _ADDRESS_FIRST_PT + number * _ADDRESS_LEADING_PT
        placed.append(Placed(ADDRESS_LEFT_PT, y, text, _ADDRESS_SIZE_PT, width_pt=ADDRESS_WIDTH_PT))
    enclosed = f"{_counted(len(mailing.claims), 'claim')} enclosed"
    rows = [
        Row((Cell(MARGIN_PT, enclosed, bold=True, size_pt=12),), 18),
        Row((Cell(MARGIN_PT, f"Mailed {format_date(on)}"),), 18),
        _heads(("Claim", "Patient", "Service", "Sheets", "Charges")),
    ]
    for number, claim in enumerate(mailing.claims):
        rows.append(_claim_row(claim, 0.8 if number == 0 else 0))
    rows.append(_sum_row(mailing.sheets, mailing.total_cents))
    return Document(tuple(rows), top_pt=_BELOW_FOLD_PT, placed=tuple(placed))


def _heads(words: Sequence[str]) -> Row:
    return Row(tuple(_cells(words, size=8.0)), 15)


def _claim_row(claim: MailedClaim, rule: float) -> Row:
    texts = (
        claim.number,
        claim.patient,
        format_date(claim.service_date),
        str(claim.sheets + claim.plain_pages),
        format_cents(claim.total_cents),
    )
    return Row(tuple(_cells(texts)), rule_pt=rule)


def _sum_row(sheets: int, cents: int) -> Row:
    texts = ("Total", "", "", str(sheets), format_cents(cents))
    return Row(tuple(_cells(texts, bold=True)), 15, 0.8)


def _cells(texts: Sequence[str], *, bold: bool = False, size: float = 9.0) -> Iterator[Cell]:
    first, second, third, count, amount = texts
    yield Cell(MARGIN_PT, first, bold=bold, size_pt=size, width_pt=76)
    yield Cell(116, second, bold=bold, size_pt=size, width_pt=230)
    yield Cell(352, third, bold=bold, size_pt=size, width_pt=76)
    yield Cell(478, count, right=True, bold=bold, size_pt=size)
    yield Cell(RIGHT_PT, amount, right=True, bold=bold, size_pt=size)


def _list_of_all(mailings: Sequence[Mailing], on: date) -> Document:
    count = sum(len(mailing.claims) for mailing in mailings)
    words = f"{_counted(len(mailings), 'envelope')}, {_counted(count, 'claim')}"
    rows = [
        Row((Cell(MARGIN_PT, f"Mailed {format_date(on)}", bold=True, size_pt=14),), 20),
        Row((Cell(MARGIN_PT, words),), 18),
        _heads(("Claims", "Payer", "", "Sheets", "Charges")),
    ]
    for number, mailing in enumerate(mailings):
        texts = (
            str(len(mailing.claims)),
            mailing.payer,
            "",
            str(mailing.sheets),
            format_cents(mailing.total_cents),
        )
        rows.append(Row(tuple(_cells(texts, bold=True)), 16, 0.8 if number == 0 else 0.3))
        place = ", ".join(address_lines("", mailing.address))
        rows.append(Row((Cell(116, place, size_pt=8, width_pt=RIGHT_PT - 116),), 11))
        numbers = ", ".join(claim.number for claim in mailing.claims)
        rows += [
            Row((Cell(116, text, size_pt=8),), 11)
            for text in wrapped(numbers.split(), 330, 8, joint=" ")
        ]
    total = sum(mailing.total_cents for mailing in mailings)
    rows.append(_sum_row(sum(mailing.sheets for mailing in mailings), total))
    footer = "For the practice's own file: keep it here, do not mail it."
    return Document(tuple(rows), footer=footer)


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
