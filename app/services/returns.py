"""Payments that came back: a patient's check bounced, an insurer's was stopped or returned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Refused
from app.models.books import Eob, Payment
from app.models.patient_money import PaymentReturn
from app.services import _check_back, _fees, _ledger, _payments, _receipt_back
from app.services.desk import Desk


@dataclass(frozen=True, slots=True)
class BouncedCheck:
    """A patient's check the bank sent back. ``fee_cents`` 0: no fee is charged for it."""

    payment_id: int
    fee_cents: int = 0
    patient_id: int | None = None  # whose account takes the fee; None: the receipt's patient
    reason: str = "insufficient funds"
    on: date | None = None


@dataclass(frozen=True, slots=True)
class CameBack:
    """What a return did: cents owed again, still owed by us below zero, and the fee's encounter."""

    return_id: int
    unapplied_cents: int
    fee_encounter_id: int | None = None


class ReturnService:
    """Returned payments: everything they paid is owed again, dated today."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def return_check(
        self, payment_id: int, reason: str = "", *, stopped: bool = False, on: date | None = None
    ) -> CameBack:
        """An insurer's check came back, or its payment was stopped: nothing of it stands.

        Raises:
            Refused: ``not_a_check``, ``already_returned``, ``voided_check``,
                ``taken_back_elsewhere``, ``decided_since``, ``exceeds_due_to_payer``,
                ``closed_period``.
        """
        kind = "stopped" if stopped else "returned"
        with self._desk.write() as session:
            row = _payments.payment(session, payment_id)
            if row.kind != "insurer" and row.from_name is None:
                raise Refused("not_a_check", "A patient's check is returned on his account (NSF).")
            _check_standing(row)
            day = on or self._desk.today
            back = self._keep(
                session,
                row,
                kind,
                reason,
                day,
                lambda: _check_back.take_back(session, self._desk, row, reason or kind, day),
            )
            self._audit(session, "return check", row)
            return CameBack(back.id, _ledger.unapplied(session, row.id))

    def nsf(self, command: BouncedCheck) -> CameBack:
        """A patient's check bounced: exact applications come off, its unapplied part included.

        Of what was refunded in the meantime the unapplied goes below zero: it is owed to us. The
        fee stands on the account by itself and never on a claim (billing rules §3.4.11).

        Raises:
            Refused: ``not_a_receipt``, ``already_reversed``, ``cash_does_not_bounce``,
                ``account_on_hold``, ``closed_period``.
            Invalid: a fee below zero.
        """
        with self._desk.write() as session:
            row = _payments.payment(session, command.payment_id)
            _check_bounces(row)
            patients = _receipt_back.patients_of(
                session, row, _check_back.lines_on(session, row.id)
            )
            day = command.on or self._desk.today
            back = self._keep(
                session,
                row,
                "nsf",
                command.reason,
                day,
                lambda: _receipt_back.take_back(session, self._desk, row, command.reason, day),
            )
            if command.fee_cents:
                patient = command.patient_id or row.patient_id or (*patients, 0)[0]
                back.fee_encounter_id = _fees.charge(
                    session, self._desk, patient, "nsf", command.fee_cents, command.on, row.id
                )
            self._audit(session, "nsf", row, patients)
            waits = _ledger.unapplied(session, row.id)
            return CameBack(back.id, waits, back.fee_encounter_id)

    def put_back(self, payment_id: int) -> None:
        """The payment is good after all: everything is posted again as it was, dated today.

        A fee charged for it stays until it is taken off by hand.

        Raises:
            Refused: ``not_returned``, ``decided_since``, ``exceeds_open_balance``.
        """
        with self._desk.write() as session:
            row = _payments.payment(session, payment_id)
            back = session.scalar(
                select(PaymentReturn)
                .where(PaymentReturn.payment_id == row.id, PaymentReturn.undone_at.is_(None))
                .order_by(PaymentReturn.id.desc())
            )
            if back is None or row.status != "returned":
                raise Refused("not_returned", "This payment did not come back.")
            row.status = "open"  # it may take postings for the length of this transaction
            _check_back.put_back(session, self._desk, row, back, self._desk.today)
            row.status = back.status_before
            back.undone_at, back.undone_by_id = self._desk.clock.now(), self._desk.user_id
            self._audit(session, "put payment back", row)

    def _keep(
        self,
        session: Session,
        row: Payment,
        kind: str,
        reason: str,
        on: date,
        act: Callable[[], None],
    ) -> PaymentReturn:
        journal, eob = _ledger.last_number(session), _last_eob(session)
        back = PaymentReturn(
            payment_id=row.id,
            kind=kind,
            reason=reason.strip() or None,
            on_date=on,
            status_before=row.status,
            at=self._desk.clock.now(),
            user_id=self._desk.user_id,
        )
        act()
        session.flush()
        row.status = "returned"
        last_journal, last_eob = _ledger.last_number(session), _last_eob(session)
        if last_journal > journal:
            back.first_journal, back.last_journal = journal + 1, last_journal
        if last_eob > eob:
            back.first_eob, back.last_eob = eob + 1, last_eob
        session.add(back)
        session.flush()
        return back

    def _audit(
        self, session: Session, action: str, row: Payment, patients: list[int] | None = None
    ) -> None:
        lines = _check_back.lines_on(session, row.id)
        if patients is None and row.kind == "patient":
            patients = _receipt_back.patients_of(session, row, lines)
        named: list[int | None] = [*(patients or _check_back.patients_on(session, row.id))]
        for patient in named or [None]:
            self._desk.audit(session, action, patient, "payment", row.id)


def _check_standing(row: Payment) -> None:
    if row.status == "returned":
        raise Refused("already_returned", "This check was already returned.")
    if row.status == "voided":
        raise Refused("voided_check", "This check was voided; nothing of it is in the books.")


def _check_bounces(row: Payment) -> None:
    if row.kind != "patient":
        raise Refused("not_a_receipt", "An insurer's check is returned on the Payments page.")
    if row.status == "returned":
        raise Refused("already_reversed", "This receipt was already taken back.")
    if row.method == "cash":
        raise Refused(
            "cash_does_not_bounce", "Cash does not bounce. Take the receipt back instead."
        )


def _last_eob(session: Session) -> int:
    return session.scalar(select(func.max(Eob.id))) or 0
