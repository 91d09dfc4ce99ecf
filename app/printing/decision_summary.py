"""What earlier payers decided, on one plain page that goes with a later payer's claim.

A later payer wants the earlier remittance. The page holds its figures line by line, with totals
that foot: billed = paid + deductible + coinsurance + copay + other adjustments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.claim_form import Address, ClaimForm, PersonName
from app.domain.dates import format_date, format_short
from app.domain.money import format_cents
from app.printing.plain_pages import (
    MARGIN_PT,
    RIGHT_PT,
    Cell,
    Document,
    Row,
    plain_pdf,
    wrapped,
)

TITLE = "Earlier payers' decisions"
# Below this a row's text would be under 6 points: then a second page reads better.
_SMALLEST = 0.67
_CODE_X, _REASON_X = 82.0, 460.0
_SMALL_PT = 8.0
_HEADS = (
    ("Billed", 188.0),
    ("Allowed", 232.0),
    ("Paid", 276.0),
    ("Deductible", 320.0),
    ("Coinsur.", 364.0),
    ("Copay", 408.0),
    ("Other adj.", 452.0),
)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An amount with its group and reason code, ``CO-45`` (cents)."""

    code: str
    cents: int


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """One service line as a payer decided it (cents); ``allowed`` None where it did not say."""

    service_date: date
    code: str  # procedure and modifiers
    billed: int
    allowed: int | None
    paid: int
    deductible: int = 0
    coinsurance: int = 0
    copay: int = 0
    other: tuple[Adjustment, ...] = ()

    @property
    def other_cents(self) -> int:
        """Everything in no column of its own."""
        return sum(a.cents for a in self.other)

    @property
    def difference(self) -> int:
        """Billed less all that was decided: 0 when the line foots."""
        shares = self.deductible + self.coinsurance + self.copay
        return self.billed - self.paid - shares - self.other_cents


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """One remittance of an earlier payer on this claim's lines. ``missing``: lines not on it."""

    payer: str
    remitted_on: date
    check_number: str
    claim_number: str
    payer_claim_number: str
    lines: tuple[DecidedLine, ...]
    missing: tuple[str, ...] = ()
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class DecisionSummary:
    """The claim that goes out, what earlier payers decided, and what their codes mean."""

    form: ClaimForm
    decisions: tuple[EarlierDecision, ...]
    wordings: tuple[tuple[str, str], ...] = ()


def summary_pdf(summaries: Sequence[DecisionSummary]) -> bytes:
    """A page for each summary, in the given order; more than one only where 60 lines stand."""
    return plain_pdf([_document(summary) for summary in summaries], TITLE)


def _document(summary: DecisionSummary) -> Document:
    rows = [*_head(summary.form)]
    for decision in summary.decisions:
        rows += _decision(decision)
    rows += _paid_in_all(summary.decisions)
    rows += _meanings(summary.wordings)
    return Document(tuple(rows), footer=_prepared_from(summary.decisions), smallest=_SMALLEST)


def _head(form: ClaimForm) -> Iterator[Row]:
    billing, patient = form.billing, form.patient
    yield Row((Cell(MARGIN_PT, TITLE, bold=True, size_pt=14),), 18)
    place = ", ".join(filter(None, (billing.name, *_address(billing.address), billing.phone)))
    yield Row((Cell(MARGIN_PT, place, width_pt=RIGHT_PT - MARGIN_PT),))
    yield Row((Cell(MARGIN_PT, f"NPI {billing.npi}    Tax ID {billing.tax_id}"),))
    pairs = (
        ("Patient", _name(patient.name), "Claim to", form.payer.name),
        ("Born", format_date(patient.birth_date), "Member ID", form.policy.member_id),
        ("Account", patient.account_no, "Claim number", form.claim_number),
    )
    for number, (left, value, right, other) in enumerate(pairs):
        cells = (
            Cell(MARGIN_PT, left, size_pt=_SMALL_PT),
            Cell(_CODE_X, value, bold=True, width_pt=200),
            Cell(300, right, size_pt=_SMALL_PT),
            Cell(362, other, bold=True, width_pt=RIGHT_PT - 362),
        )
        yield Row(cells, 22 if number == 0 else 13)


def _decision(decision: EarlierDecision) -> Iterator[Row]:
    yield Row((Cell(MARGIN_PT, decision.payer, bold=True, size_pt=11),), 28)
    facts = [f"Remittance dated {format_date(decision.remitted_on)}"]
    if decision.check_number:
        facts.append(f"check {decision.check_number}")
    if decision.payer_claim_number:
        facts.append(f"payer's claim number {decision.payer_claim_number}")
    facts.append(f"our claim {decision.claim_number}")
    yield Row((Cell(MARGIN_PT, ", ".join(facts), width_pt=RIGHT_PT - MARGIN_PT),), 13)
    heads = [
        Cell(MARGIN_PT, "Service", size_pt=_SMALL_PT),
        Cell(_CODE_X, "Code", size_pt=_SMALL_PT),
    ]
    heads += [Cell(x, word, right=True, size_pt=_SMALL_PT) for word, x in _HEADS]
    yield Row((*heads, Cell(_REASON_X, "Other adjustments", size_pt=_SMALL_PT)), 16)
    for number, line in enumerate(decision.lines):
        yield from _line(line, 0.8 if number == 0 else 0)
    yield _total(decision.lines)
    if decision.missing:
        words = f"Not on this remittance: {', '.join(decision.missing)}."
        yield Row((Cell(MARGIN_PT, words, width_pt=RIGHT_PT - MARGIN_PT),))
    if decision.remarks:
        yield Row((Cell(MARGIN_PT, f"Remark codes: {decision.remarks}"),))


def _line(line: DecidedLine, rule: float) -> Iterator[Row]:
    pieces = [f"{a.code} {format_cents(a.cents)}" for a in line.other]
    if len(pieces) == 1:  # its amount stands in the column beside it
        pieces = [line.other[0].code]
    first, *more = wrapped(pieces, RIGHT_PT - _REASON_X, _SMALL_PT) or [""]
    allowed = "" if line.allowed is None else format_cents(line.allowed)
    amounts = (line.paid, line.deductible, line.coinsurance, line.copay, line.other_cents)
    texts = (format_cents(line.billed), allowed, *map(format_cents, amounts))
    cells = [
        Cell(MARGIN_PT, format_short(line.service_date)),
        Cell(_CODE_X, line.code, width_pt=64),
        *_figures(texts),
        _reason(first),
    ]
    yield Row(tuple(cells), rule_pt=rule)
    for words in more:
        yield Row((_reason(words),), 10)


def _total(lines: Sequence[DecidedLine]) -> Row:
    allowed = [line.allowed for line in lines]
    known = [cents for cents in allowed if cents is not None]
    texts = (
        format_cents(sum(line.billed for line in lines)),
        format_cents(sum(known)) if len(known) == len(allowed) else "",
        format_cents(sum(line.paid for line in lines)),
        format_cents(sum(line.deductible for line in lines)),
        format_cents(sum(line.coinsurance for line in lines)),
        format_cents(sum(line.copay for line in lines)),
        format_cents(sum(line.other_cents for line in lines)),
    )
    return Row((Cell(MARGIN_PT, "Total", bold=True), *_figures(texts, bold=True)), 14, 0.8)


def _figures(texts: Sequence[str], *, bold: bool = False) -> list[Cell]:
    return [
        Cell(x, text, right=True, bold=bold, width_pt=40)
        for text, (_, x) in zip(texts, _HEADS, strict=True)
    ]


def _reason(words: str) -> Cell:
    return Cell(_REASON_X, words, size_pt=_SMALL_PT, width_pt=RIGHT_PT - _REASON_X)


def _paid_in_all(decisions: Sequence[EarlierDecision]) -> Iterator[Row]:
    if len(decisions) > 1:
        paid = sum(line.paid for decision in decisions for line in decision.lines)
        words = f"Paid by earlier payers in all: {format_cents(paid)}"
        yield Row((Cell(MARGIN_PT, words, bold=True),), 28)


def _meanings(wordings: Sequence[tuple[str, str]]) -> Iterator[Row]:
    if wordings:
        yield Row((Cell(MARGIN_PT, "What the codes mean", bold=True),), 28)
    for code, words in wordings:
        room = RIGHT_PT - _CODE_X
        cells = (
            Cell(MARGIN_PT, code, size_pt=_SMALL_PT),
            Cell(_CODE_X, words, size_pt=_SMALL_PT, width_pt=room),
        )
        yield Row(cells, 11)


def _prepared_from(decisions: Sequence[EarlierDecision]) -> str:
    days = list(dict.fromkeys(format_date(d.remitted_on) for d in decisions))
    if len(days) == 1:
        return f"Prepared from the remittance dated {days[0]}; amounts as the payer stated them."
    dated = f"{', '.join(days[:-1])} and {days[-1]}" if days else ""
    return f"Prepared from the remittances dated {dated}; amounts as the payers stated them."


def _address(address: Address) -> tuple[str, ...]:
    place = " ".join(filter(None, (address.city, address.state, address.zip)))
    return (address.line1, address.line2, place)


def _name(name: PersonName) -> str:
    last = " ".join(filter(None, (name.last, name.suffix)))
    return f"{last}, {' '.join(filter(None, (name.first, name.middle)))}"
