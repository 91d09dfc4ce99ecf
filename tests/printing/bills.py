"""Invented statements for tests and benchmarks of the printing floor."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from app.domain.account_standing import Aging
from app.domain.claim_form import Address
from app.domain.owed import LineFigures, Why
from app.domain.statement_content import (
    BilledPatient,
    BilledVisit,
    LetterContent,
    PaidItem,
    Sender,
    StatementContent,
)
from app.domain.statement_policy import MESSAGES, filled

SENDER = Sender(
    name="Larkfield Family Practice",
    address=Address("40 Main St", "Suite 2", "Salem", "VA", "24153-0040"),
    phone="(540) 555-0140",
    tax_id="54-1234567",
    remit_name="Larkfield Family Practice",
    remit_address=Address("PO Box 310", "", "Salem", "VA", "24153-0310"),
)
HOME = Address("1218 Orchard Hill Rd.", "Apt. 4B", "Christiansburg", "VA", "24073-4418")
DAY = date(2026, 4, 2)


def visit(number: int = 0, **changes: Any) -> BilledVisit:
    """A visit of which 42.50 is owed for two reasons, less what was paid."""
    own = BilledVisit(
        encounter_id=number + 1,
        service_date=date(2026, 3, 2) + timedelta(days=number % 28),
        provider="Imani Cole, MD",
        description="Office visit, established patient; Urine test",
        figures=LineFigures(18500, 9150, 3600, 1500),
        why=(
            Why("Blue Ridge Health: applied to your deductible", 4000),
            Why("Blue Ridge Health: your coinsurance", 1750),
            Why("Less what you have paid", -1500),
        ),
    )
    return replace(own, **changes)


def pending(number: int = 0) -> BilledVisit:
    """A visit that insurance still decides."""
    return visit(
        number,
        description="Office visit, established patient",
        figures=LineFigures(12000, pending=12000),
        why=(),
        note="120.00 is with Blue Ridge Health; nothing of it is due from you yet",
    )


def bill(visits: int = 2, **changes: Any) -> StatementContent:
    """A statement of so many visits of one patient, and one that is pending."""
    owed = tuple(visit(n) for n in range(visits))
    cents = sum(v.owes_cents for v in owed)
    own = StatementContent(
        sender=SENDER,
        guarantor_id=1,
        guarantor="Jane Q Doe",
        address=HOME,
        account_no="10001",
        number=1,
        on=DAY,
        due_on=DAY + timedelta(days=21),
        amount_cents=cents,
        previous_cents=0,
        new_cents=cents + 1500 * visits,
        paid_cents=1500 * visits,
        other_cents=0,
        balance_cents=cents,
        aging=Aging((cents, 0, 0, 0, 0)),
        patients=(BilledPatient(1, "Jane Doe", (*owed, pending(visits))),),
        payments=(PaidItem(date(2026, 3, 2), "Check 1042", 1500 * visits),),
        message=filled(MESSAGES[0], due="04/23/2026"),
    )
    return replace(own, **changes)


def letter(**changes: Any) -> LetterContent:
    """A letter before collections."""
    own = LetterContent(
        sender=SENDER,
        guarantor_id=1,
        guarantor="Jane Q Doe",
        address=HOME,
        account_no="10001",
        on=DAY,
        due_on=DAY + timedelta(days=10),
        amount_cents=8500,
        paragraphs=("A first paragraph of some words. " * 6, "A second one. " * 12),
    )
    return replace(own, **changes)
