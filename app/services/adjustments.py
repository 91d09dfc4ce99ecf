"""Moves inside the books without cash: transfers, write-offs, charge voids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.books import (
    COLLECTIONS_PARTY,
    PATIENT_PARTY,
    PROVISIONAL,
    Account,
    Leg,
)
from app.domain.errors import NotFound, Refused
from app.domain.money import format_cents
from app.domain.posting import move, write_off
from app.models.books import Posting
from app.models.visits import ChargeLine, Encounter
from app.services import _fees, _ledger, _transfer_rules
from app.services.desk import Desk

WRITE_OFF_REASONS = {
    "contractual": "Contractual",
    "timely_filing": "Filed too late",
    "appeal_lost": "Appeal lost",
    "small_balance": "Small balance",
    "courtesy": "Courtesy",
    "sliding_fee": "Sliding fee",
    "bad_debt": "Bad debt",
    "not_covered": "Not covered",
    "bundled": "Bundled",
    "capitation": "Capitation",
    "sequestration": "Sequestration",
    "withhold": "Withhold",
    "void_reversal": "Write-off put back",
}


@dataclass(frozen=True, slots=True)
class Transfer:
    """Passes part of a line from one party to another (cents).

    ``provisional_paid``: what the patient already paid becomes his provisional share.
    """

    line_id: int
    from_party: int
    to_party: int
    cents: int
    reason: str
    provisional_paid: int = 0
    accounting_date: date | None = None


@dataclass(frozen=True, slots=True)
class WriteOff:
    """Gives up part of a party's bucket; negative puts an earlier write-off back."""

    line_id: int
    party_id: int
    cents: int
    reason: str
    accounting_date: date | None = None


@dataclass(frozen=True, slots=True)
class VoidCharge:
    """Takes a charge back in full, dated today; the line itself stays in sight."""

    line_id: int
    party_id: int
    reason: str
    accounting_date: date | None = None


class AdjustmentService:
    """Transfers, write-offs and charge voids, each one journal."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def transfer(self, command: Transfer) -> None:
        """Passes responsibility for part of a line.

        Raises:
            Refused: ``exceeds_open_balance``, ``wrong_patient``, or the rule by which the patient
                does not owe it.
        """
        with self._desk.write() as session:
            line = _line(session, command.line_id)
            self._check_transfer(session, command)
            if command.to_party not in (PATIENT_PARTY, COLLECTIONS_PARTY):
                _fees.check_no_fee(session, [line.encounter_id])
            _transfer_rules.cover(session, line.encounter_id, command.to_party)
            legs = list(self._transfer_legs(command))
            on = command.accounting_date
            self._post(session, "transfer", legs, on, line, command.reason)
            _transfer_rules.bill_new_party(session, self._desk, line, command.to_party)

    def _check_transfer(self, session: Session, command: Transfer) -> None:
        has = _ledger.buckets(session, [command.line_id])[command.line_id].get(
            command.from_party, 0
        )
        if not 0 < command.cents <= has:
            raise Refused(
                "exceeds_open_balance",
                f"{format_cents(max(has, 0))} is open there; enter an amount up to that.",
            )
        if command.to_party == PATIENT_PARTY:
            _transfer_rules.check_patient_may_take(session, command.line_id, command.from_party)

    def _transfer_legs(self, command: Transfer) -> tuple[Leg, ...]:
        whole = command.cents + command.provisional_paid
        legs = move(
            command.line_id, command.from_party, command.to_party, whole, reason=command.reason
        )
        if not command.provisional_paid:
            return legs
        back = move(
            command.line_id,
            command.to_party,
            PATIENT_PARTY,
            command.provisional_paid,
            reason=PROVISIONAL,
        )
        return (*legs, *back)

    def write_off(self, command: WriteOff) -> None:
        """Writes off part of a bucket under its own reason.

        Raises:
            Refused: ``exceeds_open_balance``, ``unknown_reason``, ``amount_not_positive``,
                ``exceeds_written_off``;
                for a small balance ``policy:payer_still_open``, ``exceeds_small_balance``.
        """
        if command.reason not in WRITE_OFF_REASONS:
            raise Refused("unknown_reason", "Choose a reason for the write-off.")
        if command.cents == 0 or (command.cents < 0 and command.reason != "void_reversal"):
            raise Refused("amount_not_positive", "Enter an amount above 0.00.")
        with self._desk.write() as session:
            line = _line(session, command.line_id)
            has = _ledger.buckets(session, [line.id])[line.id].get(command.party_id, 0)
            if command.cents > max(has, 0):
                raise Refused(
                    "exceeds_open_balance",
                    f"Only {format_cents(max(has, 0))} is open there; nothing more can be "
                    "written off.",
                )
            if command.cents < 0:
                _ledger.check_written_off(session, line.id, -command.cents)
            if command.reason == "small_balance":
                _transfer_rules.check_small(session, line.id, command.cents)
            legs = write_off(line.id, command.party_id, command.cents, reason=command.reason)
            self._post(session, "write_off", list(legs), command.accounting_date, line)

    def void_charge(self, command: VoidCharge) -> None:
        """Reverses a posted charge; money on the line is dealt with separately.

        Raises:
            Refused: ``charge_already_voided``, ``charge_not_posted``.
        """
        with self._desk.write() as session:
            line = _line(session, command.line_id)
            booked = -sum(
                session.scalars(
                    select(Posting.amount_cents).where(
                        Posting.charge_line_id == line.id,
                        Posting.account == str(Account.REVENUE),
                    )
                )
            )
            if booked == 0:
                raise Refused(
                    "charge_already_voided", "This charge is not in the books or already voided."
                )
            legs = [
                Leg(Account.REVENUE, booked, line_id=line.id, reason="charge_void"),
                Leg(
                    Account.RECEIVABLE,
                    -booked,
                    line_id=line.id,
                    party_id=command.party_id,
                    reason="charge_void",
                ),
            ]
            on = command.accounting_date
            self._post(session, "charge_void", legs, on, line, command.reason)

    def _post(
        self,
        session: Session,
        kind: str,
        legs: list[Leg],
        on: date | None,
        line: ChargeLine,
        memo: str | None = None,
    ) -> None:
        _ledger.post(session, self._desk, kind, legs, accounting_date=on, memo=memo)
        patient = session.scalar(
            select(Encounter.patient_id).where(Encounter.id == line.encounter_id)
        )
        self._desk.audit(session, kind.replace("_", " "), patient, "charge_line", line.id)


def _line(session: Session, line_id: int) -> ChargeLine:
    found = session.get(ChargeLine, line_id)
    if found is None:
        raise NotFound("This service line is no longer there. Refresh the page.")
    return found
