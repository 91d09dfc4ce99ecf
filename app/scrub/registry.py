"""Every claim edit, in the order of its id, and the one call that runs them."""

from __future__ import annotations

from app.domain.claim_form import ClaimForm
from app.scrub import (
    edits_bundling,
    edits_charges,
    edits_claim,
    edits_condition,
    edits_diagnoses,
    edits_drugs,
    edits_insured,
    edits_modifiers,
    edits_other_plan,
    edits_patient,
    edits_place,
    edits_procedures,
    edits_providers,
    edits_references,
    edits_referring,
    edits_service_dates,
    edits_special_services,
    edits_totals,
)
from app.scrub.edit import Edit, Fired, run
from app.scrub.facts import ScrubFacts

_TOPICS = (
    edits_bundling,
    edits_charges,
    edits_claim,
    edits_condition,
    edits_diagnoses,
    edits_drugs,
    edits_insured,
    edits_modifiers,
    edits_other_plan,
    edits_patient,
    edits_place,
    edits_procedures,
    edits_providers,
    edits_references,
    edits_referring,
    edits_service_dates,
    edits_special_services,
    edits_totals,
)

EDITS: tuple[Edit, ...] = tuple(
    sorted((edit for topic in _TOPICS for edit in topic.EDITS), key=lambda edit: edit.id)
)


def check(form: ClaimForm, facts: ScrubFacts) -> tuple[Fired, ...]:
    """Every finding on a claim: errors first, then by edit. Pure; reads nothing but its input."""
    return run(EDITS, form, facts)
