"""A reprint is the very file that was printed, whatever has changed since: also the program."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO

import pdfplumber
import pytest

from app.domain.claim_form import Address, Box29, MultiPage
from app.printing.fields import fields
from app.services.people_commands import SaveProcedure, SaveProvider
from tests.services.front_desk import Case, Office


def change_patient(office: Office, case: Case) -> None:
    shown = office.services.patients.show(case.patient)
    moved = Address("9 New Rd", "", "Roanoke", "VA", "24001")
    office.services.patients.save(replace(shown, last="Married", address=moved, sex="M"))


def change_policy(office: Office, case: Case) -> None:
    shown = office.services.patients.show(case.patient)
    changed = replace(shown.policies[0], group_number="NEWGROUP", plan_name="NEWPLAN")
    office.services.patients.save(replace(shown, policies=(changed,)))


def change_payer(office: Office, case: Case) -> None:
    shown = office.services.directory.payer(office.lists.primary)
    moved = replace(shown, name="Bought Up Inc", address=replace(shown.address, line1="PO Box 9"))
    office.services.setup.save_payer(moved)


def change_provider(office: Office, case: Case) -> None:
    other = SaveProvider("Other", "Doc", "1245319599", provider_id=office.lists.provider)
    office.services.setup.save_provider(other)


def change_practice(office: Office, case: Case) -> None:
    shown = office.services.setup.practice()
    assert shown is not None
    office.services.setup.save_practice(replace(shown, name="Renamed", tax_id="54-7654321"))


def change_settings(office: Office, case: Case) -> None:
    office.services.setup.save_setting("signature_text", "SOF")


def change_payer_rules(office: Office, case: Case) -> None:
    shown = office.services.directory.payer(office.lists.primary)
    wishes = replace(
        shown,
        zip_hyphen=True,
        one_pointer_per_line=True,
        box29=Box29.BLANK,
        multi_page=MultiPage.GRAND_TOTAL_EACH,
        taxonomy_24j=True,
        date_style="MMDDYYYY",
        accepts_plain_paper=True,
    )
    office.services.setup.save_payer(wishes)


def change_fees(office: Office, case: Case) -> None:
    office.services.setup.save_procedure(SaveProcedure("99213", 99999, "Dearer"))


def pay_it(office: Office, case: Case) -> None:
    office.pay_in_full(case)


def next_year(office: Office, case: Case) -> None:
    office.clock.day = date(2027, 1, 4)


CHANGES = (
    change_patient,
    change_policy,
    change_payer,
    change_provider,
    change_practice,
    change_settings,
    change_payer_rules,
    change_fees,
    pay_it,
    next_year,
)


@pytest.mark.parametrize("change", CHANGES)
def test_a_reprint_is_the_very_sheet_whatever_changed_since(
    office: Office, change: Callable[[Office, Case], None]
) -> None:
    case = office.sent()
    sheet, form = (
        office.services.claims.reprint(case.claim),
        office.services.claims.form(case.claim),
    )
    picture = office.services.claims.show(case.claim).picture_pdf
    change(office, case)
    assert office.services.claims.reprint(case.claim) == sheet
    assert office.services.claims.form(case.claim) == form
    assert office.services.claims.show(case.claim).picture_pdf == picture


def test_a_reprint_is_the_same_file_after_everything_changed_and_in_a_later_program(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.sent()
    sheet = office.services.claims.reprint(case.claim)
    ((kept,),) = office.sql("SELECT sha256 FROM claim_version")
    assert hashlib.sha256(sheet).hexdigest() == kept
    for change in CHANGES:
        change(office, case)
    monkeypatch.setattr("app.__version__", "99.0")
    # A later program that lays everything out half an inch further down.
    moved = {name: replace(f, baseline_pt=f.baseline_pt - 36) for name, f in fields().items()}
    for module in ("fields", "operations", "drawing", "pdf", "claim_pages"):
        monkeypatch.setattr(f"app.printing.{module}.fields", lambda: moved, raising=False)
    again = office.services.claims.reprint(case.claim)
    assert hashlib.sha256(again).hexdigest() == kept
    assert office.services.packets.packet(case.claim).claim_pdf == sheet
    patient = office.patient("Poe", office.lists.primary)
    claim = office.services.encounters.post_charges(office.draft(patient)).claim_ids[0]
    fresh = office.services.claims.print_claims([claim]).pdf
    assert words_at(fresh) != words_at(sheet), "the later program really prints elsewhere"


def words_at(pdf: bytes) -> dict[str, float]:
    """How far down each word of the first page stands, in points."""
    with pdfplumber.open(BytesIO(pdf)) as document:
        return {word["text"]: word["top"] for word in document.pages[0].extract_words()}


def test_a_new_claim_carries_the_changes(office: Office) -> None:
    case = office.sent()
    change_patient(office, case)
    claim = office.services.encounters.post_charges(office.draft(case.patient)).claim_ids[0]
    assert office.services.claims.form(claim).patient.name.last == "Married"
