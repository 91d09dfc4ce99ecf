"""A hundred claims from ClaimForm to PDF, against reportlab drawing the same strings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from app.domain.claim_form import (
    Address,
    BillingProvider,
    ClaimForm,
    ClaimLine,
    ClaimPatient,
    ClaimPayer,
    ClaimPolicy,
    PayerType,
    PersonName,
    PrintRules,
    Relationship,
    RenderingProvider,
)
from app.domain.money import Cents
from app.printing.claim_pages import lay_out
from app.printing.operations import data_operations
from app.printing.pdf import claims_pdf
from benchmarks.measure import BenchResult, interleave

CLAIMS = 100
PAIRS = 15
TARGET = 1.5


def run() -> BenchResult:
    """Data-only PDF of 100 different claims of six lines; the floor draws string by string."""
    forms = [sample_claim(n) for n in range(CLAIMS)]
    pages = [
        [(run.x_pt, run.y_pt, run.text) for run in data_operations(sheet)]
        for form in forms
        for sheet in lay_out(form).sheets
    ]

    def app() -> bytes:
        return claims_pdf([lay_out(form) for form in forms], whole_form=False)

    def floor() -> bytes:
        return bare(pages)

    return BenchResult("100 claims as PDF", interleave(app, floor, PAIRS), TARGET)


def bare(pages: list[list[tuple[float, float, str]]]) -> bytes:
    """The floor: a page for each list of strings, drawn one by one."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=(612, 792), invariant=1, pageCompression=1)
    for page in pages:
        canvas.setFont("Courier", 12)
        for x, y, text in page:
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def sample_claim(number: int) -> ClaimForm:
    """An invented claim of six lines, a little different for every number."""
    person = PersonName(f"Sample{chr(65 + number % 26)}", f"Pat{number}".rstrip("0123456789"), "Q")
    address = Address(f"{100 + number} Meadow Ln.", "Apt. 4", "Springfield", "IL", "62704")
    day = date(2026, 3, 1 + number % 28)
    line = ClaimLine(
        1, day, day, "11", "99213", Cents(10000 + number), modifiers=("25",), pointers=("A", "B")
    )
    return ClaimForm(
        claim_number=str(number),
        signed_on=date(2026, 4, 1),
        payer=ClaimPayer("Sample Health Plan", PayerType.GROUP, address),
        rules=PrintRules(),
        policy=ClaimPolicy(
            1, "Sample Health Plan", PayerType.GROUP, Relationship.SELF, f"SHP-{number:06d}"
        ),
        patient=ClaimPatient(
            person, date(1970, 1, 1), "F", address, "217-555-0100", f"A{number:05d}", day
        ),
        billing=BillingProvider(
            "Sample Practice", address, "217-555-0101", "1234567893", "12-3456789", "EIN"
        ),
        rendering=RenderingProvider(PersonName("Doe", "Jan"), "1111111112"),
        lines=tuple(replace(line, line_id=n) for n in range(1, 7)),
        diagnoses=("J06.9", "I10", "E11.9", "M54.50"),
    )  # fmt: skip


if __name__ == "__main__":
    print(run())
