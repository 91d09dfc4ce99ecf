"""Inner functions: everything open on a day, who owes it and since when; the three agings."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, Subquery, func, select
from sqlalchemy.orm import Session

from app.domain import reports
from app.domain.account_standing import AGE_EDGES
from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY, Account
from app.domain.dates import format_date
from app.domain.reports import About, Column, Group, Report, Tie
from app.models.books import PASSED_TO_PATIENT, PASSES_TO_PATIENT, Journal, Posting
from app.models.people import Guarantor, Party, Patient, Payer, Policy
from app.models.visits import ChargeLine, Claim, ClaimLine, Encounter
from app.services import _report_base
from app.services._report_base import Asked
from app.services._statement_facts import PASSING

PATIENTS = (PATIENT_PARTY, COLLECTIONS_PARTY)
CELLS = ("0–30", "31–60", "61–90", "91–120", "121+")


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One party's part of one line (cents; negative is a credit of that party)."""

    line_id: int
    party_id: int
    cents: int
    service_from: date
    code: str
    patient: str
    account_no: str
    guarantor: str
    policy_id: int | None
    payer_id: int | None
    payer: str
    payer_type: str
    patient_id: int
    encounter_id: int

    @property
    def insurer(self) -> bool:
        """True when a payer owes it, or has the credit."""
        return self.policy_id is not None


def open_items(session: Session, balance: Subquery) -> list[OpenItem]:
    """Every open part of every line, by name; one query."""
    rows = session.execute(
        select(
            balance.c.line_id,
            balance.c.party_id,
            balance.c.cents,
            ChargeLine.service_from,
            ChargeLine.code,
            Patient.last + ", " + Patient.first,
            Patient.account_no,
            Guarantor.last + ", " + Guarantor.first,
            Party.policy_id,
            Policy.payer_id,
            func.coalesce(Payer.name, ""),
            func.coalesce(Payer.type, ""),
            Patient.id,
            Encounter.id,
        )
        .join(ChargeLine, ChargeLine.id == balance.c.line_id)
        .join(Encounter, Encounter.id == ChargeLine.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .join(Guarantor, Guarantor.id == Patient.guarantor_id)
        .join(Party, Party.id == balance.c.party_id)
        .outerjoin(Policy, Policy.id == Party.policy_id)
        .outerjoin(Payer, Payer.id == Policy.payer_id)
        .order_by(Patient.last, Patient.first, ChargeLine.service_from, ChargeLine.id)
    )
    return [OpenItem(*row) for row in rows]


def passed_on(session: Session, balance: Subquery, as_of: date) -> dict[int, date]:
    """The day each line's responsibility last passed to the patient (billing rules §6).

    Money that came back (a returned check, a refund) does not make an old debt young.
    """
    lines = select(balance.c.line_id).where(balance.c.party_id.in_(PATIENTS))
    query = (
        select(Posting.charge_line_id, func.max(Journal.accounting_date))
        .join(Journal, Journal.id == Posting.journal_id)
        .where(Posting.charge_line_id.in_(lines), *_passing(as_of))
        .group_by(Posting.charge_line_id)
    )
    return {line or 0: day for line, day in session.execute(query)}


def passed_to_patient(as_of: date) -> ScalarSelect[date]:
    """``passed_on`` for the charge line of the query around it; NULL where nothing passed."""
    query = (
        select(func.max(Journal.accounting_date))
        .select_from(Posting)
        .with_hint(Posting, f"INDEXED BY {PASSED_TO_PATIENT}", "sqlite")
        .join(Journal, Journal.id == Posting.journal_id)
        .where(Posting.charge_line_id == ChargeLine.id, *_passing(as_of))
    )
    return query.correlate(ChargeLine).scalar_subquery()


def _passing(as_of: date) -> tuple[ColumnElement[bool], ...]:
    """What makes a posting one that passed something to the patient."""
    return (
        PASSES_TO_PATIENT,
        Journal.kind.in_(PASSING),
        Journal.accounting_date <= as_of,
    )


def last_billed(session: Session, balance: Subquery, as_of: date) -> dict[tuple[int, int], date]:
    """When each (line, policy) was last sent out."""
    query = (
        select(ClaimLine.charge_line_id, Claim.policy_id, func.max(Claim.submitted_on))
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(ClaimLine.charge_line_id.in_(select(balance.c.line_id)), Claim.submitted_on <= as_of)
        .group_by(ClaimLine.charge_line_id, Claim.policy_id)
    )
    return {(line, policy): day for line, policy, day in session.execute(query) if day}


# --- agings -------------------------------------------------------------------------------------
_CENTS = (
    *(reports.money(f"cell{n}", title) for n, title in enumerate(CELLS)),
    reports.money("credit", "Credits"),
    reports.money("total", "Total"),
)


def age_cell(days: int) -> int:
    """Which of the five cells an age in days belongs to."""
    return bisect_left(AGE_EDGES, days)


def aged(entries: Iterable[tuple[str, str, int, int, About | None]]) -> tuple[Group, ...]:
    """Groups of rows from (group, name, age in days, cents, about); credits stand apart."""
    found: dict[tuple[str, str], list[int]] = {}
    of: dict[tuple[str, str], About | None] = {}
    for group, name, days, cents, about in entries:
        row = found.setdefault((group, name), [0] * 6)
        row[5 if cents < 0 else age_cell(max(days, 0))] += cents
        of.setdefault((group, name), about)
    rows = sorted(found.items(), key=lambda item: (item[0][0], item[0][1].casefold()))
    return reports.grouped_about(
        (key[0], (key[1], *cells, sum(cells)), of[key]) for key, cells in rows
    )


def insurance_aging(session: Session, p: Asked) -> Report:
    """INS buckets by date of service or by the day last billed."""
    balance = _report_base.balances(session, p.as_of)
    items = [
        i
        for i in open_items(session, balance)
        if i.insurer and p.more.payer_id in (None, i.payer_id)
    ]
    by_billed = p.more.dates == "last billed"
    billed = last_billed(session, balance, p.as_of) if by_billed else {}
    days = {
        i: (p.as_of - billed.get((i.line_id, i.policy_id or 0), i.service_from)).days for i in items
    }
    groups = aged(
        (i.payer, f"{i.patient}  {i.account_no}", days[i], i.cents, About("patient", i.patient_id))
        if p.more.detail
        else ("", i.payer, days[i], i.cents, About("payer", i.payer_id or 0))
        for i in items
    )
    basis = "the day last billed" if by_billed else "date of service"
    ties = () if p.more.payer_id else _aging_ties(session, p, ("POLICY",), "Insurance part")
    first = reports.text("name", "Patient" if p.more.detail else "Payer")
    return _aging_report("insurance_aging", "Insurance aging", basis, first, groups, ties, p)


def patient_aging(session: Session, p: Asked) -> Report:
    """PAT buckets by the day the responsibility passed to the patient."""
    balance = _report_base.balances(session, p.as_of)
    since = passed_on(session, balance, p.as_of)
    entries = []
    for i in open_items(session, balance):
        if not i.insurer:
            name = f"{i.patient}  {i.account_no}" if p.more.detail else i.guarantor
            group = "In collections" if i.party_id == COLLECTIONS_PARTY else "Patients"
            day = since.get(i.line_id, i.service_from)
            about = About("patient", i.patient_id)
            entries.append((group, name, (p.as_of - day).days, i.cents, about))
    ties = _aging_ties(session, p, ("PATIENT", "COLLECTIONS"), "Patient part")
    first = reports.text("name", "Patient" if p.more.detail else "Guarantor")
    basis = "the day responsibility passed to the patient"
    groups = aged(sorted(entries, key=lambda e: e[0] != "Patients"))
    return _aging_report("patient_aging", "Patient aging", basis, first, groups, ties, p)


def total_aging(session: Session, p: Asked) -> Report:
    """All buckets; credits in their own column."""
    balance = _report_base.balances(session, p.as_of)
    since = passed_on(session, balance, p.as_of)
    entries = []
    for i in open_items(session, balance):
        day = i.service_from if i.insurer else since.get(i.line_id, i.service_from)
        own = "In collections" if i.party_id == COLLECTIONS_PARTY else "Patients"
        where = ("Insurance", i.payer) if i.insurer else ("Patients", own)
        entries.append((*where, (p.as_of - day).days, i.cents, None))
    ties = _aging_ties(session, p, ("POLICY", "PATIENT", "COLLECTIONS"), "Accounts receivable")
    first = reports.text("name", "Who owes")
    basis = "date of service for payers, for patients the day responsibility passed to them"
    title = "Accounts receivable aging"
    return _aging_report("total_aging", title, basis, first, aged(entries), ties, p)


def _aging_report(
    key: str,
    title: str,
    basis: str,
    first: Column,
    groups: Iterable[Group],
    ties: Iterable[tuple[str, int]],
    p: Asked,
) -> Report:
    said = f"As of {format_date(p.as_of)} by accounting date; age in days from {basis}"
    made = reports.make_report(key, title, said, (first, *_CENTS), groups)
    known = tuple(Tie(words, made.total("total"), cents) for words, cents in ties)
    cells = sum(made.total(f"cell{n}") for n in range(len(CELLS))) + made.total("credit")
    footed = Tie("All cells and credits = total", cells, made.total("total"))
    return reports.make_report(
        key, title, said, (first, *_CENTS), made.groups, (*known, footed), _shares(made)
    )


def _shares(made: Report) -> tuple[str, ...]:
    cents = [made.total(f"cell{n}") for n in range(len(CELLS))]
    whole = sum(cents)
    if not whole:
        return ()
    parts = (reports.shown(reports.ratio(c, whole), reports.Kind.PERCENT) for c in cents)
    said = ", ".join(f"{cell} days {part}" for cell, part in zip(CELLS, parts, strict=True))
    return (f"Of what is owed, credits apart: {said}.",)


def _aging_ties(
    session: Session, p: Asked, kinds: tuple[str, ...], words: str
) -> tuple[tuple[str, int], ...]:
    posted = _report_base.receivable_by_kind(session, p.as_of)
    found = [(f"Aging = {words} in the postings", sum(posted.get(kind, 0) for kind in kinds))]
    if len(kinds) == 3:
        control = _report_base.account_balance(session, Account.RECEIVABLE, p.as_of)
        found.append(("Aging = receivable control account", control))
    return tuple(found)
