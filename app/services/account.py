"""A patient's account: every line, every cent, who owes now and why; and what each line tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY, PROVISIONAL, Account
from app.models.books import Journal, LineBalance, Payment, Posting
from app.models.people import Party, Patient, Payer, Policy
from app.models.visits import ChargeLine, Claim, Encounter
from app.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Owes:
    """One party's part of a line (cents; negative is a credit of that party)."""

    party_id: int
    who: str
    cents: int


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """One thing that happened to a line. ``folded``: reversed, or the reversal of something."""

    journal_id: int
    on: date
    what: str
    who: str
    cents: int  # effect on the line's balance
    source: str  # check number, claim number
    reason: str
    folded: bool
    kind: str = ""  # charge, insurer, patient, write_off or move


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A service line with its story."""

    line_id: int
    encounter_id: int
    service_date: date
    code: str
    modifiers: str
    charge_cents: int
    balance_cents: int
    owes: tuple[Owes, ...]
    entries: tuple[AccountEntry, ...]
    patient_name: str = ""  # told where lines of a household stand together


@dataclass(frozen=True, slots=True)
class AccountView:
    """The whole account of one patient (cents)."""

    patient_id: int
    patient_name: str
    account_no: str
    guarantor_id: int
    lines: tuple[AccountLine, ...]
    insurance_cents: int
    patient_cents: int
    unapplied_cents: int
    parties: tuple[Owes, ...] = ()  # everybody who could owe here, with what each owes in all

    @property
    def balance_cents(self) -> int:
        """Everything owed on the account."""
        return self.insurance_cents + self.patient_cents


# What a posting leg is called on the account, by (journal kind, account of the other leg).
_WORDS = {
    "charge": "Charge",
    "charge_void": "Charge voided",
    "patient_payment": "Patient paid",
    "apply_unapplied": "Unapplied money placed",
    "refund": "Refund",
    "transfer": "Passed on",
    "write_off": "Written off",
    "reversal": "Reversed",
}


class AccountService:
    """Reads accounts; six queries whatever the number of lines."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self, patient_id: int) -> AccountView:
        """A patient's account; the look is audited."""
        with self._desk.viewing(patient_id, "account") as session:
            patient = session.get_one(Patient, patient_id)
            names = party_names(session, patient_id)
            lines = _lines(session, patient_id)
            owes = _owes(session, patient_id, names)
            entries = _entries(session, patient_id, names)
            views = tuple(_line_view(line, enc, owes, entries) for line, enc in lines)
            patient_part = _sum(views, (PATIENT_PARTY, COLLECTIONS_PARTY))
            whole = sum(v.balance_cents for v in views)
            return AccountView(
                patient_id=patient.id,
                patient_name=f"{patient.last}, {patient.first}",
                account_no=patient.account_no,
                guarantor_id=patient.guarantor_id,
                lines=views,
                insurance_cents=whole - patient_part,
                patient_cents=patient_part,
                unapplied_cents=_unapplied(session, patient.guarantor_id),
                parties=tuple(Owes(p, w, _sum(views, (p,))) for p, w in names.items()),
            )

    def open_lines(self, guarantor_id: int) -> tuple[AccountLine, ...]:
        """Lines on which the guarantor's patients owe, oldest service first."""
        query = (
            select(ChargeLine, LineBalance.amount_cents, Patient.last, Patient.first)
            .join(LineBalance, LineBalance.charge_line_id == ChargeLine.id)
            .join(Encounter, Encounter.id == ChargeLine.encounter_id)
            .join(Patient, Patient.id == Encounter.patient_id)
            .where(
                Patient.guarantor_id == guarantor_id,
                LineBalance.party_id == PATIENT_PARTY,
                LineBalance.amount_cents > 0,
            )
            .order_by(ChargeLine.service_from, ChargeLine.id)
        )
        with self._desk.read() as session:
            return tuple(
                AccountLine(
                    line_id=line.id,
                    encounter_id=line.encounter_id,
                    service_date=line.service_from,
                    code=line.code,
                    modifiers=line.modifiers or "",
                    charge_cents=line.charge_cents,
                    balance_cents=cents,
                    owes=(Owes(PATIENT_PARTY, "patient", cents),),
                    entries=(),
                    patient_name=f"{last}, {first}",
                )
                for line, cents, last, first in session.execute(query)
            )


def party_names(session: Session, patient_id: int) -> dict[int, str]:
    """What each party of a patient is called."""
    rows = session.execute(
        select(Party.id, Payer.name)
        .join(Policy, Policy.id == Party.policy_id)
        .join(Payer, Payer.id == Policy.payer_id)
        .where(Policy.patient_id == patient_id)
    )
    names: dict[int, str] = dict(rows.all())
    names[PATIENT_PARTY] = "patient"
    names[COLLECTIONS_PARTY] = "collections"
    return names


def _lines(session: Session, patient_id: int) -> list[tuple[ChargeLine, Encounter]]:
    query = (
        select(ChargeLine, Encounter)
        .join(Encounter, Encounter.id == ChargeLine.encounter_id)
        .where(Encounter.patient_id == patient_id, Encounter.status != "draft")
        .order_by(Encounter.service_date.desc(), Encounter.id.desc(), ChargeLine.position)
    )
    return [(line, encounter) for line, encounter in session.execute(query)]


def _of_patient(patient_id: int) -> Select[int]:
    return (
        select(ChargeLine.id)
        .join(Encounter, Encounter.id == ChargeLine.encounter_id)
        .where(Encounter.patient_id == patient_id)
    )


def _owes(session: Session, patient_id: int, names: dict[int, str]) -> dict[int, list[Owes]]:
    found: dict[int, list[Owes]] = {}
    rows = session.execute(
        select(LineBalance.charge_line_id, LineBalance.party_id, LineBalance.amount_cents).where(
            LineBalance.charge_line_id.in_(_of_patient(patient_id)), LineBalance.amount_cents != 0
        )
    )
    for line_id, party, cents in rows:
        found.setdefault(line_id, []).append(Owes(party, names.get(party, "other"), cents))
    return found


def _entries(
    session: Session, patient_id: int, names: dict[int, str]
) -> dict[int, list[AccountEntry]]:
    """Receivable legs in order, told in the words of the trade."""
    reversing = select(Journal.reverses_id).where(Journal.reverses_id.is_not(None))
    rows = session.execute(
        select(Posting, Journal, Payment.number, Claim.number, Journal.id.in_(reversing))
        .join(Journal, Journal.id == Posting.journal_id)
        .outerjoin(Payment, Payment.id == Posting.payment_id)
        .outerjoin(Claim, Claim.id == Posting.claim_id)
        .where(
            Posting.charge_line_id.in_(_of_patient(patient_id)),
            Posting.account == str(Account.RECEIVABLE),
        )
        .order_by(Posting.id)
    )
    found: dict[int, list[AccountEntry]] = {}
    for posting, journal, check, claim, was_reversed in rows:
        source = " · ".join(
            p for p in (check and f"check {check}", claim and f"claim {claim}") if p
        )
        entry = AccountEntry(
            journal_id=journal.id,
            on=journal.accounting_date,
            what=_what(posting, journal),
            kind=_kind(posting, journal),
            who=names.get(posting.party_id or 0, ""),
            cents=posting.amount_cents,
            source=source,
            reason=_reason(posting, journal),
            folded=bool(was_reversed) or journal.reverses_id is not None,
        )
        found.setdefault(posting.charge_line_id or 0, []).append(entry)
    return found


def _kind(posting: Posting, journal: Journal) -> str:
    """Under which heading a leg counts; moves between parties sum to nothing on a line."""
    if posting.reason == PROVISIONAL or journal.kind == "transfer":
        return "move"
    if journal.kind in ("charge", "charge_void"):
        return "charge"
    if journal.kind == "write_off" or (journal.kind == "eob" and posting.reason):
        return "write_off"
    if journal.kind == "eob":
        return "move" if posting.carc else "insurer"
    return "patient" if posting.party_id in (PATIENT_PARTY, COLLECTIONS_PARTY) else "insurer"


def _what(posting: Posting, journal: Journal) -> str:
    if journal.kind == "patient_payment" and posting.reason == PROVISIONAL:
        return "Copay share moved"
    if journal.kind != "eob":
        return _WORDS.get(journal.kind, journal.kind)
    if posting.reason == "provisional":
        return "Copay released"
    if posting.reason:
        return "Written off"
    return "Passed on" if posting.carc else "Insurer paid"


def _reason(posting: Posting, journal: Journal) -> str:
    code = f"{posting.group_code}-{posting.carc}" if posting.carc else ""
    words = "" if posting.reason == PROVISIONAL else (posting.reason or "").replace("_", " ")
    return " ".join(p for p in (code, words, journal.memo or "") if p)


def _line_view(
    line: ChargeLine,
    encounter: Encounter,
    owes: dict[int, list[Owes]],
    entries: dict[int, list[AccountEntry]],
) -> AccountLine:
    parts = tuple(owes.get(line.id, ()))
    return AccountLine(
        line_id=line.id,
        encounter_id=encounter.id,
        service_date=line.service_from,
        code=line.code,
        modifiers=line.modifiers or "",
        charge_cents=line.charge_cents,
        balance_cents=sum(o.cents for o in parts),
        owes=parts,
        entries=tuple(entries.get(line.id, ())),
    )


def _sum(lines: tuple[AccountLine, ...], parties: tuple[int, ...]) -> int:
    return sum(o.cents for line in lines for o in line.owes if o.party_id in parties)


def _unapplied(session: Session, guarantor_id: int) -> int:
    return -(
        session.scalar(
            select(func.sum(Posting.amount_cents))
            .join(Payment, Payment.id == Posting.payment_id)
            .where(
                Payment.guarantor_id == guarantor_id,
                Payment.kind == "patient",
                Posting.account == str(Account.UNAPPLIED),
            )
        )
        or 0
    )
