"""A receipt for a payment: date, from whom, how, how much, where it went, what is left."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.dates import format_date
from app.domain.money import format_cents
from app.domain.patient_papers import ReceiptContent
from app.printing.bill_frame import SIDE_PT, letterhead
from app.printing.paper_table import Column, Line, Paper, facts
from app.printing.sheets import LEFT_PT, RIGHT_PT, Page, pages_pdf

TITLE = "Receipt"
_COLUMNS = (
    Column(LEFT_PT, "Service", 62),
    Column(LEFT_PT + 70, "For", 340),
    Column(RIGHT_PT, "Applied", 90, right=True),
)


def receipt_pdf(content: ReceiptContent) -> bytes:
    """The receipt as PDF; the same content gives the same bytes."""
    return pages_pdf(receipt_pages(content), TITLE)


def receipt_pages(content: ReceiptContent) -> list[Page]:
    """The pages of a receipt; most have one."""
    page = Page()
    letterhead(page, content.sender, "Questions about this payment?")
    page.right(RIGHT_PT, 48, TITLE, 15, bold=True)
    page.right(RIGHT_PT, 62, f"No. {content.number}", 9, gray=True)
    _amount(page, content)
    down = facts(
        page,
        LEFT_PT,
        140,
        (
            ("Received from", content.received_from),
            ("Received on", format_date(content.received_on)),
            ("Paid by", content.tender),
        ),
    )
    paper = Paper(page, down + 14, f"{content.sender.name} · receipt no. {content.number}")
    paper.table(_COLUMNS, list(_lines(content)))
    if content.balance_cents is not None:
        _balance(paper, content.balance_cents)
    paper.gap(10)
    paper.text("Thank you. Please keep this receipt for your records.", gray=True)
    return paper.finished()


def _amount(page: Page, content: ReceiptContent) -> None:
    width = RIGHT_PT - SIDE_PT
    page.shade(SIDE_PT, 74, width, 48)
    page.put(SIDE_PT + 10, 89, "Amount received", 10)
    words = f"${format_cents(content.amount_cents)}"
    page.right(RIGHT_PT - 10, 113, words, 22, bold=True, width_pt=width - 20)


def _lines(content: ReceiptContent) -> Iterator[Line]:
    patient = ""
    for line in content.lines:
        if line.patient != patient:
            patient = line.patient
            yield Line((patient,), title=True)
        yield Line((format_date(line.service_date), line.words, format_cents(line.cents)))
    applied = sum(line.cents for line in content.lines)
    if content.lines:
        yield Line(("", "Applied to services", format_cents(applied)), bold=True, ruled=True)
    if content.unapplied_cents:
        words = "Kept on the account for later services"
        yield Line(("", words, format_cents(content.unapplied_cents)), ruled=not content.lines)
    if content.fee_cents:
        words = "Kept by the agency as its fee"
        yield Line(("", words, format_cents(-content.fee_cents)))


def _balance(paper: Paper, cents: int) -> None:
    words = "Balance after this payment" if cents >= 0 else "Credit after this payment"
    paper.gap(4)
    paper.page.line(SIDE_PT, paper.down_pt - 10, RIGHT_PT, paper.down_pt - 10, 0.8)
    paper.page.put(SIDE_PT, paper.down_pt + 2, words, 9, bold=True)
    paper.page.right(RIGHT_PT, paper.down_pt + 2, f"${format_cents(abs(cents))}", 9, bold=True)
    paper.gap(14)
