"""Collections: placing what a household owes with an agency, recalling it, giving it up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY, Account, Leg
from app.domain.errors import NotFound, Refused
from app.domain.posting import move, write_off
from app.models.books import Journal, LineBalance
from app.models.people import Guarantor, Patient
from app.models.visits import ChargeLine, Encounter
from app.services import _holds, _ledger
from app.services.desk import Desk

GIVEN_UP = "given up"  # the journal's memo


@dataclass(frozen=True, slots=True)
class Collected:
    """What moved: cents, on so many lines, by which journal."""

    cents: int
    lines: tuple[int, ...]
    journal_id: int


@dataclass(frozen=True, slots=True)
class _Open:
    """A line of the household with what a party owes on it (cents), and what payers still owe."""

    line_id: int
    patient_id: int
    cents: int
    payers: int


class CollectionService:
    """Each act moves every line named, or all of the household, in one journal."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def place(
        self,
        guarantor_id: int,
        line_ids: Iterable[int] | None = None,
        *,
        agency: str = "",
        on: date | None = None,
    ) -> Collected:
        """What the patients of a guarantor owe goes to the agency; statements stop for it.

        ``line_ids`` None: every line on which only the patient still owes.

        Raises:
            NotFound: no such guarantor.
            Refused: ``nothing_owed``; ``policy:payer_still_open`` when a line is named that a
                payer still owes on; ``account_on_hold`` while there is a dispute, a bankruptcy or
                an estate.
        """
        with self._desk.write() as session:
            _holds.check_may_press(session, self._desk, guarantor_id)
            found = self._open(session, guarantor_id, PATIENT_PARTY, line_ids)
            if line_ids is not None and any(line.payers > 0 for line in found):
                raise Refused(
                    "policy:payer_still_open",
                    "An insurer has not yet decided a line. It cannot go to collections.",
                )
            ripe = [line for line in found if line.payers <= 0]
            memo = f"placed with {agency.strip()}" if agency.strip() else "placed for collection"
            return self._pass(session, ripe, PATIENT_PARTY, COLLECTIONS_PARTY, memo, on)

    def recall(
        self,
        guarantor_id: int,
        line_ids: Iterable[int] | None = None,
        *,
        why: str = "recalled from the agency",
        on: date | None = None,
    ) -> Collected:
        """Takes lines back from the agency: the patient owes them to the practice again.

        Raises:
            NotFound: no such guarantor.
            Refused: ``nothing_owed``.
        """
        with self._desk.write() as session:
            found = self._open(session, guarantor_id, COLLECTIONS_PARTY, line_ids)
            return self._pass(session, found, COLLECTIONS_PARTY, PATIENT_PARTY, why, on)

    def give_up(
        self, guarantor_id: int, line_ids: Iterable[int] | None = None, *, on: date | None = None
    ) -> Collected:
        """Writes off as bad debt what the agency did not recover.

        Raises:
            NotFound: no such guarantor.
            Refused: ``nothing_owed``.
        """
        with self._desk.write() as session:
            found = self._open(session, guarantor_id, COLLECTIONS_PARTY, line_ids)
            legs = [
                leg
                for line in found
                for leg in write_off(line.line_id, COLLECTIONS_PARTY, line.cents, reason="bad_debt")
            ]
            return self._post(session, "write_off", found, legs, GIVEN_UP, on)

    def take_back(self, journal_id: int) -> None:
        """A debt given up by mistake lies with the agency again; dated today.

        Raises:
            NotFound: the journal gave up no debt.
            Refused: ``already_reversed``; ``exceeds_written_off`` when part of it was put back
                line by line; ``closed_period``.
        """
        with self._desk.write() as session:
            row = session.get(Journal, journal_id)
            if row is None or row.kind != "write_off" or row.memo != GIVEN_UP:
                raise NotFound("This write-off is no longer there. Refresh the account.")
            _ledger.check_standing(session, journal_id)
            for leg in _ledger.legs_of(session, journal_id):
                if leg.account is Account.ADJUSTMENT and leg.line_id is not None:
                    _ledger.check_written_off(session, leg.line_id, leg.cents)
            legs = _ledger.mirror(session, self._desk, journal_id, "taken back")
            lines = {leg.line_id for leg in legs}
            query = select(Encounter.patient_id).join(
                ChargeLine, ChargeLine.encounter_id == Encounter.id
            )
            for patient in session.scalars(query.where(ChargeLine.id.in_(lines)).distinct()):
                self._desk.audit(session, "collections: debt not given up", patient)

    def _open(
        self, session: Session, guarantor_id: int, party: int, line_ids: Iterable[int] | None
    ) -> list[_Open]:
        if session.get(Guarantor, guarantor_id) is None:
            raise NotFound("This guarantor is no longer there. Refresh the list.")
        query = (
            select(ChargeLine.id, Encounter.patient_id, LineBalance.amount_cents)
            .join(LineBalance, LineBalance.charge_line_id == ChargeLine.id)
            .join(Encounter, Encounter.id == ChargeLine.encounter_id)
            .join(Patient, Patient.id == Encounter.patient_id)
            .where(
                Patient.guarantor_id == guarantor_id,
                LineBalance.party_id == party,
                LineBalance.amount_cents > 0,
            )
            .order_by(ChargeLine.service_from, ChargeLine.id)
        )
        if line_ids is not None:
            query = query.where(ChargeLine.id.in_(list(line_ids)))
        rows = session.execute(query).all()
        owed = _ledger.buckets(session, [line for line, _, _ in rows])
        own = (PATIENT_PARTY, COLLECTIONS_PARTY)
        return [
            _Open(
                line,
                patient,
                cents,
                sum(max(has, 0) for key, has in owed[line].items() if key not in own),
            )
            for line, patient, cents in rows
        ]

    def _pass(
        self,
        session: Session,
        lines: list[_Open],
        source: int,
        target: int,
        memo: str,
        on: date | None,
    ) -> Collected:
        legs = [
            leg
            for line in lines
            for leg in move(line.line_id, source, target, line.cents, reason="collections")
        ]
        return self._post(session, "transfer", lines, legs, memo, on)

    def _post(
        self,
        session: Session,
        kind: str,
        lines: list[_Open],
        legs: list[Leg],
        memo: str,
        on: date | None,
    ) -> Collected:
        if not lines:
            raise Refused("nothing_owed", "Nothing is owed here that could be moved.")
        journal = _ledger.post(session, self._desk, kind, legs, accounting_date=on, memo=memo)
        for patient in sorted({line.patient_id for line in lines}):
            self._desk.audit(session, f"collections: {memo}", patient)
        moved = tuple(line.line_id for line in lines)
        return Collected(sum(line.cents for line in lines), moved, journal)
