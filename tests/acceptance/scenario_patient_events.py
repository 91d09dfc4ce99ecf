"""Events of patients' money: receipts, refunds, checks that come back, third parties."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY
from app.services.payment_commands import Application, ApplyUnapplied, PatientPayment, Refund
from app.services.returns import BouncedCheck
from app.services.third_parties import OpenPartyCheck, PartyPayment, PartyReceipt
from tests.acceptance.scenario_office import ScenarioOffice

Event = dict[str, Any]


def on_date(event: Event) -> date | None:
    """The accounting date an event asks for; None: its own day."""
    named = event.get("accounting_date") or event.get("posting_date")
    return date.fromisoformat(named) if named else None


def patient_payment(office: ScenarioOffice, event: Event) -> None:
    name = event["patient"]
    guarantor = office.guarantors.get(name)
    if guarantor is None:
        guarantor = office.services.accounts.show(office.patients[name]).guarantor_id
    received = office.services.receipts.receive(
        PatientPayment(
            guarantor_id=guarantor,
            patient_id=office.patients.get(name),
            amount_cents=event["amount"],
            number=event["receipt"],
            method=str(event.get("method") or event.get("tender") or "check"),
            received_on=on_date(event),
            apply=tuple(
                Application(
                    office.lines[a["line"]],
                    a["amount"],
                    office.party(a["line"], a["from"]) if "from" in a else None,
                )
                for a in event["apply"]
            ),
        )
    )
    office.receipts[event["receipt"]] = received.payment_id


def apply_unapplied(office: ScenarioOffice, event: Event) -> None:
    office.services.receipts.apply_unapplied(
        ApplyUnapplied(
            source_id=office.money_source(event["source"]),
            line_id=office.lines[event["line"]],
            party_id=office.party(event["line"], event["bucket"]),
            cents=event["amount"],
            accounting_date=on_date(event),
        )
    )


def refund(office: ScenarioOffice, event: Event) -> None:
    line = event.get("line")
    source = event.get("source")
    anchor = line or next(iter(office.lines))
    office.services.receipts.refund(
        Refund(
            to_party=office.party(anchor, event["to"]),
            cents=event["amount"],
            line_id=office.lines[line] if line else None,
            source_id=office.money_source(source) if source else None,
            paid_on=on_date(event),
        )
    )


def return_check(office: ScenarioOffice, event: Event) -> None:
    """An insurer's check came back or was stopped; a patient's bounced."""
    name = event.get("check") or event["receipt"]
    if name in office.receipts and name not in office.checks:
        nsf(office, {**event, "receipt": name})
        return
    office.services.returns.return_check(
        office.checks[name], event.get("reason", ""), stopped="stop" in event.get("reason", "")
    )


def nsf(office: ScenarioOffice, event: Event) -> None:
    """A bounced check; its fee is a line of its own: of the set-up, or made now."""
    name = event.get("receipt") or event["check"]
    if name in office.checks and name not in office.receipts:
        office.services.returns.return_check(office.checks[name], "NSF")
        return
    fee, line = _fee_of(event)
    ours = fee if line not in office.lines else 0
    done = office.services.returns.nsf(
        BouncedCheck(
            office.receipts[name],
            ours,
            office.patients.get(event.get("patient", "")),
            on=on_date(event),
        )
    )
    if done.fee_encounter_id is not None:
        show = office.services.encounters.show(done.fee_encounter_id)
        patient = next(k for k, v in office.patients.items() if v == show.command.patient_id)
        office.add_fee(line, patient, done.fee_encounter_id)
    elif fee:
        encounter = office.line_encounter[line]
        office.services.encounters.post_charges(office.encounters[encounter])
        office.posted.append(line)


def _fee_of(event: Event) -> tuple[int, str]:
    """Cents and name of the line of an event's fee, however it is written."""
    fee: Any = event.get("fee", event.get("nsf_fee", 0)) or 0
    if isinstance(fee, dict):
        return int(fee.get("amount") or fee["charge"]), str(fee.get("line") or "FEE")
    return int(fee), str(event.get("fee_line") or event.get("line") or "FEE")


def party_payment(office: ScenarioOffice, event: Event) -> None:
    """Money of an agency, an attorney, an employer: on a check opened before, or by itself."""
    name = event.get("check") or event.get("receipt") or f"P{event['seq']}"
    parts = event.get("apply") or event.get("lines") or [event]
    if name in office.checks:
        for part in parts:
            line, party, cents = _party_part(office, event, part)
            office.services.third_parties.apply(
                PartyPayment(office.checks[name], line, party, cents, on_date(event))
            )
        return
    placed = [_party_part(office, event, part) for part in parts]
    fee = event.get("agency_fee", event.get("fee", 0)) or 0
    gross = sum(cents for _, _, cents in placed)
    amount = event["amount"] - fee if event["amount"] == gross else event["amount"]
    who = str(event.get("payer") or event.get("party") or "third party")
    kind = "agency" if fee or who in ("COLL", "AGENCY") else office.outsider(who) or "other"
    received = office.services.third_parties.receive(
        PartyReceipt(
            OpenPartyCheck(who, amount, kind, name),
            tuple(Application(line, cents, party) for line, party, cents in placed),
            fee,
        )
    )
    office.receipts[name] = received.payment_id


def _party_part(office: ScenarioOffice, event: Event, part: Event) -> tuple[int, int, int]:
    line: str = part["line"]
    cents = int(part.get("amount") or part.get("paid") or 0)
    for key in ("bucket", "from", "party"):
        word: str = part.get(key) or event.get(key) or ""
        if word in ("PAT", "COLL") or word in office.payers:
            return office.lines[line], office.party(line, word), cents
    owed = office.services.accounts.show(office.patients[office.patient_of_line(line)])
    own = next(n for n in owed.lines if n.line_id == office.lines[line]).owes
    placed = any(o.party_id == COLLECTIONS_PARTY and o.cents > 0 for o in own)
    return office.lines[line], COLLECTIONS_PARTY if placed else PATIENT_PARTY, cents


PATIENT_EVENTS = {
    "patient_payment": patient_payment,
    "apply_unapplied": apply_unapplied,
    "refund": refund,
    "return_check": return_check,
    "nsf": nsf,
    "party_payment": party_payment,
}
