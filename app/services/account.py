"""A patient's account: every line, every cent, who owes now and why; and what each line tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, literal, select
from sqlalchemy.orm import Session

from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY, PROVISIONAL
from app.models.books import LineBalance
from app.models.people import Patient
from app.models.visits import ChargeLine, Encounter
from app.services import _account_rows
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
    as_of: date | None = None  # the past day it is shown for; None: now

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
    """Reads accounts; six queries whatever the number of lines, the audit's own included."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self, patient_id: int, as_of: date | None = None) -> AccountView:
        """A patient's account, now or at the end of a past day; the look is audited.

        What it shows is summed from the postings themselves. As of a past day, only what carried an
        accounting date up to then is known: later payments and reversals have not happened.
        """
        with self._desk.viewing(patient_id, "account") as session:
            patient = session.get_one(Patient, patient_id)
            names, unapplied = _beside(session, patient, as_of)
            owes, entries = _entries(session, patient_id, names, as_of)
            views = tuple(
                _line_view(row, owes, entries)
                for row in session.execute(_account_rows.lines(patient_id))
                if as_of is None or row.line_id in entries
            )
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
                unapplied_cents=unapplied,
                parties=tuple(Owes(p, w, _sum(views, (p,))) for p, w in names.items()),
                as_of=as_of,
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


def _with_patient(names: dict[int, str]) -> dict[int, str]:
    return names | {PATIENT_PARTY: "patient", COLLECTIONS_PARTY: "collections"}


def _beside(session: Session, patient: Patient, as_of: date | None) -> tuple[dict[int, str], int]:
    """Names of the parties, and what waits unapplied for the guarantor (cents); one query."""
    named = _account_rows.policies(patient.id).add_columns(literal(0))
    waiting = _account_rows.waiting(patient.guarantor_id, as_of)
    rows = session.execute(named.union_all(waiting)).all()
    none = _account_rows.NO_PARTY
    names = {party: name for party, name, _ in rows if party != none}
    return _with_patient(names), sum(cents for party, _, cents in rows if party == none)


_Leg = Row[*tuple[Any, ...]]
_Owed = dict[int, dict[int, int]]  # line -> party -> cents


def _entries(
    session: Session, patient_id: int, names: dict[int, str], as_of: date | None
) -> tuple[dict[int, list[Owes]], dict[int, list[AccountEntry]]]:
    """Who owes what on each line, and how it came to that, in the words of the trade."""
    found: dict[int, list[AccountEntry]] = {}
    owed: _Owed = {}
    for leg in session.execute(_account_rows.legs(patient_id, as_of)):
        line, party = leg.charge_line_id, leg.party_id
        found.setdefault(line, []).append(_entry(leg, names))
        buckets = owed.setdefault(line, {})
        buckets[party] = buckets.get(party, 0) + leg.amount_cents
    owes = {
        line: [Owes(p, names.get(p, "other"), cents) for p, cents in sorted(b.items()) if cents]
        for line, b in owed.items()
    }
    return owes, found


def _entry(leg: _Leg, names: dict[int, str]) -> AccountEntry:
    papers = (leg.paper and f"check {leg.paper}", leg.claim and f"claim {leg.claim}")
    return AccountEntry(
        journal_id=leg.journal_id,
        on=leg.accounting_date,
        what=_what(leg),
        kind=_kind(leg),
        who=names.get(leg.party_id, ""),
        cents=leg.amount_cents,
        source=" · ".join(paper for paper in papers if paper),
        reason=_reason(leg),
        folded=bool(leg.was_reversed) or leg.reverses_id is not None,
    )


def _kind(leg: _Leg) -> str:
    """Under which heading a leg counts; moves between parties sum to nothing on a line."""
    if leg.reason == PROVISIONAL or leg.kind == "transfer":
        return "move"
    if leg.kind in ("charge", "charge_void"):
        return "charge"
    if leg.kind == "write_off" or (leg.kind == "eob" and leg.reason):
        return "write_off"
    if leg.kind == "eob":
        return "move" if leg.carc else "insurer"
    return "patient" if leg.party_id in (PATIENT_PARTY, COLLECTIONS_PARTY) else "insurer"


def _what(leg: _Leg) -> str:
    if leg.kind == "patient_payment" and leg.reason == PROVISIONAL:
        return "Copay share moved"
    if leg.kind != "eob":
        return _WORDS.get(leg.kind, str(leg.kind))
    if leg.reason == PROVISIONAL:
        return "Copay released"
    if leg.reason:
        return "Written off"
    return "Passed on" if leg.carc else "Insurer paid"


def _reason(leg: _Leg) -> str:
    code = f"{leg.group_code}-{leg.carc}" if leg.carc else ""
    words = "" if leg.reason == PROVISIONAL else (leg.reason or "").replace("_", " ")
    return " ".join(p for p in (code, words, leg.memo or "") if p)


def _line_view(
    row: Row[int, int, date, str, str | None, int],
    owes: dict[int, list[Owes]],
    entries: dict[int, list[AccountEntry]],
) -> AccountLine:
    parts = tuple(owes.get(row.line_id, ()))
    return AccountLine(
        line_id=row.line_id,
        encounter_id=row.encounter_id,
        service_date=row.service_date,
        code=row.code,
        modifiers=row.modifiers or "",
        charge_cents=row.charge_cents,
        balance_cents=sum(o.cents for o in parts),
        owes=parts,
        entries=tuple(entries.get(row.line_id, ())),
    )


def _sum(lines: tuple[AccountLine, ...], parties: tuple[int, ...]) -> int:
    return sum(o.cents for line in lines for o in line.owes if o.party_id in parties)
