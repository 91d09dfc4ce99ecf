"""The encounter in front in a line: for the window's header and its footer."""

from __future__ import annotations

from app.domain.dates import format_date
from app.services.encounter_commands import EncounterView
from app.ui.pages.encounters_visit import VisitForm


def posted_title(view: EncounterView) -> tuple[str, str]:
    """Patient, and day, provider and payers of posted charges."""
    payers = ", then ".join(view.payers) or "self-pay"
    provider = " ".join(reversed(view.provider_name.split(", ")))
    parts = (format_date(view.command.service_date), provider, payers)
    return view.patient_name, " · ".join(parts)


def coding_title(visit: VisitForm) -> tuple[str, str]:
    """Patient and visit as typed so far."""
    patient = visit.patient()
    return (patient.name if patient else "New encounter"), visit.words()


def on_hold(view: EncounterView) -> str:
    """``On hold until 11/26/2026: waiting for the lab.``; empty when it is not."""
    until = f" until {format_date(view.hold_until)}" if view.hold_until else ""
    return f"On hold{until}: {view.hold_reason}." if view.hold_reason else ""


def facts(visit: VisitForm, kept_at: str) -> str:
    """When the draft was kept, and how many policies are in force on the day."""
    patient, day = visit.patient(), visit.day()
    told = [kept_at] if kept_at else []
    if patient is not None and day is not None:
        count = sum(p.in_force(day) for p in patient.policies)
        word = "policy" if count == 1 else "policies"
        told.append(f"{count} {word} in force on {format_date(day)}")
    return "     ".join(told)
