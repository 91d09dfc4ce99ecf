"""Inner functions: the questions behind a patient's account."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select

from app.domain.books import Account
from app.models.books import Journal, Payment, Posting
from app.models.people import Party, Payer, Policy
from app.models.visits import ChargeLine, Claim, Encounter

NO_PARTY = 0  # no party has this id


def policies(patient_id: int) -> Select[int, str]:
    """Parties of a patient's policies with the payers' names."""
    return (
        select(Party.id, Payer.name)
        .join(Policy, Policy.id == Party.policy_id)
        .join(Payer, Payer.id == Policy.payer_id)
        .where(Policy.patient_id == patient_id)
    )


def waiting(guarantor_id: int, as_of: date | None) -> Select[int, str, int]:
    """What waits unapplied for a guarantor (cents), as one row with no party."""
    waits = -func.coalesce(func.sum(Posting.amount_cents), 0)
    return (
        select(literal(NO_PARTY), literal(""), waits)
        .select_from(Posting)
        .join(Payment, Payment.id == Posting.payment_id)
        .join(Journal, Journal.id == Posting.journal_id)
        .where(
            Payment.guarantor_id == guarantor_id,
            Payment.kind == "patient",
            Posting.account == str(Account.UNAPPLIED),
            *_until(as_of),
        )
    )


def _until(as_of: date | None) -> tuple[ColumnElement[bool], ...]:
    return () if as_of is None else (Journal.accounting_date <= as_of,)


def lines(patient_id: int) -> Select[int, int, date, str, str | None, int]:
    """A patient's lines, newest visit first."""
    return (
        select(
            ChargeLine.id.label("line_id"),
            Encounter.id.label("encounter_id"),
            Encounter.service_date,
            ChargeLine.code,
            ChargeLine.modifiers,
            ChargeLine.charge_cents,
        )
        .join(Encounter, Encounter.id == ChargeLine.encounter_id)
        .where(Encounter.patient_id == patient_id, Encounter.status != "draft")
        .order_by(Encounter.service_date.desc(), Encounter.id.desc(), ChargeLine.position)
    )


def legs(patient_id: int, as_of: date | None) -> Select[*tuple[Any, ...]]:
    """Receivable legs of a patient, oldest first, with what the words about them need."""
    back = select(Journal.reverses_id).where(Journal.reverses_id.is_not(None), *_until(as_of))
    columns = (
        Posting.charge_line_id,
        Posting.party_id,
        Posting.amount_cents,
        Posting.reason,
        Posting.group_code,
        Posting.carc,
        Posting.journal_id,
        Journal.accounting_date,
        Journal.kind,
        Journal.memo,
        Journal.reverses_id,
        Journal.id.in_(back).label("was_reversed"),
        Payment.number.label("paper"),
        Claim.number.label("claim"),
    )
    return (
        select(*columns)
        .select_from(Encounter)
        .join(ChargeLine, ChargeLine.encounter_id == Encounter.id)
        .join(Posting, Posting.charge_line_id == ChargeLine.id)
        .join(Journal, Journal.id == Posting.journal_id)
        .outerjoin(Payment, Payment.id == Posting.payment_id)
        .outerjoin(Claim, Claim.id == Posting.claim_id)
        .where(
            Encounter.patient_id == patient_id,
            Posting.account == str(Account.RECEIVABLE),
            *_until(as_of),
        )
        .order_by(Posting.id)
    )
