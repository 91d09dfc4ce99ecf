"""What one asks of a report, and what there is to ask for. Dates are accounting dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.findings import Finding


@dataclass(frozen=True, slots=True)
class ReportParameters:
    """Which part of the books a report shows; each report takes the ones its entry names.

    Attributes:
        start, end: first and last day; from the first of this month to today when None.
        as_of: the day a balance is shown for; today when None.
        by: what rows or groups are made of; the report's first choice when empty.
        dates: which date a report goes by, where there is a choice; the first when empty.
        detail: single visits or patients instead of sums, where there is a choice.
        payer_id, provider_id: only these.
        payment_id: the check of the batch proof.
        older_than: days after which an uncoded visit is listed as unbilled.
    """

    start: date | None = None
    end: date | None = None
    as_of: date | None = None
    by: str = ""
    dates: str = ""
    detail: bool = False
    payer_id: int | None = None
    provider_id: int | None = None
    payment_id: int | None = None
    older_than: int = 3


@dataclass(frozen=True, slots=True)
class ReportInfo:
    """An entry of the catalog.

    Attributes:
        answers: the question it answers, in the biller's words.
        takes: names of the parameters it reads.
        by: choices for ``by``, the usual one first. ``dates``: choices for ``dates``.
        patients: True when patients are named on it.
    """

    key: str
    title: str
    answers: str
    takes: tuple[str, ...]
    by: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    patients: bool = False


@dataclass(frozen=True, slots=True)
class MonthToClose:
    """What stands in the way of closing a month (errors), and what one should look at first."""

    month: date
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    """A closed month (cents); its report is reprinted as it was."""

    month: date
    closed_on: date
    closed_by: str
    beginning_cents: int
    charges_cents: int
    payments_cents: int
    adjustments_cents: int
    refunds_cents: int
    ending_cents: int


@dataclass(frozen=True, slots=True)
class WaitingMoney:
    """A closed paper check or cash receipt that is not yet on a deposit slip (cents)."""

    payment_id: int
    received_on: date
    who: str
    number: str
    method: str
    amount_cents: int
    kind: str = ""  # insurer or patient
    patient_id: int | None = None


@dataclass(frozen=True, slots=True)
class DepositRow:
    """A deposit slip (cents). ``returned_cents``: what the bank has sent back since."""

    deposit_id: int
    deposited_on: date
    bank: str
    count: int
    total_cents: int
    returned_cents: int
    voided_why: str = ""
