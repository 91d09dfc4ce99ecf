"""Inner functions: credits on accounts and money that waits, each with its owner and age."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY, Account
from app.domain.claim_form import PayerType
from app.domain.follow_up import refund_by
from app.models.books import STILL_OPEN, Journal, LineBalance, Payment, Posting
from app.models.people import Guarantor, Party, Patient, Payer, Policy
from app.models.visits import ChargeLine, Encounter
from app.services.follow_up_commands import CreditRow


def credit_rows(session: Session) -> list[CreditRow]:
    """What is owed back or waits, the nearest deadline first, then the oldest; two queries."""
    rows = [*_on_accounts(session), *_waiting(session)]
    return sorted(rows, key=lambda r: (r.refund_by or date.max, r.since, r.key))


def _on_accounts(session: Session) -> Iterator[CreditRow]:
    """Negative buckets, one row an encounter and owner; since the posting that made it."""
    arose = (
        select(func.max(Journal.accounting_date))
        .join(Posting, Posting.journal_id == Journal.id)
        .where(
            Posting.charge_line_id == LineBalance.charge_line_id,
            Posting.party_id == LineBalance.party_id,
            Posting.amount_cents < 0,
        )
        .correlate(LineBalance)
        .scalar_subquery()
    )
    query = (
        select(
            Encounter.id,
            Encounter.service_date,
            Patient.id,
            Patient.last,
            Patient.first,
            LineBalance.party_id,
            Payer.name,
            Payer.type,
            func.sum(-LineBalance.amount_cents),
            func.min(func.coalesce(arose, ChargeLine.service_from)),
        )
        .join(ChargeLine, ChargeLine.id == LineBalance.charge_line_id)
        .join(Encounter, Encounter.id == ChargeLine.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .join(Party, Party.id == LineBalance.party_id)
        .outerjoin(Policy, Policy.id == Party.policy_id)
        .outerjoin(Payer, Payer.id == Policy.payer_id)
        .where(STILL_OPEN, LineBalance.amount_cents < 0)
        .group_by(Encounter.id, LineBalance.party_id)
    )
    owners = {PATIENT_PARTY: "Patient", COLLECTIONS_PARTY: "Patient (collections)"}
    for visit, service, patient, last, first, party, payer, kind, cents, since in session.execute(
        query
    ):
        yield CreditRow(
            key=f"l{visit}:{party}",
            kind="credit",
            owner=payer or owners[party],
            of_payer=payer is not None,
            cents=cents,
            since=since,
            patient_id=patient,
            patient_name=f"{last}, {first}",
            service_date=service,
            refund_by=refund_by(PayerType(kind) if kind else None, since),
        )


def _waiting(session: Session) -> Iterator[CreditRow]:
    """Checks and receipts of which some is not placed."""
    waits = -func.sum(Posting.amount_cents)
    anybody = (
        select(func.min(Patient.id))
        .where(Patient.guarantor_id == Payment.guarantor_id)
        .correlate(Payment)
        .scalar_subquery()
    )
    query = (
        select(
            Payment.id,
            Payment.number,
            Payment.received_on,
            func.coalesce(Payment.patient_id, anybody),
            Guarantor.last,
            Guarantor.first,
            Payer.name,
            waits,
        )
        .join(Posting, Posting.payment_id == Payment.id)
        .outerjoin(Guarantor, Guarantor.id == Payment.guarantor_id)
        .outerjoin(Payer, Payer.id == Payment.payer_id)
        .where(Posting.account == str(Account.UNAPPLIED))
        .group_by(Payment.id)
        .having(waits > 0)
    )
    for payment, number, received, patient, last, first, payer, cents in session.execute(query):
        yield CreditRow(
            key=f"p{payment}",
            kind="unapplied",
            owner=payer or f"{last}, {first}",
            of_payer=payer is not None,
            cents=cents,
            since=received,
            patient_id=None if payer else patient,
            patient_name="" if payer else f"{last}, {first}",
            payment_id=payment,
            source=number or "",
        )
