"""How a guarantor's account stands: what the patients owe, what of it may be asked, how old it is.

Amounts in cents. Aging goes by line, from the day the responsibility passed to the patient
(billing rules §6), never first-in-first-out across lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.claim_form import PayerType
from app.domain.posting_policy import MEDICAID_PATIENT_CARCS, NEVER_PATIENT_CARCS

AGE_EDGES = (30, 60, 90, 120)  # the last day of each cell; older ones follow
AGE_TITLES = ("0–30 days", "31–60 days", "61–90 days", "91–120 days", "Over 120 days")
_COMP = frozenset({PayerType.WORKERS_COMP, PayerType.FECA})
_CAPITATION_CARC = "24"


class NotAsked(StrEnum):
    """Why the patient's part of a line is not asked for."""

    VISIT_HOLD = "visit_hold"
    DECEASED = "deceased"
    QMB = "qmb"
    MEDICAID = "medicaid"
    WORKERS_COMP = "workers_comp"
    CAPITATION = "capitation"


NOT_ASKED_WORDS = {
    NotAsked.VISIT_HOLD: "The visit is on hold",
    NotAsked.DECEASED: "The patient has died: bill the estate",
    NotAsked.QMB: "QMB: cost share may never be asked",
    NotAsked.MEDICAID: "Medicaid: only a state copay or share of cost may be asked",
    NotAsked.WORKERS_COMP: "Workers' compensation: the patient is never billed",
    NotAsked.CAPITATION: "Covered by the plan's capitation",
}


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A charge line on which anybody owes, or has a credit (cents).

    Attributes:
        patient_cents: the PATIENT bucket; negative is the patient's credit.
        insurer_cents: what payers still owe on it.
        passed_on: day the responsibility passed to the patient.
        payer_types: kinds of all payers in the encounter's order.
        carc_cents: the patient's part by the reason codes that passed it, net of reversals.
        visit_held: the biller put this visit on hold.
    """

    line_id: int
    encounter_id: int
    patient_id: int
    patient_cents: int
    passed_on: date
    insurer_cents: int = 0
    collections_cents: int = 0
    qmb: bool = False
    deceased: bool = False
    visit_held: bool = False
    payer_types: frozenset[PayerType] = frozenset()
    carc_cents: tuple[tuple[str, int], ...] = ()


def not_asked(line: OpenLine) -> NotAsked | None:
    """The reason why this line may not be asked of the patient, most final first."""
    carcs = {carc for carc, cents in line.carc_cents if cents > 0}
    rules = (
        (line.deceased, NotAsked.DECEASED),
        (line.qmb or bool(carcs & NEVER_PATIENT_CARCS), NotAsked.QMB),
        (bool(line.payer_types & _COMP), NotAsked.WORKERS_COMP),
        (_medicaid_share(line), NotAsked.MEDICAID),
        (_CAPITATION_CARC in carcs, NotAsked.CAPITATION),
        (line.visit_held, NotAsked.VISIT_HOLD),
    )
    return next((reason for applies, reason in rules if applies), None)


def _medicaid_share(line: OpenLine) -> bool:
    """Medicaid is on the visit, and more than its copay or share of cost stands with the patient.

    A copay that was taken at the visit carries no code; it nets to nothing once it is paid.
    """
    if PayerType.MEDICAID not in line.payer_types:
        return False
    allowed = sum(c for carc, c in line.carc_cents if carc in MEDICAID_PATIENT_CARCS)
    return line.patient_cents > max(allowed, 0)


@dataclass(frozen=True, slots=True)
class Aging:
    """Cells of 0-30, 31-60, 61-90, 91-120 days and older, and credits apart (cents, ≤ 0)."""

    cells: tuple[int, int, int, int, int]
    credit: int = 0

    @property
    def total(self) -> int:
        """All cells less the credits."""
        return sum(self.cells) + self.credit


def aging_of(lines: Iterable[OpenLine], today: date) -> Aging:
    """Ages what the patient owes, each line by its own day."""
    cells, credit = [0] * (len(AGE_EDGES) + 1), 0
    for line in lines:
        if line.patient_cents < 0:
            credit += line.patient_cents
        else:
            days = (today - line.passed_on).days
            cells[sum(days > edge for edge in AGE_EDGES)] += line.patient_cents
    return Aging((cells[0], cells[1], cells[2], cells[3], cells[4]), credit)


@dataclass(frozen=True, slots=True)
class Standing:
    """An account sorted into what is asked and what is not (cents).

    Attributes:
        asked: the lines of the statement; their PATIENT buckets sum to ``balance_cents``.
        aging: those lines by age.
        credit_cents: patients' credits that reduce no asked amount (≥ 0), less what those patients
            owe themselves: a credit of one patient never pays another's debt (§3.4.15), nor does
            one that awaits a payer's decision. Asked and barred less this is all PATIENT buckets.
        pending_cents: what payers still owe.
        barred: what is not asked, and why.
    """

    asked: tuple[OpenLine, ...]
    aging: Aging
    credit_cents: int
    pending_cents: int
    collections_cents: int
    barred: tuple[tuple[NotAsked, int], ...]

    @property
    def balance_cents(self) -> int:
        """Everything that may be asked for."""
        return self.aging.total


def standing_of(lines: Sequence[OpenLine], today: date) -> Standing:
    """Sorts an account's lines. A patient whose credits outweigh the debts is not asked at all."""
    barred: dict[NotAsked, int] = {}
    by_patient: dict[int, list[OpenLine]] = {}
    for line in lines:
        reason = not_asked(line) if line.patient_cents > 0 else None
        if reason is not None:
            barred[reason] = barred.get(reason, 0) + line.patient_cents
        elif line.patient_cents > 0 or (line.patient_cents < 0 and line.insurer_cents <= 0):
            by_patient.setdefault(line.patient_id, []).append(line)
    asked = [
        line
        for of_patient in by_patient.values()
        if sum(line.patient_cents for line in of_patient) > 0
        for line in of_patient
    ]
    aging = aging_of(asked, today)
    everything = sum(line.patient_cents for line in lines)
    return Standing(
        asked=tuple(asked),
        aging=aging,
        credit_cents=aging.total + sum(barred.values()) - everything,
        pending_cents=sum(max(line.insurer_cents, 0) for line in lines),
        collections_cents=sum(line.collections_cents for line in lines),
        barred=tuple(barred.items()),
    )
