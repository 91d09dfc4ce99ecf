"""What a claim case holds, as the values and commands of the program."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from app.domain.claim_form import Address, QualifiedDate
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.people_commands import InsuredPerson

if TYPE_CHECKING:
    from tests.acceptance.claim_office import ClaimOffice

Case = dict[str, Any]


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def address(part: Case | None) -> Address:
    if not part:
        return Address()
    keys = ("address1", "address2", "city", "state", "zip")
    return Address(*(part.get(k) or "" for k in keys))


def insured(p: Case | None) -> InsuredPerson | None:
    if p is None:
        return None
    return InsuredPerson(
        last=p.get("last") or "",
        first=p.get("first") or "",
        middle=p.get("middle") or "",
        suffix=p.get("suffix") or "",
        organization=p.get("organization") or "",
        birth_date=day(p.get("birth_date")),
        sex=p.get("sex") or "",
        address=address(p),
        phone=p.get("phone") or "",
    )


def encounter_command(office: ClaimOffice, e: Case) -> SaveEncounter:
    related, lab = e["related"], e["outside_lab"]
    unable, hospital = e["unable_to_work"] or {}, e["hospital"] or {}
    referring = e["referring"] or {}
    return SaveEncounter(
        patient_id=office.patient,
        provider_id=office.providers[e["provider"]],
        facility_id=office.facilities.get(e["facility"]),
        service_date=date.fromisoformat(e["lines"][0]["from"]),
        place_of_service=e["place_of_service"],
        referring_id=office.referring[referring["key"]] if referring else None,
        referring_qualifier=referring.get("qualifier") or "",
        policy_ids=tuple(office.policies[rank] for rank in sorted(office.policies)),
        diagnoses=tuple(e["diagnoses"]),
        lines=tuple(line(each, e["anesthesia"]) for each in e["lines"]),
        related_employment=related["employment"],
        related_auto=related["auto"],
        auto_state=related["auto_state"] or "",
        related_other=related["other"],
        accident_date=day(related["accident_date"]),
        onset=qualified(e["onset"]),
        other_date=qualified(e["other_date"]),
        unable_from=day(unable.get("from")),
        unable_to=day(unable.get("to")),
        hospital_from=day(hospital.get("admit")),
        hospital_to=day(hospital.get("discharge")),
        prior_authorization=e["prior_auth"] or "",
        clia=e["clia"] or "",
        mammography_certificate=e["mammography_cert"] or "",
        claim_codes=e["claim_codes"] or "",
        additional_info=e["additional_info"] or "",
        outside_lab_cents=lab["purchase_cents"] if lab else None,
        accept_assignment=e["accept_assignment"],
        signed=e["signed"],
    )


def qualified(part: Case | None) -> QualifiedDate | None:
    return QualifiedDate(date.fromisoformat(part["date"]), part["qualifier"]) if part else None


def line(entry: Case, anesthesia: Case | None) -> SaveLine:
    ndc, times = entry["ndc"] or {}, anesthesia or {}
    return SaveLine(
        code=entry["code"],
        charge_cents=entry["charge_cents"],
        modifiers=" ".join(entry["modifiers"]),
        pointers="".join(entry["pointers"]),
        units=str(entry["units"]),
        service_from=day(entry["from"]),
        service_to=day(entry["to"]),
        place_of_service=entry["pos"],
        emergency=entry["emg"],
        epsdt=entry["epsdt"] or "",
        family_planning=entry["family_planning"],
        ndc_code=ndc.get("code") or "",
        ndc_unit=ndc.get("unit") or ndc.get("qualifier") or "",
        ndc_quantity=str(ndc.get("quantity") or ""),
        supplemental=entry["supplemental"] or "",
        anesthesia_start=times.get("start") or "",
        anesthesia_end=times.get("end") or "",
        anesthesia_minutes=times.get("minutes"),
    )
