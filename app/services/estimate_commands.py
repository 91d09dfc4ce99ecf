"""Commands and results of good faith estimates (cents)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.estimates import Occasion, may_be_disputed
from app.domain.findings import Finding
from app.domain.patient_papers import EstimateItem


@dataclass(frozen=True, slots=True)
class MakeEstimate:
    """What is typed for an estimate (cents). ``revises_id``: the one it takes the place of."""

    patient_id: int
    provider_id: int
    service: str
    items: tuple[EstimateItem, ...]
    occasion: Occasion = Occasion.SCHEDULED
    asked_on: date | None = None
    service_date: date | None = None
    facility_id: int | None = None
    diagnoses: tuple[str, ...] = ()
    others: str = ""
    revises_id: int | None = None


@dataclass(frozen=True, slots=True)
class EstimateMade:
    """An estimate that was kept; ``warnings`` say when it comes too late."""

    estimate_id: int
    due_on: date | None
    total_cents: int
    warnings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """An estimate in a list (cents). ``over_cents``: how far the visit was charged above it."""

    estimate_id: int
    given_on: date
    service_date: date | None
    service: str
    total_cents: int
    state: str  # given, revised, withdrawn
    encounter_id: int | None = None
    over_cents: int | None = None

    @property
    def may_be_disputed(self) -> bool:
        """The bill is 400.00 or more above it."""
        return self.over_cents is not None and may_be_disputed(self.over_cents, 0)
