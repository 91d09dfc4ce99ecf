"""The deposit slip: checks with number, payer and amount, cash, and the total for the bank."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.dates import format_date
from app.domain.money import format_cents
from app.printing.plain_pages import MARGIN_PT, RIGHT_PT, Cell, Document, Row, plain_pdf

_TITLE = "Deposit"
_NUMBER_PT, _WHO_PT = 66.0, 176.0
_WHO_WIDTH_PT = 290.0


@dataclass(frozen=True, slots=True)
class SlipItem:
    """One check, or cash of one receipt (cents)."""

    number: str
    who: str
    cents: int
    method: str  # check, cash


@dataclass(frozen=True, slots=True)
class Slip:
    """What goes to the bank together; ``bank`` is the account as the practice calls it."""

    number: int
    practice: str
    bank: str
    on: date
    items: tuple[SlipItem, ...]

    @property
    def total_cents(self) -> int:
        """Sum of the documents."""
        return sum(item.cents for item in self.items)

    def of(self, method: str) -> tuple[SlipItem, ...]:
        """The items of one kind."""
        return tuple(item for item in self.items if item.method == method)


def slip_pdf(slip: Slip) -> bytes:
    """The slip as PDF, US Letter; the same slip gives the same bytes."""
    return plain_pdf([Document(tuple(_rows(slip)), footer=_footer(slip))], _TITLE)


def _footer(slip: Slip) -> str:
    return f"{slip.practice}, deposit slip {slip.number}, {format_date(slip.on)}"


def _rows(slip: Slip) -> Iterator[Row]:
    yield Row((Cell(MARGIN_PT, "Deposit slip", bold=True, size_pt=14),
               Cell(RIGHT_PT, f"No. {slip.number}", right=True, size_pt=11)), 22)  # fmt: skip
    yield Row((Cell(MARGIN_PT, slip.practice, size_pt=10, width_pt=400),
               Cell(RIGHT_PT, format_date(slip.on), right=True, size_pt=10)), 15)  # fmt: skip
    if slip.bank:
        yield Row((Cell(MARGIN_PT, f"To {slip.bank}", size_pt=10, width_pt=400),), 15)
    yield Row(height_pt=8)
    checks, cash = slip.of("check"), slip.of("cash")
    if checks:
        yield _heads("Checks")
        yield from (_item(n, item) for n, item in enumerate(checks, start=1))
        yield _sum(f"{len(checks)} {'check' if len(checks) == 1 else 'checks'}", checks)
    if cash:
        yield _heads("Cash receipts")
        yield from (_item(n, item) for n, item in enumerate(cash, start=1))
        yield _sum("Cash", cash)
    total = format_cents(slip.total_cents)
    yield Row((Cell(MARGIN_PT, "Total deposit", bold=True, size_pt=12),
               Cell(RIGHT_PT, total, right=True, bold=True, size_pt=12)), 24, 1.2)  # fmt: skip


def _heads(words: str) -> Row:
    return Row(
        (
            Cell(MARGIN_PT, words, bold=True),
            Cell(_WHO_PT, "From", size_pt=8),
            Cell(RIGHT_PT, "Amount", right=True, size_pt=8),
        ),
        20,
    )


def _item(number: int, item: SlipItem) -> Row:
    cells = (
        Cell(MARGIN_PT, f"{number}.", size_pt=8),
        Cell(_NUMBER_PT, item.number or "no number", width_pt=_WHO_PT - _NUMBER_PT - 8),
        Cell(_WHO_PT, item.who, width_pt=_WHO_WIDTH_PT),
        Cell(RIGHT_PT, format_cents(item.cents), right=True),
    )
    return Row(cells, 14, 0.3)


def _sum(words: str, items: tuple[SlipItem, ...]) -> Row:
    total = format_cents(sum(item.cents for item in items))
    cells = (
        Cell(MARGIN_PT, words, bold=True),
        Cell(RIGHT_PT, total, right=True, bold=True),
    )
    return Row(cells, 16, 0.8)
