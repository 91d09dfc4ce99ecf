"""Five hundred statements from their content to one PDF, against reportlab drawing the same."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from app.printing.sheets import Page, pages_pdf
from app.printing.statement import statement_pages
from benchmarks.measure import BenchResult, interleave
from tests.printing.bills import bill

STATEMENTS = 500
PAIRS = 7
TARGET = 2.0


def run() -> BenchResult:
    """Statements of three visits for different guarantors; the floor draws string by string."""
    bills = [
        replace(bill(3), guarantor=f"Jane {n} Doe", account_no=str(10_000 + n))
        for n in range(STATEMENTS)
    ]
    pages = [page for content in bills for page in statement_pages(content)]

    def app() -> bytes:
        return pages_pdf(
            [page for content in bills for page in statement_pages(content)], "Statement"
        )

    return BenchResult("500 statements as PDF", interleave(app, lambda: bare(pages), PAIRS), TARGET)


def bare(pages: list[Page]) -> bytes:
    """The floor: the same strings at the same places, one by one."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=(612, 792), invariant=1, pageCompression=1)
    for page in pages:
        for text in page.texts:
            canvas.setFont(text.face, text.size_pt)
            canvas.drawString(text.x_pt, 792 - text.down_pt, text.text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


if __name__ == "__main__":
    print(run())
