"""Invented receipts, itemized receipts and estimates for tests of the printing floor."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from app.domain.claim_form import Address
from app.domain.patient_papers import (
    EstimateContent,
    EstimateItem,
    ReceiptContent,
    ReceiptLine,
    SuperbillContent,
    SuperbillLine,
)
from tests.printing.bills import HOME, SENDER

DAY = date(2026, 4, 2)
OFFICE = Address("40 Main St", "Suite 2", "Salem", "VA", "24153-0040")


def receipt(**changes: Any) -> ReceiptContent:
    """A family's check on two patients' visits, a part of it unapplied."""
    own = ReceiptContent(
        sender=SENDER,
        number=118,
        received_on=DAY,
        received_from="Miriam Okafor-Lindqvist",
        tender="Check 2207",
        amount_cents=21050,
        fee_cents=0,
        lines=(
            ReceiptLine("Lindqvist, Ada", DAY - timedelta(days=31), "99214 25 Office visit", 12500),
            ReceiptLine("Lindqvist, Ada", DAY - timedelta(days=31), "81002 Urine test", 1550),
            ReceiptLine("Lindqvist, Théo", DAY - timedelta(days=9), "99393 Well child visit", 6000),
        ),
        unapplied_cents=1000,
        balance_cents=4275,
    )
    return replace(own, **changes)


def service(number: int = 0, **changes: Any) -> SuperbillLine:
    """A service of which 20.00 is adjusted and the rest paid by the patient."""
    own = SuperbillLine(
        service_date=DAY,
        place_of_service="11",
        code=f"{99213 + number}",
        modifiers="25",
        units="1",
        pointers="AB",
        words="Office visit, established patient",
        fee_cents=14500,
        adjusted_cents=2000,
        insurer_cents=0,
        patient_cents=12500,
    )
    return replace(own, **changes)


def superbill(**changes: Any) -> SuperbillContent:
    """Two services, paid in full."""
    own = SuperbillContent(
        sender=SENDER,
        tax_id="54-1234567",
        group_npi="1245319599",
        on=DAY + timedelta(days=3),
        patient="Lindqvist, Ada",
        birth_date=date(1984, 7, 19),
        address=HOME,
        account_no="10042",
        plan="Valley Mutual Choice Plus",
        member_id="VMC 884 20 1177",
        group_number="G-2210",
        insured="",
        provider="Imani Cole, MD",
        provider_npi="1679576722",
        taxonomy="207Q00000X",
        place="Larkfield Family Practice",
        place_address=OFFICE,
        diagnoses=(("A", "M17.11", ""), ("B", "E11.9", "")),
        lines=(service(), service(1, words="Urine test", modifiers="", pointers="B")),
    )
    return replace(own, **changes)


def estimate(**changes: Any) -> EstimateContent:
    """A first visit with a procedure, a laboratory expected besides."""
    own = EstimateContent(
        sender=SENDER,
        tax_id="54-1234567",
        number=31,
        revises=None,
        given_on=DAY,
        patient="Lindqvist, Ada",
        birth_date=date(1984, 7, 19),
        address=HOME,
        service="Removal of a skin lesion with an office visit",
        service_date=DAY + timedelta(days=21),
        diagnoses=("D22.5",),
        provider="Imani Cole, MD",
        provider_npi="1679576722",
        place="Larkfield Family Practice",
        place_address=OFFICE,
        items=(
            EstimateItem("99204", "Office visit, new patient", "1", 21000),
            EstimateItem("11402", "Removal of a benign skin lesion, trunk", "1", 38500),
        ),
        others="A pathology laboratory will examine what is removed and send its own bill.",
    )
    return replace(own, **changes)
