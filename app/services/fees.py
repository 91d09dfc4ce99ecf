"""Fees of the practice: a bounced check, a missed appointment, forms. Never on a claim."""

from __future__ import annotations

from datetime import date

from app.domain.errors import Refused
from app.models.visits import Encounter
from app.services import _fees, _ledger
from app.services.desk import Desk
from app.services.setup import read_setting

KINDS = {kind: words for kind, (_, words) in _fees.FEES.items()}
CODES = frozenset(code for code, _ in _fees.FEES.values())  # what stands on a fee's line


class FeeService:
    """Charges fees to patients and takes them off again."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def charge(self, patient_id: int, kind: str, cents: int, on: date | None = None) -> int:
        """Charges a fee to the patient alone; answers the id of its encounter.

        Raises:
            Invalid: no amount, an unknown kind.
            NotFound: no such patient.
            Refused: ``account_on_hold``, ``no_provider``, ``closed_period``.
        """
        with self._desk.write() as session:
            return _fees.charge(session, self._desk, patient_id, kind, cents, on)

    def take_off(self, encounter_id: int, why: str = "fee forgiven") -> None:
        """Takes a fee off the account by a reversing entry; money paid on it becomes a credit.

        Raises:
            NotFound: the encounter is no fee.
            Refused: ``charge_already_voided``.
        """
        with self._desk.write() as session:
            line = _fees.lines_of(session, encounter_id)[0]
            visit = session.get_one(Encounter, encounter_id)
            journal = _ledger.first_journal(session, line, "charge")
            voided = _ledger.first_journal(session, line, "charge_void")
            if voided or _ledger.reversed_by(session, journal) is not None:
                raise Refused("charge_already_voided", "This fee was already taken off.")
            _ledger.mirror(session, self._desk, journal, why or None)
            visit.status = "voided"
            self._desk.audit(session, "take off fee", visit.patient_id, "encounter", encounter_id)

    def usual(self) -> dict[str, int]:
        """What the practice charges for each kind of fee (cents), 0 where nothing is set."""
        with self._desk.read() as session:
            return {kind: int(read_setting(session, f"fee_{kind}_cents")) for kind in KINDS}
