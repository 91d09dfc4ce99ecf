"""Commands and results of statements. Amounts in cents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.account_standing import Aging
from app.domain.payment_plans import PlanState
from app.domain.statements import HoldKind, Reason, Step
from app.printing.sheets import Page


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One guarantor on the statements list.

    Attributes:
        step, reason, words: what is to be done, and the one reason why.
        number: the dunning number that a statement sent now would carry.
        firm: nothing may be sent, even by hand.
        amount_cents: what a bill asks for now; less than the balance under a payment plan.
        balance_cents, aging: what the patients owe that may be asked, and how old it is.
        not_asked_cents: what the patients owe on the books that may not be asked.
        credit_cents: credits of patients; ``unapplied_cents`` waits beside them.
        pending_cents: with insurers. ``collections_cents``: with the agency.
        last_sent_on, last_number, last_kind: the newest statement or letter that counts.
    """

    guarantor_id: int
    name: str
    step: Step
    reason: Reason
    words: str
    number: int
    firm: bool
    amount_cents: int
    balance_cents: int
    aging: Aging
    not_asked_cents: int = 0
    credit_cents: int = 0
    unapplied_cents: int = 0
    pending_cents: int = 0
    collections_cents: int = 0
    last_payment_on: date | None = None
    last_payment_cents: int | None = None
    last_sent_on: date | None = None
    last_number: int | None = None
    last_kind: str = ""
    hold_id: int | None = None
    plan_id: int | None = None
    plan: PlanState | None = None

    @property
    def due(self) -> bool:
        """True when a statement or the letter is to go out."""
        return self.step is not Step.NOTHING


@dataclass(frozen=True, slots=True)
class Worklist:
    """Everybody with an open line or waiting money, due ones and the others with the reason."""

    as_of: date
    rows: tuple[StatementRow, ...]

    @property
    def due(self) -> tuple[StatementRow, ...]:
        """To whom a statement goes."""
        return tuple(row for row in self.rows if row.step is Step.STATEMENT)

    @property
    def letters(self) -> tuple[StatementRow, ...]:
        """Who is due the letter before collections."""
        return tuple(row for row in self.rows if row.step is Step.LETTER)

    @property
    def not_due(self) -> tuple[StatementRow, ...]:
        """Who gets nothing now, each with the reason."""
        return tuple(row for row in self.rows if row.step is Step.NOTHING)

    @property
    def patients_cents(self) -> int:
        """Asked and not asked less credits: the patients' part of the receivable."""
        return sum(r.balance_cents + r.not_asked_cents - r.credit_cents for r in self.rows)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A guarantor of a batch to whom nothing was sent, and why."""

    guarantor_id: int
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class StatementBatch:
    """Statements frozen and kept, in the order given.

    Attributes:
        statement_ids: the statements.
        amount_cents: what they ask for together.
        pdf: all of them in one document; empty when only frozen (``StatementService.freeze``).
        drawn: their pages, for ``StatementService.pages_pdf``.
        left_out: who was named and got none.
    """

    statement_ids: tuple[int, ...]
    amount_cents: int
    pdf: bytes = b""
    drawn: tuple[Page, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class SentRow:
    """One statement or letter of a guarantor's history."""

    statement_id: int
    kind: str
    number: int
    printed_on: date
    due_on: date
    amount_cents: int
    balance_cents: int
    pages: int
    user: str
    voided_at: datetime | None = None
    voided_why: str = ""
    may_be_unsent: bool = False  # only the newest one that stands


@dataclass(frozen=True, slots=True)
class HoldAccount:
    """Stops statements for a guarantor, or for one visit when ``encounter_id`` names it."""

    guarantor_id: int
    kind: HoldKind
    note: str = ""
    encounter_id: int | None = None
    since: date | None = None  # None: today
    until: date | None = None  # the last day of it; None: until released


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A hold, standing or over."""

    hold_id: int
    kind: HoldKind
    note: str
    encounter_id: int | None
    since: date
    until: date | None
    stands: bool
    released_why: str = ""


@dataclass(frozen=True, slots=True)
class SavePlan:
    """A payment plan agreed with a guarantor; one that runs already is ended by it.

    ``started_on`` None: today, and receipts from then on count. ``first_due`` None: the next
    ``day_of_month`` after it.
    """

    guarantor_id: int
    total_cents: int
    installment_cents: int
    day_of_month: int
    started_on: date | None = None
    first_due: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A payment plan with how it stands; ``state`` None when it has ended."""

    plan_id: int
    total_cents: int
    installment_cents: int
    day_of_month: int
    started_on: date
    first_due: date
    note: str
    state: PlanState | None
    ended_on: date | None = None
    ended_why: str = ""


@dataclass(frozen=True, slots=True)
class StatementAccount:
    """One guarantor opened on the statements page."""

    row: StatementRow
    history: tuple[SentRow, ...]
    holds: tuple[HoldRow, ...]
    plans: tuple[PlanRow, ...]
    patient_ids: tuple[int, ...] = ()  # of the household, those with an open line first


@dataclass(frozen=True, slots=True)
class SentLately:
    """A statement or letter that went out in the last weeks (cents)."""

    statement_id: int
    guarantor_id: int
    name: str
    kind: str
    number: int
    printed_on: date
    due_on: date
    amount_cents: int
    taken_back: bool = False
