"""A practice set up from a claim case's ``input``, through the services as the windows do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from app.domain.books import Disposition
from app.domain.claim_form import PayerType, Relationship
from app.domain.errors import Refused
from app.domain.posting import EobAdjustment, EobLine
from app.services._ledger import party_of
from app.services.claim_commands import NewClaim
from app.services.door import Services
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.payment_commands import Application, OpenCheck, PatientPayment, PostEob
from app.services.people_commands import (
    SaveFacility,
    SavePatient,
    SavePayer,
    SavePolicy,
    SavePractice,
    SaveProvider,
    SaveReferring,
)
from tests.acceptance.claim_entries import address, day, encounter_command, insured
from tests.acceptance.claim_refusals import (
    edit_for_code,
    encounter_without,
    save_without,
    without,
)
from tests.office import let_all_pass

Case = dict[str, Any]


class ClaimOffice:
    """One case's practice; ``claim_id`` is the claim to print."""

    def __init__(self, services: Services, case: Case) -> None:
        self.services = services
        self.input: Case = case["input"]
        self.refused: set[str] = set()  # edits that refusals of the services stand for
        self._practice()
        self.providers = {p["key"]: self._provider(p) for p in self.input["providers"]}
        self.facilities = {f["key"]: self._facility(f) for f in self.input["facilities"]}
        self.referring = {r["key"]: self._referring(r) for r in self.input["referring"]}
        self.payers = {p["key"]: self._payer(p) for p in self.input["payers"]}
        self._patient()
        self._history()
        self._encounter()
        self._adjudicate()

    def _practice(self) -> None:
        p, settings = self.input["practice"], self.input["settings"]
        pay_to = p["pay_to"] or {}
        self._save(
            self.services.setup.save_practice,
            SavePractice(
                name=p["name"],
                address=address(p),
                phone=p["phone"] or "",
                npi=p["npi"],
                npi_type=p["npi_type"],
                tax_id=p["tax_id"],
                tax_id_type=p["tax_id_type"],
                taxonomy=p["taxonomy"] or "",
                pay_to_name=pay_to.get("name") or "",
                pay_to=address(pay_to),
                fte=p["fte"],
                medicare_paper_exception=bool(p["medicare_paper_exception"]),
            ),
            "E118",
        )
        save = self.services.setup.save_setting
        save("date_style", settings["date_style"])
        save("signature_text", settings["signature_text"])
        save("print_release_date", settings["box12_date"] != "blank")
        save("box20_no_when_none", settings["box20_when_none"] == "NO")
        save("medigap_prefix", settings["medigap_prefix"])

    def _provider(self, p: Case) -> int:
        key: int = self._save(
            self.services.setup.save_provider,
            SaveProvider(
                last=p["last"],
                first=p["first"],
                middle=p["middle"] or "",
                credentials=p["credentials"] or "",
                npi=p["npi"],
                taxonomy=p["taxonomy"] or "",
                medicare_participating=p["medicare_participating"],
                signature_on_file=p["signature_on_file"],
            ),
            "E104",
        )
        return key

    def _facility(self, f: Case) -> int:
        command = SaveFacility(f["name"], address(f), f["pos"], npi=f["npi"] or "")
        key: int = self._save(self.services.setup.save_facility, command, "E116")
        return key

    def _referring(self, r: Case) -> int:
        other = r.get("other_id") or {}
        if isinstance(other, str):
            other = {"id": other, "qualifier": "G2"}
        key: int = self._save(
            self.services.setup.save_referring,
            SaveReferring(
                last=r["last"],
                first=r["first"],
                middle=r.get("middle") or "",
                credentials=r.get("credentials") or "",
                npi=r["npi"] or "",
                other_id=other.get("id") or other.get("value") or "",
                other_id_qualifier=other.get("qualifier") or "",
            ),
            "E038",
        )
        return key

    def _save(self, save: Callable[[Any], Any], command: Any, npi: str = "") -> Any:
        """Saves a record; what the service refuses is noted and left out."""
        return save_without(command, save, without, self.refused, npi)

    def _payer(self, p: Case) -> int:
        return self.services.setup.save_payer(
            SavePayer(
                name=p["name"],
                type=PayerType(p["type"]),
                address=address(p),
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
        saved = self._save(
            self.services.patients.save,
            SavePatient(
                last=p["last"],
                first=p["first"],
                middle=p["middle"] or "",
                suffix=p["suffix"] or "",
                birth_date=day(p["birth_date"]),
                sex=p["sex"] or "",
                address=address(p),
                phone=p["phone"] or "",
                account_no=p["account_no"],
                release_signature_date=day(p["release_signature_date"]),
                death_date=day(p["death_date"]),
                do_not_bill_insurance=p["do_not_bill_insurance"],
                hospice=p["hospice"],
                policies=tuple(self._policy(policy) for policy in self.input["policies"]),
            ),
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
            insured=insured(p["insured"]),
            group_number=p["group_number"] or "",
            plan_name=p["plan_name"] or "",
            effective=day(p["effective"]),
            termination=day(p["termination"]),
            assignment_of_benefits=p["assignment_of_benefits"],
            msp_type=p["msp_type"] or "",
            medigap=p["medigap"],
            coba_id=p["coba_id"] or "",
            claim_number=p["claim_number"] or "",
        )

    def _encounter(self) -> None:
        e = self.input["encounter"]
        command = encounter_command(self, e)
        save = self.services.encounters.save
        saved = save_without(command, save, encounter_without, self.refused)
        view = self.services.encounters.show(saved.encounter_id)
        self.lines = [line.line_id for line in view.command.lines if line.line_id is not None]
        posted = self.services.encounters.post_charges(saved.encounter_id)
        self.claims = dict(enumerate(posted.claim_ids, start=1))
        if e["patient_paid_cents"]:
            self._receive(e["patient_paid_cents"])

    def _history(self) -> None:
        """Earlier visits of the patient, posted."""
        for visit in self.input["history"]:
            if visit["kind"] != "encounter":
                continue
            lines = tuple(SaveLine(code, 10000, pointers="A") for code in visit["codes"])
            saved = self.services.encounters.save(
                SaveEncounter(
                    patient_id=self.patient,
                    provider_id=self.providers[visit["provider"]],
                    service_date=date.fromisoformat(visit["date"]),
                    policy_ids=tuple(self.policies[rank] for rank in sorted(self.policies)),
                    diagnoses=("R69",),
                    lines=lines,
                )
            )
            self.services.encounters.post_charges(saved.encounter_id)

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
            self._send(claim)
            lines = tuple(self._eob_line(decision, line) for line in decision["lines"])
            payer = self.payers[self._policy_of(decision["rank"])["payer"]]
            check = self.services.checks.open_check(
                OpenCheck(payer, sum(line.paid for line in lines), "EOB")
            )
            number = decision["payer_claim_number"] or ""
            self.services.eobs.post_eob(
                PostEob(check.payment_id, claim, lines, payer_claim_number=number)
            )

    def _send(self, claim: int) -> None:
        """An earlier claim went out, whatever stood on it then."""
        let_all_pass(self.services, claim)
        self.services.claims.print_claims([claim])
        self.services.claims.confirm_printed([claim])

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
        self._send(claim)
        self._answer(claim)
        command = NewClaim(
            encounter_id=self.services.claims.show(claim).encounter_id,
            policy_id=self.policies[self.input["bill_to"]],
            frequency=str(again.get("code") or again.get("frequency") or ""),
            replaces_id=claim,
            original_reference=again.get("original_ref") or again.get("original_reference") or "",
        )
        try:
            return self.services.claims.new_claim(command)
        except Refused as error:
            self.refused.add(edit_for_code(error))
            given = replace(command, original_reference="UNKNOWN")
            return self.services.claims.new_claim(given)

    def _answer(self, claim: int) -> None:
        """The payer has decided on the original, where the case says so: paid as charged."""
        for past in self.input["history"]:
            decided = past.get("adjudicated", past.get("status") in ("paid", "denied"))
            if past["kind"] != "claim" or not decided:
                continue
            lines = self.services.claims.show(claim).lines
            payer = self.payers[self._policy_of(self.input["bill_to"])["payer"]]
            total = sum(line.charge_cents for line in lines)
            check = self.services.checks.open_check(OpenCheck(payer, total, "ORIGINAL"))
            paid = tuple(EobLine(n.line_id, n.charge_cents, n.charge_cents) for n in lines)
            self.services.eobs.post_eob(PostEob(check.payment_id, claim, paid))
