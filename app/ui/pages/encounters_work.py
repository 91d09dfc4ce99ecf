"""What the coding window works with."""

from __future__ import annotations

from dataclasses import dataclass

from app.services.claims import ClaimService
from app.services.coding_desk import CodingDeskService
from app.services.drafts import DraftService
from app.services.encounters import EncounterService
from app.ui.printout import PrintOut


@dataclass(frozen=True, slots=True)
class Work:
    """The services that open, keep and post an encounter, and where its sheet goes."""

    encounters: EncounterService
    claims: ClaimService
    coding: CodingDeskService
    drafts: DraftService
    out: PrintOut
