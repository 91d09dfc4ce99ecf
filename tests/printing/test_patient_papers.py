"""Receipt, itemized receipt, estimate: every figure is on the paper, whatever its length."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pdfplumber
import pytest
from pypdf import PdfReader

from app.domain.patient_papers import EstimateItem
from app.printing.estimate import estimate_pdf
from app.printing.receipt import receipt_pdf
from app.printing.superbill import superbill_pdf
from tests.printing.papers import estimate, receipt, service, superbill

PAPERS: dict[str, Callable[[], bytes]] = {
    "receipt": lambda: receipt_pdf(receipt()),
    "superbill": lambda: superbill_pdf(superbill()),
    "estimate": lambda: estimate_pdf(estimate()),
}


def words(pdf: bytes) -> str:
    with pdfplumber.open(BytesIO(pdf)) as opened:
        return "\n".join(page.extract_text() for page in opened.pages)


def pages(pdf: bytes) -> int:
    return len(PdfReader(BytesIO(pdf)).pages)


@pytest.mark.parametrize("name", PAPERS)
def test_the_same_content_gives_the_same_bytes_and_names_nobody(name: str) -> None:
    pdf = PAPERS[name]()
    assert pdf == PAPERS[name]()
    about = PdfReader(BytesIO(pdf)).metadata
    assert about is not None
    assert "Lindqvist" not in "".join(str(value) for value in about.values())


@pytest.mark.parametrize("name", PAPERS)
def test_everything_stands_within_the_margins(name: str) -> None:
    with pdfplumber.open(BytesIO(PAPERS[name]())) as opened:
        for page in opened.pages:
            for char in page.chars:
                assert char["x0"] >= 35
                assert char["x1"] <= 577
                assert 25 <= char["top"] <= char["bottom"] <= 770


def test_a_receipt_says_where_every_cent_went() -> None:
    text = words(PAPERS["receipt"]())
    for part in ("$210.50", "Check 2207", "Okafor-Lindqvist", "No. 118", "Théo", "04/02/2026"):
        assert part in text
    for part in ("125.00", "15.50", "60.00", "200.50", "10.00", "$42.75"):
        assert part in text


def test_a_receipt_tells_a_credit_and_an_agencys_fee() -> None:
    text = words(receipt_pdf(receipt(balance_cents=-500, fee_cents=300)))
    assert "Credit after this payment $5.00" in text
    assert "-3.00" in text
    assert "after this payment" not in words(receipt_pdf(receipt(balance_cents=None)))


def test_a_receipt_for_waiting_money_only() -> None:
    text = words(receipt_pdf(receipt(lines=(), unapplied_cents=21050)))
    assert "Kept on the account for later services 210.50" in text
    assert "Applied to services" not in text


def test_an_itemized_receipt_holds_what_a_plan_asks_for() -> None:
    text = words(PAPERS["superbill"]())
    for part in (
        *("Lindqvist, Ada", "07/19/1984", "VMC 884 20 1177", "G-2210", "Imani Cole, MD"),
        *("1679576722", "1245319599", "54-1234567", "M17.11", "E11.9", "99213", "AB"),
        *("145.00", "290.00", "250.00", "PAID IN FULL", "Signature", "(540) 555-0140"),
    ):
        assert part in text


def test_nothing_is_said_to_be_paid_in_full_while_something_is_owed() -> None:
    owed = superbill(lines=(service(patient_cents=12400),))
    assert (owed.balance_cents, owed.paid_in_full) == (100, False)
    assert "PAID IN FULL" not in words(superbill_pdf(owed))
    nothing = superbill(lines=(service(patient_cents=0, adjusted_cents=14500),))
    assert not nothing.paid_in_full  # forgiven is not paid


def test_long_papers_go_on_with_their_heads_again() -> None:
    long = superbill(lines=tuple(service(n % 3) for n in range(80)))
    pdf = superbill_pdf(long)
    assert pages(pdf) > 1
    text = words(pdf)
    assert text.count("Charge") >= pages(pdf)
    assert "Page 1 of" in text
    many = replace(estimate(), items=(EstimateItem("99213", "Visit", "1", 100),) * 70)
    assert "70.00" in words(estimate_pdf(many))


def test_an_estimate_says_what_the_law_wants_said() -> None:
    text = words(PAPERS["estimate"]()).replace("\n", " ")
    for part in (
        *("Lindqvist, Ada", "07/19/1984", "04/23/2026", "D22.5", "99204", "11402"),
        *("$595.00", "54-1234567", "1679576722", "Salem, VA", "not a contract", "$400 or more"),
        *("120 calendar days", "dispute", "www.cms.gov/nosurprises", "pathology laboratory"),
    ):
        assert part in text
    assert "No charges of another provider" in words(estimate_pdf(estimate(others="")))
    assert "estimate no. 30" in words(estimate_pdf(estimate(revises=30)))
