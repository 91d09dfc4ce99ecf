"""Items 28 and 29 on every sheet of a claim, by the payer's manner of several sheets."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.claim_form import ClaimForm, ClaimLine, MultiPage
from app.domain.coverage import amount_paid
from app.domain.money import Cents
from app.printing.items.entries import Entries, money
from app.printing.text import Written

# CONTINUED fills the cells of dollars and cents together (Texas Medicaid and other payers).
_CONTINUED = {"28_dollars": Written("CONTINU"), "28_cents": Written("ED")}


def totals(form: ClaimForm, sheets: Sequence[Sequence[ClaimLine]], number: int) -> Entries:
    """Items 28 and 29 of sheet ``number`` (from 0); ``sheets`` holds every sheet's lines."""
    manner = form.rules.multi_page
    if manner is MultiPage.SEPARATE:
        charges = [_charges(lines) for lines in sheets]
        return {
            **money("28", charges[number]),
            **_paid(share_of_payment(amount_paid(form), charges)[number]),
        }
    if manner is MultiPage.CONTINUED_LAST_PAGE and number < len(sheets) - 1:
        return _CONTINUED
    return {**money("28", form.total_cents), **_paid(amount_paid(form))}


def share_of_payment(paid: Cents, charges: Sequence[Cents]) -> list[Cents]:
    """A payment over sheets that are claims of their own: each up to its charges, in order.

    The last sheet takes whatever is left, so that the parts always add up to ``paid``.
    """
    parts: list[Cents] = []
    for charge in charges[:-1]:
        part = min(paid, charge)
        parts.append(Cents(part))
        paid = Cents(paid - part)
    return [*parts, paid]


def _charges(lines: Sequence[ClaimLine]) -> Cents:
    return Cents(sum(line.charge_cents for line in lines))


def _paid(cents: Cents) -> Entries:
    return money("29", cents) if cents else {}
