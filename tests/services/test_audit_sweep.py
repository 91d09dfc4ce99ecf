"""Who saw or changed whom is on record (45 CFR 164.312(b)): every public method, without exception.

A method added to a service fails here until it is named: in ``AUDITED`` with a call that proves
its row, or in ``UNNAMED`` with the reason why no single patient is in it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_type_hints

import pytest

from app.domain.books import PATIENT_PARTY, CheckItem
from app.domain.claim_form import Address
from app.domain.statements import HoldKind
from app.services.adjustments import Transfer, VoidCharge, WriteOff
from app.services.claim_commands import NewClaim, PassEdit
from app.services.door import Services
from app.services.follow_up_commands import FollowedUp
from app.services.payment_commands import (
    AddCheckItem,
    Application,
    ApplyUnapplied,
    Refund,
    ReverseEob,
)
from app.services.people_commands import SavePolicy
from app.services.statement_commands import HoldAccount, SavePlan
from tests.services.audited_chart import CHART
from tests.services.audited_codes import CODES
from tests.services.audited_money import MONEY, Call, denied, owing, receipt
from tests.services.front_desk import VISIT, Case, Office, eob, to


def draft(office: Office, case: Case) -> int:
    return office.draft(case.patient, service_date=VISIT - timedelta(days=3))


def ready(office: Office, case: Case) -> int:
    return office.services.encounters.post_charges(draft(office, case)).claim_ids[0]


def two_lines(office: Office, case: Case) -> tuple[int, list[int]]:
    claim = ready(office, case)
    return claim, [line.line_id for line in office.services.claims.show(claim).lines][1:]


def unfiled(office: Office, case: Case) -> int:
    """A ready claim with something to let pass: no patient address."""
    shown = office.services.patients.show(case.patient)
    office.services.patients.save(replace(shown, address=Address()))
    return ready(office, case)


def printed(office: Office, case: Case) -> int:
    claim = ready(office, case)
    office.services.claims.print_claims([claim])
    return claim


def policy(office: Office, case: Case) -> int:
    return office.services.patients.show(case.patient).policies[0].policy_id or 0


def later(office: Office, case: Case) -> int:
    """A second payer's claim, ready after the first payer's decision."""
    shown = office.services.patients.show(case.patient)
    second = SavePolicy(office.lists.secondary, "ID2", rank=2, plan_name="Valley")
    office.services.patients.save(replace(shown, policies=(*shown.policies, second)))
    visit = office.draft(case.patient, (10000,), service_date=VISIT - timedelta(days=3))
    first, later = office.services.encounters.post_charges(visit).claim_ids
    office.services.claims.print_claims([first])
    office.services.claims.confirm_printed([first])
    line = office.services.claims.form(first).lines[0].line_id
    policies = office.services.patients.show(case.patient).policies
    party = office.party(policies[1].policy_id or 0)
    office.post(office.check(8000, number="L"), first, eob(line, 10000, 8000, to(2000, party)))
    return later


def billed(office: Office, case: Case) -> int:
    return office.services.statements.send([owing(office, case)]).statement_ids[0]


# Each call does its own preparation; the last thing it calls is the method under test.
AUDITED: dict[str, Call] = MONEY | {
    "patients.show": lambda o, c: o.services.patients.show(c.patient),
    "patients.save": lambda o, c: o.services.patients.save(o.services.patients.show(c.patient)),
    "coding.patient": lambda o, c: o.services.coding.patient(c.patient),
    "accounts.show": lambda o, c: o.services.accounts.show(c.patient),
    "encounters.show": lambda o, c: o.services.encounters.show(c.encounter),
    "encounters.save": draft,
    "encounters.copy_last_visit": lambda o, c: o.services.encounters.copy_last_visit(c.patient),
    "encounters.post_charges": lambda o, c: o.services.encounters.post_charges(draft(o, c)),
    "encounters.hold": lambda o, c: o.services.encounters.hold(draft(o, c), "why"),
    "encounters.release": lambda o, c: o.services.encounters.release(draft(o, c)),
    "encounters.delete_draft": lambda o, c: o.services.encounters.delete_draft(draft(o, c)),
    "claims.show": lambda o, c: o.services.claims.show(c.claim),
    "claims.form": lambda o, c: o.services.claims.form(c.claim),
    "claims.compare": lambda o, c: o.services.claims.compare(c.claim, "today"),
    "claims.split": lambda o, c: o.services.claims.split(*two_lines(o, c)),
    "claims.reprint": lambda o, c: o.services.claims.reprint(c.claim),
    "claims.print_claims": lambda o, c: o.services.claims.print_claims([ready(o, c)]),
    "claims.freeze": lambda o, c: o.services.claims.freeze([ready(o, c)]),
    "claims.print_image": lambda o, c: o.services.claims.print_image([ready(o, c)]),
    "claims.reprint_sheets": lambda o, c: o.services.claims.reprint_sheets(c.claim),
    "claims.confirm_printed": lambda o, c: o.services.claims.confirm_printed([printed(o, c)]),
    "claims.unprint": lambda o, c: o.services.claims.unprint([printed(o, c)]),
    "claims.set_status": lambda o, c: o.services.claims.set_status(c.claim, "accepted"),
    "claims.let_pass": lambda o, c: o.services.claims.let_pass(
        PassEdit(unfiled(o, c), "E015", "address follows")
    ),
    "claims.new_claim": lambda o, c: o.services.claims.new_claim(
        NewClaim(c.encounter, policy(o, c))
    ),
    "packets.packet": lambda o, c: o.services.packets.packet(c.claim),
    "packets.plain_part": lambda o, c: o.services.packets.plain_part([later(o, c)]),
    "packets.cover_list": lambda o, c: o.services.packets.cover_list([c.claim]),
    "posting.open_claim": lambda o, c: o.services.posting.open_claim(c.claim),
    "posting.open_claims": lambda o, _: o.services.posting.open_claims(o.lists.primary),
    "eobs.post_eob": denied,
    "eobs.reverse_eob": lambda o, c: o.services.eobs.reverse_eob(ReverseEob(*denied(o, c))),
    "receipts.receive": receipt,
    "receipts.apply_unapplied": lambda o, c: o.services.receipts.apply_unapplied(
        ApplyUnapplied(receipt(o, c), c.lines[0], PATIENT_PARTY, 500)
    ),
    "receipts.refund": lambda o, c: o.services.receipts.refund(
        Refund(PATIENT_PARTY, 500, source_id=receipt(o, c))
    ),
    "receipts.reverse_receipt": lambda o, c: o.services.receipts.reverse_receipt(
        receipt(o, c, Application(c.lines[0], 100)), "NSF"
    ),
    "adjustments.transfer": lambda o, c: o.services.adjustments.transfer(
        Transfer(c.lines[0], c.payer_party, PATIENT_PARTY, 100, "not covered")
    ),
    "adjustments.write_off": lambda o, c: o.services.adjustments.write_off(
        WriteOff(c.lines[0], c.payer_party, 100, "courtesy")
    ),
    "adjustments.void_charge": lambda o, c: o.services.adjustments.void_charge(
        VoidCharge(c.lines[0], c.payer_party, "mistake")
    ),
}

AUDITED |= CHART
AUDITED |= {
    "follow_up.show": lambda o, c: o.services.follow_up.show(c.claim),
    "follow_up.note": lambda o, c: o.services.follow_up.note(FollowedUp(c.claim, "called")),
    "statements.show": lambda o, c: o.services.statements.show(c.guarantor),
    "statements.history": lambda o, c: o.services.statements.history(c.guarantor),
    "statements.preview": lambda o, c: o.services.statements.preview(owing(o, c)),
    "statements.reprint": lambda o, c: o.services.statements.reprint(billed(o, c)),
    "statements.send": billed,
    "statements.freeze": lambda o, c: o.services.statements.freeze([owing(o, c)]),
    "statements.to_pre_collection": lambda o, c: o.services.statements.to_pre_collection(
        billed(o, c) and c.guarantor, even_if_not_due=True
    ),
    "statements.unsend": lambda o, c: o.services.statements.unsend(billed(o, c), "spoiled"),
    "statements.hold": lambda o, c: o.services.statements.hold(
        HoldAccount(c.guarantor, HoldKind.DISPUTE)
    ),
    "statements.release": lambda o, c: o.services.statements.release(
        o.services.statements.hold(HoldAccount(c.guarantor, HoldKind.DISPUTE))
    ),
    "statements.save_plan": lambda o, c: o.services.statements.save_plan(
        SavePlan(owing(o, c), 3000, 1000, 1)
    ),
    "statements.end_plan": lambda o, c: o.services.statements.end_plan(
        o.services.statements.save_plan(SavePlan(owing(o, c), 3000, 1000, 1))
    ),
    "statements.reset_count": lambda o, c: o.services.statements.reset_count(
        billed(o, c) and c.guarantor
    ),
}


LIST = "a list of many; opening one of them is audited"
OFFICE = "the practice's own data, no patient in it"
TOTALS = "sums over everybody"
BESIDE = "shown beside what was opened, and opening it was audited"
DOCUMENT = "a payer's document; the lines posted on it are audited one by one"
KEPT = "half-typed work of the form that is open"

UNNAMED: dict[str, str] = {
    **dict.fromkeys(("statements.worklist", "statements.sent_lately"), LIST),
    "follow_up.worklists": LIST,
    "statements.pages_pdf": "draws what was handed out, and handing it out was audited",
    **dict.fromkeys(("statements.settings", "statements.save_settings"), OFFICE),
    **dict.fromkeys(
        ("patients.find", "patients.rows", "patients.guarantors", "queue.list_encounters"), LIST
    ),
    **dict.fromkeys(("claims.list_claims", "checks.list_checks", "find.find"), LIST),
    **dict.fromkeys(("posting.find_claims", "households.with_credits"), LIST),
    **dict.fromkeys(("queue.counts", "claims.counts", "checks.due_to_payers"), TOTALS),
    **dict.fromkeys(("reports.aging", "reports.verify_books"), TOTALS),
    **dict.fromkeys(("today.loose_ends", "today.month_so_far"), TOTALS),
    "scrub.as_typed": BESIDE,
    "scrub.edits": TOTALS,
    **dict.fromkeys(("coding.usual", "codes.procedures", "codes.uses"), OFFICE),
    **dict.fromkeys(("posting.reasons", "posting.save_reason"), OFFICE),
    **dict.fromkeys(("codes.diagnoses", "coding.happened", "accounts.open_lines"), BESIDE),
    **dict.fromkeys(("households.guarantor", "households.waiting"), BESIDE),
    **dict.fromkeys(("households.receipts", "households.collected_lines"), BESIDE),
    "households.installment": BESIDE,
    "sliding_fees.percent": BESIDE,
    "fees.usual": OFFICE,
    "estimates.too_high": LIST,
    **dict.fromkeys(("checks.state", "checks.items", "checks.for_posting"), DOCUMENT),
    **dict.fromkeys(("checks.open_check", "checks.edit_check", "checks.close_check"), DOCUMENT),
    **dict.fromkeys(("checks.void_check", "checks.add_item", "checks.reverse_item"), DOCUMENT),
    "posting.posted_on": DOCUMENT,
    "packets.mailing_order": "an order of claims; nobody is shown",
    "packets.labels": "payers' addresses, no patient on them",
    "claims.editions": "dates of sheets of a claim that is being looked at, which was audited",
    "claims.sheets_pdf": "draws what was handed out, and handing it out was audited",
    **dict.fromkeys(("drafts.keep", "drafts.find", "drafts.drop", "drafts.keys"), KEPT),
}
MANY = "shows many at once; one audit row for each run, with the number of rows"
BOOKS = "a document of the books, audited without a patient"
UNNAMED |= {
    **dict.fromkeys((f"money.{name}" for name in ("run", "pdf", "xlsx", "csv")), MANY),
    **dict.fromkeys(
        (f"money.{name}" for name in ("catalog", "close_check", "closed_months", "open_months")),
        TOTALS,
    ),
    "money.closed_through": TOTALS,
    **dict.fromkeys(("money.close_month", "money.month_pdf"), BOOKS),
    **dict.fromkeys(("deposits.waiting", "deposits.deposits"), LIST),
    **dict.fromkeys(("deposits.make", "deposits.slip", "deposits.undo"), BOOKS),
}
UNNAMED |= {
    "attachments.of_encounter": BESIDE,
    "attachments.examine": "judges a file before it belongs to anybody",
    "recurring.templates": LIST,
    "recurring.due": LIST,
    **dict.fromkeys(("note_terms.step", "note_terms.suggest"), BESIDE),
    "codesets.search_diagnoses": BESIDE,
    **CODES,
    **dict.fromkeys(
        (
            f"reference.{name}"
            for name in (
                "close",
                "import_file",
                "editions",
                "remove",
                "code",
                "code_active",
                "wording",
                "diagnosis_ages",
                "diagnosis_sex",
                "place",
                "pair",
                "unit_limit",
                "fee_line",
                "localities",
                "price",
                "search_taxonomy",
                "search_payers",
                "search_codes",
                "search_descriptors",
            )
        ),
        "public code and price files, nobody in them",
    ),
    **dict.fromkeys(
        (
            f"line_codes.{name}"
            for name in ("modifiers", "modifier", "places", "place", "procedures", "procedure")
        ),
        "public codes with words, nobody in them",
    ),
}
# Whole services about the practice itself.
OFFICE_SERVICES = (
    *("setup", "directory", "printers", "previews", "favourites", "fee_schedules", "medicare"),
)


def public_methods() -> set[str]:
    """Every public method of every service, as ``service.method``."""
    return {
        f"{name}.{method}"
        for name, kind in get_type_hints(Services).items()
        if name != "desk"
        for method, _ in inspect.getmembers(kind, inspect.isfunction)
        if not method.startswith("_")
    }


def test_every_public_method_is_accounted_for() -> None:
    named = AUDITED.keys() | UNNAMED.keys()
    found = {m for m in public_methods() if m.partition(".")[0] not in OFFICE_SERVICES}
    assert found - named == set(), "name these in AUDITED, or in UNNAMED with a reason"
    assert named - found == set(), "these are no longer there"
    assert AUDITED.keys() & UNNAMED.keys() == set()


def rows_of(office: Office, patient: int) -> list[Any]:
    query = "SELECT id, user_id, action, at FROM audit WHERE patient_id = :patient ORDER BY id"
    return office.sql(query, patient=patient)


@pytest.mark.parametrize("method", AUDITED)
def test_what_shows_or_changes_a_patient_is_on_record(
    office: Office, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.sent()
    service, name = method.split(".")
    kind = get_type_hints(Services)[service]
    real = getattr(kind, name)
    before: list[int] = []

    def watched(*args: Any, **kwargs: Any) -> Any:
        before.append(len(rows_of(office, case.patient)))
        return real(*args, **kwargs)

    monkeypatch.setattr(kind, name, watched)
    AUDITED[method](office, case)
    after = rows_of(office, case.patient)
    assert before, f"{method} was not called"
    assert len(after) > before[-1], f"{method} left no audit row with the patient"
    assert all(user == office.services.desk.user_id for _, user, _, _ in after)


def test_every_change_of_the_office_is_on_record_too(office: Office) -> None:
    services = office.services
    check = office.check(100)
    practice = services.setup.practice()
    assert practice is not None
    from app.services.payment_commands import EditCheck

    acts: tuple[Callable[[], object], ...] = (
        lambda: services.setup.save_practice(practice),
        lambda: services.setup.save_provider(services.directory.providers()[0]),
        lambda: services.setup.save_payer(services.directory.payers()[0]),
        lambda: services.setup.save_setting("follow_up_days", 20),
        lambda: services.checks.edit_check(EditCheck(check, number="2")),
        lambda: services.checks.add_item(AddCheckItem(check, CheckItem.INTEREST, 100)),
        lambda: services.checks.close_check(check),
        lambda: services.checks.void_check(office.check(1), "mistake"),
        lambda: services.posting.save_reason(
            replace(services.posting.reasons()[0], wording="ours")
        ),
    )
    for act in acts:
        before = office.sql("SELECT COUNT(*) FROM audit")[0][0]
        act()
        assert office.sql("SELECT COUNT(*) FROM audit")[0][0] > before


def test_a_refused_change_leaves_no_trace_of_having_happened(office: Office) -> None:
    case = office.sent()
    before = rows_of(office, case.patient)
    with pytest.raises(Exception, match="cannot become"):
        office.services.claims.set_status(case.claim, "appealed")
    assert rows_of(office, case.patient) == before


def test_the_audit_is_a_chain(office: Office) -> None:
    from app.db.chain import GENESIS, canonical, next_mac
    from app.models.records import Audit

    office.sent()
    key, previous = office.services.desk.db.mac_key("audit"), GENESIS
    with office.services.desk.read() as session:
        rows = session.query(Audit).order_by(Audit.id).all()
    assert [row.id for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        content = (
            row.id,
            row.at,
            row.user_id,
            row.action,
            row.patient_id,
            row.entity,
            row.entity_id,
            row.detail,
        )
        previous = next_mac(key, previous, canonical(content))
        assert row.mac == previous, f"audit row {row.id}"
