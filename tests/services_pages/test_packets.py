"""Packets: the earlier decisions, labels and cover lists; and item 29 of a later payer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from app.domain.books import PATIENT_PARTY
from app.domain.claim_form import Address
from app.domain.errors import NotFound, Refused
from app.services.adjustments import WriteOff
from app.services.encounter_commands import SaveLine
from app.services.payment_commands import Application, PatientPayment, Refund, ReverseEob
from tests.office import open_office
from tests.services.front_desk import TODAY, Office, eob, info, off, stock, to
from tests.services_pages.three_payers import Three, three


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(TODAY, tmp_path / "practice") as (services, clock):
        yield Office(services, clock, stock(services))


def words(pdf: bytes) -> list[str]:
    """Each page's text, blanks and line ends made one."""
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    return [re.sub(r"\s+", " ", page.extract_text()) for page in pages]


# --- the packet ---------------------------------------------------------------------------------
def second_ready(office: Office) -> Three:
    """The first payer has decided; the second one's claim is ready."""
    case = three(office, 123456)
    line = eob(
        case.line,
        123456,
        90000,
        off(20000),
        off(1000, "253"),
        to(5000, case.parties[1], "1"),
        to(6000, case.parties[1], "2"),
        to(1456, case.parties[1], "3"),
    )
    check = office.check(90000, number="0049217")
    office.post(check, case.claims[0], replace(line, allowed=103456), payer_claim_number="ICN-1")
    return case


def test_a_later_claim_goes_out_with_what_the_earlier_payer_decided(office: Office) -> None:
    case = second_ready(office)
    packet = office.services.packets.packet(case.claims[1])
    assert packet.claim_pdf.startswith(b"%PDF")
    (page,) = words(packet.summary_pdf)
    for said in (
        "Larkfield Family Practice",
        "Doe, Jane",
        "01/01/1980",
        "10001-2",
        "Valley Mutual",
        "Blue Ridge Health",
        "Remittance dated 03/16/2026, check 0049217, payer's claim number ICN-1, our claim 10001",
        "1,234.56 1,034.56 900.00 50.00 60.00 14.56 210.00 CO-45 200.00, CO-253 10.00",
        "Total 1,234.56 1,034.56 900.00 50.00 60.00 14.56 210.00",
        "CO-45 Charge above the allowed amount",
        "Prepared from the remittance dated 03/16/2026",
    ):
        assert re.sub(r"\s+", " ", said).replace(" ", "") in page.replace(" ", ""), said
    assert office.audited("view packet") == [case.patient]


def test_the_claim_itself_stays_data_only_on_stock(office: Office) -> None:
    case = second_ready(office)
    batch = office.services.claims.print_claims([case.claims[1]])
    packet = office.services.packets.packet(case.claims[1])
    assert packet.claim_pdf == batch.pdf
    assert len(pypdf.PdfReader(BytesIO(packet.claim_pdf)).pages) == 1


def test_a_first_payers_claim_has_no_plain_part(office: Office) -> None:
    case = second_ready(office)
    assert office.services.packets.packet(case.claims[0]).summary_pdf == b""
    part = office.services.packets.plain_part([case.claims[0]])
    assert (part.claim_ids, part.pdf) == ((), b"")


def test_the_plain_part_of_a_batch_comes_in_the_order_of_its_claims(office: Office) -> None:
    one, two = second_ready(office), second_ready(office)
    ready = [two.claims[1], one.claims[1]]
    office.services.claims.print_claims(ready)
    part = office.services.packets.plain_part([one.claims[0], *ready])
    assert part.numbers == ("10002-2", "10001-2")
    first, second = words(part.pdf)
    assert "10002-2" in first
    assert "10001-2" in second
    assert office.audited("print earlier decisions") == [two.patient, one.patient]


def test_what_went_out_is_kept_though_the_decision_is_reversed_later(office: Office) -> None:
    case = second_ready(office)
    claim = case.claims[1]
    office.services.claims.print_claims([claim])
    office.services.packets.plain_part([claim])
    office.services.claims.confirm_printed([claim])
    sent = office.services.packets.packet(claim)
    check = office.check(0, number="R")
    office.services.eobs.reverse_eob(ReverseEob(1, check))
    shown = office.services.patients.show(case.patient)
    office.services.patients.save(replace(shown, last="Married"))
    assert office.services.packets.packet(claim) == sent
    assert office.services.packets.plain_part([claim]).pdf != sent.summary_pdf
    assert office.sql("SELECT COUNT(*) FROM attachment") == [(1,)]
    assert office.services.packets.packet(claim) == sent


def test_a_tertiary_packet_holds_both_decisions_and_they_foot(office: Office) -> None:
    case = three(office)
    first = eob(case.line, 10000, 7000, off(1000), to(2000, case.parties[1]))
    office.post(office.check(7000), case.claims[0], first)
    case.send(2)
    second = eob(case.line, 10000, 1500, info(8000), to(500, case.parties[2], "3"))
    office.post(office.check(1500, office.lists.secondary, "88"), case.claims[1], second)
    (page,) = words(office.services.packets.packet(case.claims[2]).summary_pdf)
    assert page.index("Blue Ridge Health") < page.index("Valley Mutual")
    assert "Paid by earlier payers in all: 85.00" in page
    assert "100.00 15.00 0.00 0.00 5.00 80.00 OA-23" in page
    assert "What earlier payers paid and adjusted" in page


def test_a_reversed_decision_is_not_in_it_and_a_duplicates_notice_hides_nothing(
    office: Office,
) -> None:
    case = three(office)
    check = office.check(7000)
    wrong = eob(case.line, 10000, 6000, off(2000), to(2000, case.parties[1]))
    key = office.post(check, case.claims[0], wrong).eob_id
    office.services.eobs.reverse_eob(ReverseEob(key, check))
    right = eob(case.line, 10000, 7000, off(1000), to(2000, case.parties[1]))
    office.post(check, case.claims[0], right)
    again = office.check(0, number="DUP")
    office.post(again, case.claims[0], eob(case.line, 10000, 0, info(10000, "18")))
    (page,) = words(office.services.packets.packet(case.claims[1]).summary_pdf)
    assert "70.00" in page
    assert "60.00" not in page
    assert "DUP" not in page


def test_a_line_the_payer_left_out_is_said(office: Office) -> None:
    lists = office.lists
    patient = office.patient("Doe", lists.primary, lists.secondary)
    lines = (SaveLine("99213", 10000, pointers="A"), SaveLine("20610", 5000, "RT", pointers="A"))
    encounter = office.draft(patient, lines=lines)
    claims = office.services.encounters.post_charges(encounter).claim_ids
    office.services.claims.print_claims(claims[:1])
    office.services.claims.confirm_printed(claims[:1])
    first = office.services.encounters.show(encounter).command.lines[0].line_id or 0
    policy = office.services.patients.show(patient).policies[1].policy_id or 0
    paid = eob(first, 10000, 8000, to(2000, office.party(policy)))
    office.post(office.check(8000), claims[0], paid)
    (page,) = words(office.services.packets.packet(claims[1]).summary_pdf)
    assert "Not on this remittance: 20610 RT." in page


def test_packets_of_claims_that_are_gone_are_refused(office: Office) -> None:
    with pytest.raises(NotFound):
        office.services.packets.packet(99)


# --- envelopes ----------------------------------------------------------------------------------
def batch(office: Office) -> list[int]:
    """Ready claims of three patients, two payers, made crosswise."""
    made: list[int] = []
    for last, payer in (("Ash", "secondary"), ("Birch", "primary"), ("Cedar", "secondary")):
        patient = office.patient(last, getattr(office.lists, payer))
        encounter = office.draft(patient, (10000, 2550))
        made += office.services.encounters.post_charges(encounter).claim_ids
    return made


def test_mailing_order_is_payer_by_payer(office: Office) -> None:
    ash, birch, cedar = batch(office)
    assert office.services.packets.mailing_order([cedar, ash, birch]) == (birch, ash, cedar)


def test_a_label_for_each_envelope_from_the_first_free_one(office: Office) -> None:
    claims = batch(office)
    sheets = office.services.packets.labels(claims)
    assert (sheets.envelopes, sheets.claims) == (2, 3)
    (page,) = words(sheets.pdf)
    assert page.count("SALEM VA 24153") == 2
    assert page.index("BLUE RIDGE HEALTH") < page.index("VALLEY MUTUAL")
    assert "Doe" not in page
    assert len(words(office.services.packets.labels(claims, 30).pdf)) == 2
    for wrong in (0, 31):
        with pytest.raises(Refused, match="labels 1 to 30"):
            office.services.packets.labels(claims, wrong)
    with pytest.raises(Refused, match="Choose the claims"):
        office.services.packets.labels([])


def test_a_cover_sheet_names_only_its_own_envelopes_patients(office: Office) -> None:
    claims = batch(office)
    sheets = office.services.packets.cover_list(claims)
    blue, valley, every = words(sheets.pdf)
    assert "Birch, Jane" in blue
    assert "Ash" not in blue
    assert "1 claim " in blue
    assert "2 claims" in valley
    assert "Total 2 251.00" in valley
    assert "Mailed 03/16/2026" in valley
    assert "2 envelopes, 3 claims" in every
    assert "Total 3 376.50" in every
    assert sorted(office.audited("print cover list"), key=str) == [1, 2, 3]


def test_a_payer_that_moved_gets_its_mail_at_the_new_place(office: Office) -> None:
    claims = batch(office)
    payer = office.services.directory.payer(office.lists.primary)
    moved = Address("9 New Rd.", "Suite #4", "Bangor", "ME", "04401-1234")
    office.services.setup.save_payer(replace(payer, address=moved))
    (page,) = words(office.services.packets.labels(claims).pdf)
    assert "9 NEW RD SUITE 4 BANGOR ME 04401-1234" in page


def test_a_batch_of_many_costs_no_more_questions_than_one(office: Office) -> None:
    claims = batch(office)
    with office.services.desk.db.query_counter() as one:
        office.services.packets.mailing_order(claims[:1])
    with office.services.desk.db.query_counter() as many:
        office.services.packets.mailing_order(claims)
    assert many.count == one.count
    assert office.clock.day == date(2026, 3, 16)


# --- item 29 ------------------------------------------------------------------------------------
def test_a_bounced_check_after_a_refund_leaves_item_29_blank(office: Office) -> None:
    patient = office.patient("Doe", office.lists.primary)
    encounter = office.draft(patient)
    (claim,) = office.services.encounters.post_charges(encounter).claim_ids
    line = office.services.encounters.show(encounter).command.lines[0].line_id or 0
    guarantor = office.services.accounts.show(patient).guarantor_id
    apply = (Application(line, 500, PATIENT_PARTY),)
    receipts = office.services.receipts
    paid = receipts.receive(PatientPayment(guarantor, 500, apply, patient)).payment_id
    assert office.services.claims.form(claim).patient_paid_cents == 500
    policy = office.services.patients.show(patient).policies[0].policy_id or 0
    courtesy = WriteOff(line, office.party(policy), 10000, "courtesy")
    office.services.adjustments.write_off(courtesy)  # a credit is kept while an insurer owes
    receipts.refund(Refund(PATIENT_PARTY, 200, line_id=line))
    assert office.services.claims.form(claim).patient_paid_cents == 300
    receipts.reverse_receipt(paid, "NSF")
    assert office.services.claims.form(claim).patient_paid_cents == 0
    assert office.services.claims.print_claims([claim]).sheets == 1
