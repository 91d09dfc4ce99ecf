"""Find anything: patients, claims and checks by what is typed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.db.search import find_patients
from app.domain.dates import format_date
from app.domain.money import format_cents
from app.models.books import Payment
from app.models.people import Patient, Payer
from app.services import _claim_rows, _payments
from app.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Found:
    """Something found: where it is opened, and how it reads in a list."""

    kind: str  # patient, claim, check
    page: str
    key: int
    title: str
    detail: str


class FindService:
    """Answers Ctrl+K; a few queries whatever the size of the practice."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def find(self, text: str, limit: int = 8) -> tuple[Found, ...]:
        """Patients, claims and checks that begin with what was typed."""
        if not text.strip():
            return ()
        with self._desk.read() as session:
            return (
                *_patients(session, text, limit),
                *_claims(session, text, limit),
                *_checks(session, text, limit),
            )


def _patients(session: Session, text: str, limit: int) -> list[Found]:
    keys = find_patients(session, text, limit)
    rows = {p.id: p for p in session.scalars(select(Patient).where(Patient.id.in_(keys)))}
    return [
        Found(
            "patient",
            "patients",
            key,
            f"{rows[key].last}, {rows[key].first}",
            f"born {format_date(rows[key].birth_date)} · account {rows[key].account_no}",
        )
        for key in keys
        if key in rows
    ]


def _claims(session: Session, text: str, limit: int) -> list[Found]:
    return [
        Found(
            "claim",
            "claims",
            row.claim_id,
            f"Claim {row.number} · {row.patient_name}",
            f"{row.payer} · {format_date(row.service_date)} · {row.status.replace('_', ' ')}",
        )
        for row in _claim_rows.rows(session, (), text, limit)
    ]


def _checks(session: Session, text: str, limit: int) -> list[Found]:
    typed = text.strip().lower()
    query = (
        _payments.state_query()
        .where(
            or_(
                *(
                    func.lower(c).startswith(typed, autoescape=True)
                    for c in (Payment.number, Payer.name)
                )
            )
        )
        .order_by(Payment.id.desc())
        .limit(limit)
    )
    return [
        Found(
            "check",
            "payments",
            state.payment_id,
            f"Check {state.number or 'without number'} · {state.payer_name}",
            f"{format_cents(state.amount_cents)} · {format_date(state.received_on)}"
            f" · {state.status}",
        )
        for state in map(_payments.check_state, session.execute(query))
    ]
