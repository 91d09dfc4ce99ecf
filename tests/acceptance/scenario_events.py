"""What each kind of scenario event does, through the services that the windows call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.domain.books import CheckItem, Disposition
from app.domain.posting import EobAdjustment, EobLine
from app.services.adjustments import Transfer, VoidCharge, WriteOff
from app.services.claim_commands import NewClaim
from app.services.payment_commands import (
    AddCheckItem,
    Application,
    ApplyUnapplied,
    EditCheck,
    OpenCheck,
    PatientPayment,
    PostEob,
    Refund,
    ReverseEob,
)
from tests.acceptance.scenario_office import ScenarioOffice

Event = dict[str, Any]


def post_charges(office: ScenarioOffice, event: Event) -> None:
    key = event["encounter"]
    office.services.encounters.post_charges(office.encounters[key])
    office.posted += [line["line"] for line in office.setup["encounters"][key]["lines"]]


def submit_claim(office: ScenarioOffice, event: Event) -> None:
    claim_id = _waiting_claim(office, event) or _new_claim(office, event)
    office.services.claims.print_claims([claim_id])
    office.services.claims.confirm_printed([claim_id])
    office.claims[event["claim"]] = claim_id


def _waiting_claim(office: ScenarioOffice, event: Event) -> int | None:
    """The claim that posting charges or an EOB made by itself, if it is the one meant."""
    if "replaces" in event:
        return None
    encounter = office.encounters[office.line_encounter[event["lines"][0]]]
    patient = office.patient_of_line(event["lines"][0])
    policy = office.policies[patient, event["payer"]]
    from app.models.visits import Claim

    with office.services.desk.read() as session:
        rows = session.query(Claim).filter_by(encounter_id=encounter, policy_id=policy).all()
        waiting = [c for c in rows if c.status in ("ready", "held")]
        if not waiting:
            return None
    claim = waiting[0]
    if claim.status == "held":
        office.services.claims.set_status(claim.id, "ready")
    return claim.id


def _new_claim(office: ScenarioOffice, event: Event) -> int:
    line = event["lines"][0]
    return office.services.claims.new_claim(
        NewClaim(
            encounter_id=office.encounters[office.line_encounter[line]],
            policy_id=office.policies[office.patient_of_line(line), event["payer"]],
            frequency=event["frequency"],
            replaces_id=office.claims.get(event.get("replaces", "")),
            original_reference=event.get("original_ref", ""),
            line_ids=tuple(office.lines[name] for name in event["lines"]),
        )
    )


def open_check(office: ScenarioOffice, event: Event) -> None:
    opened = office.services.checks.open_check(
        OpenCheck(
            payer_id=office.payers[event["payer"]],
            amount_cents=event["amount"],
            number=event["check"],
            method=event.get("method", "check"),
        )
    )
    office.checks[event["check"]] = opened.payment_id


def post_eob(office: ScenarioOffice, event: Event) -> None:
    posted = office.services.eobs.post_eob(
        PostEob(
            payment_id=office.checks[event["check"]],
            claim_id=office.claims[event["claim"]],
            lines=tuple(_eob_line(office, line) for line in event["lines"]),
            remarks=tuple(event.get("remarks", ())),
            from_unapplied=event.get("from_unapplied", False),
        )
    )
    office.eobs[event["seq"]] = posted.eob_id
    if created := event.get("creates_claim"):
        rows = office.services.claims.list_claims((created["status"],))
        number = posted.released_claims[0]
        office.claims[created["claim"]] = next(r.claim_id for r in rows if r.number == number)


def _eob_line(office: ScenarioOffice, line: Event) -> EobLine:
    return EobLine(
        line_id=office.lines[line["line"]],
        billed=line["billed"],
        paid=line["paid"],
        adjustments=tuple(_adjustment(office, line["line"], a) for a in line["adjustments"]),
    )


def _adjustment(office: ScenarioOffice, line: str, a: Event) -> EobAdjustment:
    word, _, target = a["post"].partition(":")
    return EobAdjustment(
        group=a["group"],
        carc=a["carc"],
        cents=a["amount"],
        disposition=Disposition(word),
        to_party=office.party(line, target) if target else None,
    )


def reverse_eob(office: ScenarioOffice, event: Event) -> None:
    office.services.eobs.reverse_eob(
        ReverseEob(
            eob_id=office.eobs[event["ref"]],
            payment_id=office.checks[event["check"]],
            claim_status_after=event.get("claim_status_after"),
        )
    )


def check_item(office: ScenarioOffice, event: Event) -> None:
    office.services.checks.add_item(
        AddCheckItem(
            payment_id=office.checks[event["check"]],
            kind=CheckItem(event["kind"]),
            amount_cents=event["amount"],
            code=event.get("code", ""),
            note=event.get("notes", ""),
        )
    )


def close_check(office: ScenarioOffice, event: Event) -> None:
    office.services.checks.close_check(office.checks[event["check"]])


def void_check(office: ScenarioOffice, event: Event) -> None:
    office.services.checks.void_check(office.checks[event["check"]], event["reason"])


def edit_check(office: ScenarioOffice, event: Event) -> None:
    assert event["field"] == "amount"
    office.services.checks.edit_check(
        EditCheck(office.checks[event["check"]], amount_cents=event["value"])
    )


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
        )
    )


def transfer(office: ScenarioOffice, event: Event) -> None:
    office.services.adjustments.transfer(
        Transfer(
            line_id=office.lines[event["line"]],
            from_party=office.party(event["line"], event["from"]),
            to_party=office.party(event["line"], event["to"]),
            cents=event["amount"],
            reason=event["reason"],
            provisional_paid=event.get("provisional_paid", 0),
        )
    )


def write_off(office: ScenarioOffice, event: Event) -> None:
    office.services.adjustments.write_off(
        WriteOff(
            line_id=office.lines[event["line"]],
            party_id=office.party(event["line"], event["bucket"]),
            cents=event["amount"],
            reason=event["reason"],
        )
    )


def void_charge(office: ScenarioOffice, event: Event) -> None:
    office.services.adjustments.void_charge(
        VoidCharge(
            line_id=office.lines[event["line"]],
            party_id=office.party(event["line"], event["bucket"]),
            reason=event["reason"],
        )
    )


def edit_charge(office: ScenarioOffice, event: Event) -> None:
    """Tries to save the encounter with the line changed, as the coding window would."""
    assert event["field"] == "charge"
    line_id = office.lines[event["line"]]
    encounter = office.encounters[office.line_encounter[event["line"]]]
    command = office.services.encounters.show(encounter).command
    lines = tuple(
        replace(line, charge_cents=event["value"]) if line.line_id == line_id else line
        for line in command.lines
    )
    office.services.encounters.save(replace(command, lines=lines))


def delete_encounter(office: ScenarioOffice, event: Event) -> None:
    office.services.encounters.delete_draft(office.encounters[event["encounter"]])


def appeal(office: ScenarioOffice, event: Event) -> None:
    office.services.claims.set_status(office.claims[event["claim"]], "appealed")


def appeal_decision(office: ScenarioOffice, event: Event) -> None:
    if event["outcome"] == "upheld":
        office.services.claims.set_status(office.claims[event["claim"]], "denied", "upheld")


def claim_rejected(office: ScenarioOffice, event: Event) -> None:
    office.services.claims.set_status(office.claims[event["claim"]], "rejected")


def post_secondary_without_claim(office: ScenarioOffice, event: Event) -> None:
    """A later payer's money came before any claim to it was sent."""
    encounter = office.encounters[office.line_encounter[event["line"]]]
    policy = office.policies[office.patient_of_line(event["line"]), event["payer"]]
    from app.models.visits import Claim

    with office.services.desk.read() as session:
        claim = session.query(Claim).filter_by(encounter_id=encounter, policy_id=policy).one()
    line = office.lines[event["line"]]
    charge = office.charges[event["line"]]
    rest = EobAdjustment("OA", "23", charge - event["paid"], Disposition.INFO)
    office.services.eobs.post_eob(
        PostEob(
            payment_id=office.checks[event["check"]],
            claim_id=claim.id,
            lines=(EobLine(line, charge, event["paid"], (rest,)),),
        )
    )


EVENTS: dict[str, Callable[[ScenarioOffice, Event], None]] = {
    name: value
    for name, value in list(globals().items())
    if callable(value) and getattr(value, "__module__", "") == __name__ and not name.startswith("_")
}
