"""Commands and rows of follow-up. Amounts in cents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.services.claim_commands import ClaimStep


@dataclass(frozen=True, slots=True)
class Denied:
    """One reason that a payer gave, with our own wording, and what hangs on it (cents)."""

    group: str
    carc: str
    rarc: str
    cents: int
    words: str

    @property
    def code(self) -> str:
        """``CO-16``, with the remark code where one was given."""
        return f"{self.group}-{self.carc}" + (f" {self.rarc}" if self.rarc else "")


@dataclass(frozen=True, slots=True)
class OpenRow:
    """What one payer owes on one encounter: a claim that is out, or none yet (cents).

    Attributes:
        claim_id, number, status: the newest claim over these lines; None and empty without one.
        sent_on: day it went out. ``days_out``: days since.
        follow_up_on: when it is looked at again.
        file_by, appeal_by: last days for filing and for an appeal, where there are such.
        why: the payer's reasons, largest amount first, for what was denied or held.
        note, noted_at: the newest note.
    """

    encounter_id: int
    claim_id: int | None
    number: str
    patient_id: int
    patient_name: str
    payer: str
    status: str
    service_date: date
    open_cents: int
    sent_on: date | None = None
    days_out: int | None = None
    follow_up_on: date | None = None
    file_by: date | None = None
    appeal_by: date | None = None
    why: tuple[Denied, ...] = ()
    note: str = ""
    noted_at: datetime | None = None

    @property
    def key(self) -> str:
        """Tells rows apart: one a claim, or one an encounter and payer."""
        return f"c{self.claim_id}" if self.claim_id else f"e{self.encounter_id}:{self.payer}"


@dataclass(frozen=True, slots=True)
class CreditRow:
    """Money that belongs to somebody else: a credit on an account, or money not placed (cents).

    Attributes:
        kind: ``credit`` or ``unapplied``.
        owner: whose it is; ``of_payer`` when that is an insurer.
        since: the day it arose. ``refund_by``: Medicare and Medicaid credits only.
        source: number of the check or receipt that waits.
    """

    key: str
    kind: str
    owner: str
    of_payer: bool
    cents: int
    since: date
    patient_id: int | None = None
    patient_name: str = ""
    payment_id: int | None = None
    service_date: date | None = None
    refund_by: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class FollowUpLists:
    """Everything that waits for a payer, for us, or to be given back.

    Attributes:
        outstanding: claims that are out and not answered, by the day to look at them again.
        denials: rejected, denied, or paid in part with something held, by appeal deadline.
        unbilled: posted charges whose claim is not out; drafts too old are beside it.
        credits: credits and unapplied money, the nearest deadline first.
        insurers_cents: the insurers' part of the receivable, asked of the books on its own.
        old_drafts, drafts_cents: visits not coded, older than a few days; not in the books.
    """

    as_of: date
    outstanding: tuple[OpenRow, ...]
    denials: tuple[OpenRow, ...]
    unbilled: tuple[OpenRow, ...]
    credits: tuple[CreditRow, ...]
    insurers_cents: int
    old_drafts: tuple[OpenRow, ...] = ()

    @property
    def open_cents(self) -> int:
        """Outstanding, denied and unbilled together."""
        lists = (self.outstanding, self.denials, self.unbilled)
        return sum(row.open_cents for rows in lists for row in rows)

    @property
    def payer_credits_cents(self) -> int:
        """Payers' credits on accounts; below the line in the insurers' part."""
        return sum(r.cents for r in self.credits if r.of_payer and r.kind == "credit")

    @property
    def ties(self) -> bool:
        """True when the lists explain the insurers' part of the receivable to the cent."""
        return self.open_cents - self.payer_credits_cents == self.insurers_cents

    @property
    def waiting(self) -> int:
        """How many want her today: due or overdue, and every denial."""
        due = sum(r.follow_up_on is None or r.follow_up_on <= self.as_of for r in self.outstanding)
        return due + len(self.denials)


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """One charge line of a claim and what its payer said last (cents)."""

    service_date: date
    code: str
    charge_cents: int
    open_cents: int
    allowed_cents: int | None = None
    paid_cents: int | None = None  # None: not on any EOB
    reasons: tuple[Denied, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimNote:
    """A note as it was written; notes are never changed."""

    at: datetime
    user: str
    text: str


@dataclass(frozen=True, slots=True)
class FollowUpClaim:
    """One claim opened for follow-up: what the payer's clerk will ask, and what was said so far.

    Attributes:
        birth_date, member_id, group_number, npi, tax_id: read out on the telephone.
        payer_claim_number: the payer's own number; empty until an EOB told it.
        payment_id: the check of the newest EOB, to jump to.
        decided_on: day of the payer's newest notice.
    """

    row: OpenRow
    birth_date: date
    member_id: str
    group_number: str
    payer_phone: str
    npi: str
    tax_id: str
    payer_claim_number: str
    total_cents: int
    lines: tuple[DecidedLine, ...]
    steps: tuple[ClaimStep, ...]
    notes: tuple[ClaimNote, ...]
    appeal_name: str = ""
    payment_id: int | None = None
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """What came of a call: words, and when to look again; None leaves the day as it is."""

    claim_id: int
    text: str = ""
    next_on: date | None = None
