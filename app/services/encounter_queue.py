"""The encounters as a work list: what is to be coded, on hold, posted and billed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Row, Select, case, exists, func, or_, select

from app.models.attachments import RecurringDay
from app.models.people import Patient, Payer, Policy, Provider
from app.models.visits import ChargeLine, Claim, Encounter, EncounterCoverage
from app.services.desk import Desk
from app.services.encounter_commands import EncounterRow

STATES = ("draft", "coded", "on hold", "posted", "billed", "voided")
# What the row itself says for a state; the other states are derived of posted ones.
_KEPT = {**dict.fromkeys(("open", "draft", "coded", "on hold"), "draft"), "voided": "voided"}


class EncounterQueueService:
    """Lists encounters; one query whatever their number."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def list_encounters(
        self, state: str = "", text: str = "", patient_id: int | None = None, limit: int = 300
    ) -> tuple[EncounterRow, ...]:
        """Encounters in a state, newest first; ``text`` begins a name or an account number."""
        # Which ones first, by the index over their days; only those are put together.
        newest = (Encounter.service_date.desc(), Encounter.id.desc())
        which = select(Encounter.id).order_by(*newest).limit(limit)
        if state:
            which = _standing(which, state)
        if patient_id is not None:
            which = which.where(Encounter.patient_id == patient_id)
        if text.strip():
            typed = text.strip().lower()
            columns = (Patient.last, Patient.first, Patient.account_no)
            which = which.join(Patient, Patient.id == Encounter.patient_id).where(
                or_(*(func.lower(c).startswith(typed, autoescape=True) for c in columns))
            )
        query = _query().where(Encounter.id.in_(which)).order_by(*newest)
        with self._desk.read() as session:
            return tuple(_row(r, self._desk.today) for r in session.execute(query))

    def counts(self) -> dict[str, int]:
        """How many encounters stand in each state."""
        with self._desk.read() as session:
            state = _state()
            query = select(state, func.count()).select_from(Encounter).group_by(state)
            return dict(session.execute(query).all())


def _standing(which: Select[int], state: str) -> Select[int]:
    """Only those in a state, or the open ones. Few are not posted: their index finds them."""
    kept = _KEPT.get(state, "posted")
    if kept != "posted":
        which = which.with_hint(Encounter, "INDEXED BY ix_encounter_status", "sqlite")
    which = which.where(Encounter.status == kept)
    return which if state == "open" else which.where(_state() == state)


def _state() -> ColumnElement[str]:
    sent = exists().where(
        Claim.encounter_id == Encounter.id, Claim.status.not_in(("ready", "held", "printed"))
    )
    coded = exists().where(ChargeLine.encounter_id == Encounter.id)
    return case(
        (Encounter.status == "voided", "voided"),
        ((Encounter.status == "draft") & Encounter.hold_reason.is_not(None), "on hold"),
        # A draft of a recurring visit is coded once somebody has looked it over and saved it.
        ((Encounter.status == "draft") & _recurring() & (Encounter.version == 1), "draft"),
        ((Encounter.status == "draft") & coded, "coded"),
        (Encounter.status == "draft", "draft"),
        (sent, "billed"),
        else_="posted",
    )


def _recurring() -> ColumnElement[bool]:
    return exists().where(RecurringDay.encounter_id == Encounter.id)


def _query() -> Select[Encounter, int, str, str, str, str, str, str, int, bool]:
    codes = (
        select(func.group_concat(ChargeLine.code, " "))
        .where(ChargeLine.encounter_id == Encounter.id)
        .scalar_subquery()
    )
    total = (
        select(func.coalesce(func.sum(ChargeLine.charge_cents), 0))
        .where(ChargeLine.encounter_id == Encounter.id)
        .scalar_subquery()
    )
    fixed = (
        select(Payer.name)
        .join(Policy, Policy.payer_id == Payer.id)
        .join(EncounterCoverage, EncounterCoverage.policy_id == Policy.id)
        .where(EncounterCoverage.encounter_id == Encounter.id, EncounterCoverage.rank == 1)
        .scalar_subquery()
    )
    in_force = (
        select(Payer.name)
        .join(Policy, Policy.payer_id == Payer.id)
        .where(
            Policy.patient_id == Encounter.patient_id,
            or_(Policy.effective.is_(None), Policy.effective <= Encounter.service_date),
            or_(Policy.termination.is_(None), Policy.termination >= Encounter.service_date),
        )
        .order_by(Policy.rank)
        .limit(1)
        .scalar_subquery()
    )
    payer = case((Encounter.self_pay, ""), else_=func.coalesce(fixed, in_force, ""))
    return (
        select(
            Encounter,
            Patient.id,
            Patient.last,
            Patient.first,
            Provider.last,
            payer,
            func.coalesce(codes, ""),
            _state(),
            total,
            _recurring(),
        )
        .join(Patient, Patient.id == Encounter.patient_id)
        .join(Provider, Provider.id == Encounter.provider_id)
    )


def _row(
    r: Row[Encounter, int, str, str, str, str, str, str, int, bool], today: date
) -> EncounterRow:
    encounter, patient_id, last, first, provider, payer, codes, state, total, again = r
    until = encounter.hold_until if state == "on hold" else None
    return EncounterRow(
        encounter_id=encounter.id,
        patient_id=patient_id,
        patient_name=f"{last}, {first}",
        service_date=encounter.service_date,
        provider=provider,
        payer=payer or "self-pay",
        codes=codes,
        total_cents=total,
        state=state,
        note=encounter.hold_reason or "",
        recurring=again,
        hold_until=until,
        hold_over=until is not None and until <= today,
    )
