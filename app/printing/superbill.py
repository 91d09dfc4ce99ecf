"""The itemized receipt a patient sends to his own plan; every figure is the ledger's."""

from __future__ import annotations

from app.domain.claim_form import Address
from app.domain.dates import format_date
from app.domain.money import format_cents
from app.domain.patient_papers import SuperbillContent, SuperbillLine
from app.printing.bill_frame import letterhead
from app.printing.paper_table import Column, Line, Paper, facts
from app.printing.sheets import LEFT_PT, RIGHT_PT, Page, pages_pdf

TITLE = "Itemized receipt"
_MIDDLE_PT = 312.0
_COLUMNS = (
    Column(LEFT_PT, "Date", 54),
    Column(96, "POS", 20),
    Column(120, "Code", 40),
    Column(162, "Mod.", 44),
    Column(210, "Service", 104),
    Column(318, "Dx", 26),
    Column(370, "Units", 28, right=True),
    Column(422, "Charge", 50, right=True),
    Column(474, "Adjusted", 50, right=True),
    Column(526, "Paid", 50, right=True),
    Column(RIGHT_PT, "Owed", 48, right=True),
)


def superbill_pdf(content: SuperbillContent) -> bytes:
    """The itemized receipt as PDF; the same content gives the same bytes."""
    return pages_pdf(superbill_pages(content), TITLE)


def superbill_pages(content: SuperbillContent) -> list[Page]:
    """Its pages; most have one."""
    page = Page()
    letterhead(page, content.sender, "Questions about this receipt?")
    page.right(RIGHT_PT, 48, TITLE, 15, bold=True)
    words = "Statement for reimbursement (superbill)"
    page.right(RIGHT_PT, 62, words, 9, gray=True)
    page.right(RIGHT_PT, 75, f"Printed {format_date(content.on)}", 9, gray=True)
    down = max(
        facts(page, LEFT_PT, 140, _patient(content)), facts(page, _MIDDLE_PT, 140, _sides(content))
    )
    paper = Paper(page, down + 2, f"{content.sender.name} · itemized receipt")
    if content.diagnoses:
        paper.heading("Diagnoses (ICD-10-CM)")
        for letter, code, words in content.diagnoses:
            paper.text(f"{letter}   {code}   {words}".rstrip())
    paper.heading("Services")
    paper.table(_COLUMNS, [*map(_line, content.lines), _totals(content)])
    _closing(paper, content)
    return paper.finished()


def one_line(address: Address) -> str:
    """An address in one line."""
    code = address.zip
    if len(code) == 9 and code.isdigit():
        code = f"{code[:5]}-{code[5:]}"
    parts = (address.line1, address.line2, address.city, f"{address.state} {code}".strip())
    return ", ".join(part for part in parts if part)


def _patient(content: SuperbillContent) -> tuple[tuple[str, str], ...]:
    return (
        ("Patient", content.patient),
        ("Born", format_date(content.birth_date)),
        ("Address", one_line(content.address)),
        ("Account", content.account_no),
        ("Plan", content.plan),
        ("Member ID", content.member_id),
        ("Group", content.group_number),
        ("Insured", content.insured),
    )


def _sides(content: SuperbillContent) -> tuple[tuple[str, str], ...]:
    return (
        ("Provider", content.provider),
        ("Provider NPI", content.provider_npi),
        ("Taxonomy", content.taxonomy),
        ("Practice NPI", content.group_npi),
        ("Tax ID", content.tax_id),
        ("Seen at", content.place),
        ("", one_line(content.place_address)),
    )


def _line(line: SuperbillLine) -> Line:
    return Line(
        (
            format_date(line.service_date),
            line.place_of_service,
            line.code,
            line.modifiers,
            line.words,
            line.pointers,
            line.units,
            format_cents(line.fee_cents),
            format_cents(line.adjusted_cents),
            format_cents(line.insurer_cents + line.patient_cents),
            format_cents(line.balance_cents),
        )
    )


def _totals(content: SuperbillContent) -> Line:
    lines = content.lines
    cells = (
        "Total",
        *("",) * 6,
        format_cents(sum(line.fee_cents for line in lines)),
        format_cents(sum(line.adjusted_cents for line in lines)),
        format_cents(content.paid_cents),
        format_cents(content.balance_cents),
    )
    return Line(cells, bold=True, ruled=True)


def _closing(paper: Paper, content: SuperbillContent) -> None:
    patient = sum(line.patient_cents for line in content.lines)
    paper.gap(8)
    paper.room(150)
    page = paper.page
    page.put(LEFT_PT, paper.down_pt, "Paid by the patient", 9)
    page.right(LEFT_PT + 190, paper.down_pt, f"${format_cents(patient)}", 9, bold=True)
    if content.paid_in_full:
        page.shade(_MIDDLE_PT, paper.down_pt - 15, RIGHT_PT - _MIDDLE_PT, 24)
        page.put(_MIDDLE_PT + 10, paper.down_pt + 1, "PAID IN FULL", 12, bold=True)
    paper.gap(44)
    page.line(LEFT_PT, paper.down_pt, 300, paper.down_pt, 0.6)
    page.line(_MIDDLE_PT + 20, paper.down_pt, RIGHT_PT, paper.down_pt, 0.6)
    page.put(LEFT_PT, paper.down_pt + 11, f"Signature of {content.provider}", 8, gray=True)
    page.put(_MIDDLE_PT + 20, paper.down_pt + 11, "Date", 8, gray=True)
    paper.gap(34)
    paper.text(
        "For the patient's own plan. The practice has not billed it unless insurance payments are "
        "shown above; please pay the insured.",
        8.5,
        gray=True,
    )
