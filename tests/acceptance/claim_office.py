"""A practice set up from a claim case's ``input``, through the services as the windows do it."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.domain.books import Disposition
from app.domain.claim_form import Address, PayerType, QualifiedDate, Relationship
from app.domain.posting import EobAdjustment, EobLine
from app.services._ledger import party_of
from app.services.claim_commands import NewClaim
from app.services.door import Services
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.payment_commands import Application, OpenCheck, PatientPayment, PostEob
from app.services.people_commands import (
    InsuredPerson,
    SaveFacility,
    SavePatient,
    SavePayer,
    SavePolicy,
    SavePractice,
    SaveProvider,
    SaveReferring,
)

Case = dict[str, Any]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _address(part: Case | None) -> Address:
    if not part:
        return Address()
    keys = ("address1", "address2", "city", "state", "zip")
    return Address(*(part.get(k) or "" for k in keys))


class ClaimOffice:
    """One case's practice; ``claim_id`` is the claim to print."""

    def __init__(self, services: Services, case: Case) -> None:
        self.services = services
        self.input: Case = case["input"]
        self._practice()
        self.providers = {p["key"]: self._provider(p) for p in self.input["providers"]}
        self.facilities = {f["key"]: self._facility(f) for f in self.input["facilities"]}
        self.referring = {r["key"]: self._referring(r) for r in self.input["referring"]}
        self.payers = {p["key"]: self._payer(p) for p in self.input["payers"]}
        self._patient()
        self._encounter()
        self._adjudicate()

    def _practice(self) -> None:
        p, settings = self.input["practice"], self.input["settings"]
        pay_to = p["pay_to"] or {}
        self.services.setup.save_practice(
            SavePractice(
                name=p["name"],
                address=_address(p),
                phone=p["phone"] or "",
                npi=p["npi"],
                npi_type=p["npi_type"],
                tax_id=p["tax_id"],
                tax_id_type=p["tax_id_type"],
                taxonomy=p["taxonomy"] or "",
                pay_to_name=pay_to.get("name") or "",
                pay_to=_address(pay_to),
                fte=p["fte"],
                medicare_paper_exception=bool(p["medicare_paper_exception"]),
            )
        )
        save = self.services.setup.save_setting
        save("date_style", settings["date_style"])
        save("signature_text", settings["signature_text"])
        save("print_release_date", settings["box12_date"] != "blank")
        save("box20_no_when_none", settings["box20_when_none"] == "NO")
        save("medigap_prefix", settings["medigap_prefix"])

    def _provider(self, p: Case) -> int:
        return self.services.setup.save_provider(
            SaveProvider(
                last=p["last"],
                first=p["first"],
                middle=p["middle"] or "",
                credentials=p["credentials"] or "",
                npi=p["npi"],
                taxonomy=p["taxonomy"] or "",
                medicare_participating=p["medicare_participating"],
                signature_on_file=p["signature_on_file"],
            )
        )

    def _facility(self, f: Case) -> int:
        return self.services.setup.save_facility(
            SaveFacility(f["name"], _address(f), f["pos"], npi=f["npi"] or "")
        )

    def _referring(self, r: Case) -> int:
        other = r.get("other_id") or {}
        if isinstance(other, str):
            other = {"id": other, "qualifier": "G2"}
        return self.services.setup.save_referring(
            SaveReferring(
                last=r["last"],
                first=r["first"],
                middle=r.get("middle") or "",
                credentials=r.get("credentials") or "",
                npi=r["npi"] or "",
                other_id=other.get("id") or other.get("value") or "",
                other_id_qualifier=other.get("qualifier") or "",
            )
        )

    def _payer(self, p: Case) -> int:
        return self.services.setup.save_payer(
            SavePayer(
                name=p["name"],
                type=PayerType(p["type"]),
                address=_address(p),
                multi_page=p["multi_page"],
                one_pointer_per_line=p["one_pointer_per_line"],
                accepts_plain_paper=p["accepts_plain_paper"],
                box29=p["box29"],
                taxonomy_24j=p["taxonomy_24j"],
                taxonomy_33b=p["taxonomy_33b"],
                ndc_required=p["ndc_required"],
                epsdt_in_24h=p["epsdt_in_24h"],
                emg_in_24c=p["emg_in_24c"],
                anesthesia_times_in_shaded=p["anesthesia_times_in_shaded"],
                telehealth_modifier=p["telehealth_modifier"] or "",
                prior_auth_required_codes=" ".join(p["prior_auth_required_codes"]),
                referring_required_codes=" ".join(p["referring_required_codes"]),
                id_mask=p["id_mask"] or "",
                timely_filing_days=p["timely_filing_days"],
            )
        )

    def _patient(self) -> None:
        p = self.input["patient"]
        saved = self.services.patients.save(
            SavePatient(
                last=p["last"],
                first=p["first"],
                middle=p["middle"] or "",
                suffix=p["suffix"] or "",
                birth_date=_day(p["birth_date"]),
                sex=p["sex"] or "",
                address=_address(p),
                phone=p["phone"] or "",
                account_no=p["account_no"],
                release_signature_date=_day(p["release_signature_date"]),
                death_date=_day(p["death_date"]),
                do_not_bill_insurance=p["do_not_bill_insurance"],
                hospice=p["hospice"],
                policies=tuple(self._policy(policy) for policy in self.input["policies"]),
            )
        )
        self.patient = saved.patient_id
        view = self.services.patients.show(self.patient)
        by_rank = {policy.rank: policy.policy_id for policy in view.policies}
        self.policies = {rank: key for rank, key in by_rank.items() if key is not None}

    def _policy(self, p: Case) -> SavePolicy:
        return SavePolicy(
            payer_id=self.payers[p["payer"]],
            member_id=p["member_id"] or "",
            rank=p["rank"],
            relationship=Relationship(p["relationship"]),
            insured=_insured(p["insured"]),
            group_number=p["group_number"] or "",
            plan_name=p["plan_name"] or "",
            effective=_day(p["effective"]),
            termination=_day(p["termination"]),
            assignment_of_benefits=p["assignment_of_benefits"],
            msp_type=p["msp_type"] or "",
            medigap=p["medigap"],
            coba_id=p["coba_id"] or "",
            claim_number=p["claim_number"] or "",
        )

    def _encounter(self) -> None:
        e = self.input["encounter"]
        saved = self.services.encounters.save(_encounter_command(self, e))
        view = self.services.encounters.show(saved.encounter_id)
        self.lines = [line.line_id for line in view.command.lines if line.line_id is not None]
        posted = self.services.encounters.post_charges(saved.encounter_id)
        self.claims = dict(enumerate(posted.claim_ids, start=1))
        if e["patient_paid_cents"]:
            self._receive(e["patient_paid_cents"])

    def _receive(self, cents: int) -> None:
        """Money taken at the visit: the copay, out of the first payer's bucket."""
        with self.services.desk.read() as session:
            party = party_of(session, self.policies[1])
        guarantor = self.services.accounts.show(self.patient).guarantor_id
        apply = (Application(self.lines[0], cents, party),)
        self.services.receipts.receive(
            PatientPayment(guarantor, cents, apply, patient_id=self.patient, method="cash")
        )

    def _adjudicate(self) -> None:
        for decision in self.input["prior_adjudication"]:
            claim = self.claims[decision["rank"]]
            self.services.claims.print_claims([claim])
            self.services.claims.confirm_printed([claim])
            lines = tuple(self._eob_line(decision, line) for line in decision["lines"])
            payer = self.payers[self._policy_of(decision["rank"])["payer"]]
            check = self.services.checks.open_check(
                OpenCheck(payer, sum(line.paid for line in lines), "EOB")
            )
            number = decision["payer_claim_number"] or ""
            self.services.eobs.post_eob(
                PostEob(check.payment_id, claim, lines, payer_claim_number=number)
            )

    def _policy_of(self, rank: int) -> Case:
        return next(p for p in self.input["policies"] if p["rank"] == rank)

    def _eob_line(self, decision: Case, line: Case) -> EobLine:
        charge = self.input["encounter"]["lines"][line["line"] - 1]["charge_cents"]
        after = [r for r in self.policies if r > decision["rank"]]
        with self.services.desk.read() as session:
            following = party_of(session, self.policies[min(after)])
        return EobLine(
            line_id=self.lines[line["line"] - 1],
            billed=charge,
            paid=line["paid_cents"],
            allowed=line["allowed_cents"],
            adjustments=tuple(
                EobAdjustment(
                    a["group"],
                    a["carc"],
                    a["cents"],
                    Disposition.TRANSFER if a["group"] == "PR" else Disposition.WRITEOFF,
                    following if a["group"] == "PR" else None,
                )
                for a in line["adjustments"]
            ),
        )

    def claim_id(self) -> int:
        """The claim that the case prints; a correction or a void is made as a new claim."""
        claim = self.claims[self.input["bill_to"]]
        again = self.input["encounter"]["resubmission"]
        if not again:
            return claim
        self.services.claims.print_claims([claim])
        self.services.claims.confirm_printed([claim])
        return self.services.claims.new_claim(
            NewClaim(
                encounter_id=self.services.claims.show(claim).encounter_id,
                policy_id=self.policies[self.input["bill_to"]],
                frequency=str(again.get("code") or again["frequency"]),
                replaces_id=claim,
                original_reference=again.get("original_ref") or again["original_reference"],
            )
        )


def _insured(p: Case | None) -> InsuredPerson | None:
    if p is None:
        return None
    return InsuredPerson(
        last=p.get("last") or "",
        first=p.get("first") or "",
        middle=p.get("middle") or "",
        suffix=p.get("suffix") or "",
        organization=p.get("organization") or "",
        birth_date=_day(p.get("birth_date")),
        sex=p.get("sex") or "",
        address=_address(p),
        phone=p.get("phone") or "",
    )


def _encounter_command(office: ClaimOffice, e: Case) -> SaveEncounter:
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
        lines=tuple(_line(line, e["anesthesia"]) for line in e["lines"]),
        related_employment=related["employment"],
        related_auto=related["auto"],
        auto_state=related["auto_state"] or "",
        related_other=related["other"],
        accident_date=_day(related["accident_date"]),
        onset=_qualified(e["onset"]),
        other_date=_qualified(e["other_date"]),
        unable_from=_day(unable.get("from")),
        unable_to=_day(unable.get("to")),
        hospital_from=_day(hospital.get("admit")),
        hospital_to=_day(hospital.get("discharge")),
        prior_authorization=e["prior_auth"] or "",
        clia=e["clia"] or "",
        mammography_certificate=e["mammography_cert"] or "",
        claim_codes=e["claim_codes"] or "",
        additional_info=e["additional_info"] or "",
        outside_lab_cents=lab["purchase_cents"] if lab else None,
        accept_assignment=e["accept_assignment"],
        signed=e["signed"],
    )


def _qualified(part: Case | None) -> QualifiedDate | None:
    return QualifiedDate(date.fromisoformat(part["date"]), part["qualifier"]) if part else None


def _line(line: Case, anesthesia: Case | None) -> SaveLine:
    ndc, times = line["ndc"] or {}, anesthesia or {}
    return SaveLine(
        code=line["code"],
        charge_cents=line["charge_cents"],
        modifiers=" ".join(line["modifiers"]),
        pointers="".join(line["pointers"]),
        units=str(line["units"]),
        service_from=_day(line["from"]),
        service_to=_day(line["to"]),
        place_of_service=line["pos"],
        emergency=line["emg"],
        epsdt=line["epsdt"] or "",
        family_planning=line["family_planning"],
        ndc_code=ndc.get("code") or "",
        ndc_unit=ndc.get("unit") or "",
        ndc_quantity=str(ndc.get("quantity") or ""),
        supplemental=line["supplemental"] or "",
        anesthesia_start=times.get("start") or "",
        anesthesia_end=times.get("end") or "",
        anesthesia_minutes=times.get("minutes"),
    )
