"""What each kind of scenario event does, through the services that the windows call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from app.domain.books import CheckItem, Disposition
from app.domain.coverage import amount_paid
from app.domain.posting import EobAdjustment, EobLine
from app.services.adjustments import Transfer, VoidCharge, WriteOff
from app.services.claim_commands import NewClaim
from app.services.payment_commands import (
    AddCheckItem,
    CorrectEobs,
    EditCheck,
    EobPosted,
    OpenCheck,
    PostEob,
    ReverseEob,
)
from app.services.third_parties import OpenPartyCheck
from tests.acceptance.scenario_office import ScenarioOffice
from tests.acceptance.scenario_patient_events import PATIENT_EVENTS, on_date
from tests.office import let_all_pass

Event = dict[str, Any]


def post_charges(office: ScenarioOffice, event: Event) -> None:
    key = event["encounter"]
    office.services.encounters.post_charges(office.encounters[key], on_date(event))
    office.posted += [line["line"] for line in office.setup["encounters"][key]["lines"]]


def submit_claim(office: ScenarioOffice, event: Event) -> None:
    claim_id = _waiting_claim(office, event) or _new_claim(office, event)
    _check_item_29(office, claim_id, event)
    let_all_pass(office.services, claim_id)  # scenarios tell of money; their codes are placeholders
    office.services.claims.print_claims([claim_id])
    office.services.claims.confirm_printed([claim_id])
    office.claims[event["claim"]] = claim_id


def _check_item_29(office: ScenarioOffice, claim_id: int, event: Event) -> None:
    """Where the file says what item 29 holds, the claim must say the same."""
    if "item29_amount_paid" in event:
        form = office.services.claims.form(claim_id)
        assert (amount_paid(form) or 0) == event["item29_amount_paid"]


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
    kind = office.outsider(event["payer"])
    if kind is not None:
        command = OpenPartyCheck(event["payer"], event["amount"], kind, event["check"])
        office.checks[event["check"]] = office.services.third_parties.open_check(command)
        return
    opened = office.services.checks.open_check(
        OpenCheck(
            payer_id=office.payers[event["payer"]],
            amount_cents=event["amount"],
            number=event["check"],
            method=event.get("method", "check"),
            received_on=on_date(event),
        )
    )
    office.checks[event["check"]] = opened.payment_id


def post_eob(office: ScenarioOffice, event: Event) -> None:
    _keep_eob(office, event, office.services.eobs.post_eob(_post_command(office, event)))


def _post_command(office: ScenarioOffice, event: Event) -> PostEob:
    return PostEob(
        payment_id=office.checks[event["check"]],
        claim_id=office.claims[event["claim"]],
        lines=tuple(_eob_line(office, line) for line in event["lines"]),
        remarks=tuple(event.get("remarks", ())),
        from_unapplied=event.get("from_unapplied", False),
        accounting_date=on_date(event),
    )


def _keep_eob(office: ScenarioOffice, event: Event, posted: EobPosted) -> None:
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
    office.services.eobs.reverse_eob(_reverse_command(office, event))


def _reverse_command(office: ScenarioOffice, event: Event) -> ReverseEob:
    return ReverseEob(
        eob_id=office.eobs[event["ref"]],
        payment_id=office.checks[event["check"]],
        claim_status_after=event.get("claim_status_after"),
        accounting_date=on_date(event),
    )


def correction(office: ScenarioOffice, events: list[Event]) -> None:
    """Reversals and their reposts under one check, committed together."""
    posts = [event for event in events if event["type"] == "post_eob"]
    command = CorrectEobs(
        payment_id=office.checks[events[0]["check"]],
        reverse=tuple(_reverse_command(office, e) for e in events if e["type"] == "reverse_eob"),
        post=tuple(_post_command(office, event) for event in posts),
    )
    for event, posted in zip(posts, office.services.eobs.correct(command), strict=True):
        _keep_eob(office, event, posted)


def check_item(office: ScenarioOffice, event: Event) -> None:
    office.services.checks.add_item(
        AddCheckItem(
            payment_id=office.checks[event["check"]],
            kind=CheckItem(event["kind"]),
            amount_cents=event["amount"],
            code=event.get("code", ""),
            note=event.get("notes", ""),
            accounting_date=on_date(event),
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


def transfer(office: ScenarioOffice, event: Event) -> None:
    office.services.adjustments.transfer(
        Transfer(
            line_id=office.lines[event["line"]],
            from_party=office.party(event["line"], event["from"]),
            to_party=office.party(event["line"], event["to"]),
            cents=event["amount"],
            reason=event["reason"],
            provisional_paid=event.get("provisional_paid", 0),
            accounting_date=on_date(event),
        )
    )


def write_off(office: ScenarioOffice, event: Event) -> None:
    office.services.adjustments.write_off(
        WriteOff(
            line_id=office.lines[event["line"]],
            party_id=office.party(event["line"], event["bucket"]),
            cents=event["amount"],
            reason=event["reason"],
            accounting_date=on_date(event),
        )
    )


def void_charge(office: ScenarioOffice, event: Event) -> None:
    office.services.adjustments.void_charge(
        VoidCharge(
            line_id=office.lines[event["line"]],
            party_id=office.party(event["line"], event["bucket"]),
            reason=event["reason"],
            accounting_date=on_date(event),
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


def statement(office: ScenarioOffice, event: Event) -> None:
    """Sends the statement of the patient's guarantor; number and amount are the file's."""
    guarantor = office.services.accounts.show(office.patients[event["patient"]]).guarantor_id
    batch = office.services.statements.send([guarantor], even_if_not_due=True)
    sent = office.services.statements.history(guarantor)[0]
    assert sent.statement_id == batch.statement_ids[0]
    assert (sent.number, sent.amount_cents) == (event["number"], event["amount_due"])


def appeal(office: ScenarioOffice, event: Event) -> None:
    office.services.claims.set_status(office.claims[event["claim"]], "appealed")


def appeal_decision(office: ScenarioOffice, event: Event) -> None:
    if event["outcome"] == "upheld":
        office.services.claims.set_status(office.claims[event["claim"]], "denied", "upheld")


def close_month(office: ScenarioOffice, event: Event) -> None:
    """Closes every month with entries up to the one named: ``through`` a day, or ``month``."""
    named = str(event.get("through") or event.get("month"))
    month = date.fromisoformat(f"{named[:7]}-01")
    for earlier in office.services.money.open_months():
        if earlier < month:
            office.services.money.close_month(earlier)
    office.services.money.close_month(month)


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


EVENTS: dict[str, Callable[[ScenarioOffice, Event], None]] = PATIENT_EVENTS | {
    name: value
    for name, value in list(globals().items())
    if callable(value)
    and getattr(value, "__module__", "") == __name__
    and not name.startswith("_")
    and name != "correction"
}
