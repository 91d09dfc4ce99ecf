"""A good faith estimate on paper, with what the patient has to be told (45 CFR 149.610)."""

from __future__ import annotations

from app.domain.dates import format_date
from app.domain.money import format_cents
from app.domain.patient_papers import EstimateContent, EstimateItem
from app.printing.bill_frame import letterhead
from app.printing.paper_table import Column, Line, Paper, facts
from app.printing.sheets import LEFT_PT, RIGHT_PT, Page, pages_pdf
from app.printing.superbill import one_line

TITLE = "Good faith estimate"
_MIDDLE_PT = 312.0
_COLUMNS = (
    Column(LEFT_PT, "Code", 56),
    Column(LEFT_PT + 64, "Service or item", 330),
    Column(RIGHT_PT - 96, "Units", 40, right=True),
    Column(RIGHT_PT, "Expected charge", 80, right=True),
)
NOTICE = (
    "This estimate shows what the items and services that can reasonably be expected for your "
    "care are likely to cost. It is based on what is known today and is not a contract: you do "
    "not have to get these services, from us or from anybody named here.",
    "The estimate does not include costs that nobody could foresee. If something unexpected "
    "happens, or your care changes, the charge can be higher. Services that we may recommend "
    "later, and that have to be scheduled separately, are not part of it; you may ask for an "
    "estimate of those, too.",
    "If we bill you $400 or more above the total of this estimate, you may dispute the bill. You "
    "can ask us to bring the bill down to the estimate, to agree on another amount, or to tell "
    "you about financial help. You can also start a dispute with the U.S. Department of Health "
    "and Human Services (HHS). You must start it within 120 calendar days of the date on the "
    "first bill, and HHS charges a small fee. If its reviewer agrees with you, you pay the "
    "amount of this estimate; if not, the higher amount. Starting a dispute does not lower the "
    "quality of your care.",
    "To learn more, or for the form with which a dispute is started, go to "
    "www.cms.gov/nosurprises or call 1-800-985-3059. Keep this estimate; a copy of it may be "
    "needed for a dispute. You may ask us for another copy at any time.",
)


def estimate_pdf(content: EstimateContent) -> bytes:
    """The estimate as PDF; the same content gives the same bytes."""
    return pages_pdf(estimate_pages(content), TITLE)


def estimate_pages(content: EstimateContent) -> list[Page]:
    """Its pages; most have one."""
    page = Page()
    letterhead(page, content.sender, "Questions about this estimate?")
    page.right(RIGHT_PT, 48, TITLE, 15, bold=True)
    page.right(RIGHT_PT, 62, f"No. {content.number}", 9, gray=True)
    if content.revises is not None:
        words = f"Takes the place of estimate no. {content.revises}"
        page.right(RIGHT_PT, 75, words, 9, gray=True)
    down = max(
        facts(page, LEFT_PT, 140, _patient(content)), facts(page, _MIDDLE_PT, 140, _sides(content))
    )
    paper = Paper(page, down + 2, f"{content.sender.name} · estimate no. {content.number}")
    paper.heading(f"Expected charges of {content.provider}")
    paper.table(_COLUMNS, [*map(_line, content.items), _total(content)])
    paper.heading("Charges of others")
    paper.text(_others(content))
    paper.heading("What you should know")
    for words in NOTICE:
        paper.text(words)
        paper.gap(5)
    return paper.finished()


def _patient(content: EstimateContent) -> tuple[tuple[str, str], ...]:
    day = format_date(content.service_date) if content.service_date else "not yet scheduled"
    return (
        ("Patient", content.patient),
        ("Born", format_date(content.birth_date)),
        ("Address", one_line(content.address)),
        ("Service", content.service),
        ("Expected on", day),
        ("Diagnosis", ", ".join(content.diagnoses)),
        ("Date given", format_date(content.given_on)),
    )


def _sides(content: EstimateContent) -> tuple[tuple[str, str], ...]:
    return (
        ("Provider", content.provider),
        ("NPI", content.provider_npi),
        ("Tax ID", content.tax_id),
        ("Place", content.place),
        (" ", one_line(content.place_address)),
    )


def _line(item: EstimateItem) -> Line:
    return Line((item.code, item.words, item.units, format_cents(item.charge_cents)))


def _total(content: EstimateContent) -> Line:
    words = "Total expected charges"
    return Line(("", words, "", f"${format_cents(content.total_cents)}"), bold=True, ruled=True)


def _others(content: EstimateContent) -> str:
    if content.others:
        return (
            f"{content.others} These charges are not part of the total above; please ask each for "
            "an estimate of its own."
        )
    return "No charges of another provider or facility are expected for this service."
