"""Global periods, special services, providers, totals, and the claim as a whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from app.domain.claim_form import Address, Box29, ClaimForm, MultiPage, PayerType, ServiceFacility
from app.domain.money import Cents
from app.scrub.code_tables import FeeSchedulePolicy
from app.scrub.facts import PayerFacts, ScrubFacts
from tests.scrub.cases_lines import VIAL
from tests.scrub.claims import (
    DAY,
    GROUP_NPI,
    OFFICE,
    Tables,
    claim,
    decided,
    done,
    facts,
    fires,
    insured,
    line,
    lines,
    past,
    payer,
    policy,
    rules,
    secondary,
    silent,
    tables,
)

MEDICARE, MEDICAID = PayerType.MEDICARE, PayerType.MEDICAID


def _days(**by_code: str) -> Tables:
    return Tables(
        policies={
            code.removeprefix("c"): FeeSchedulePolicy(days, "0", "0", "A")
            for code, days in by_code.items()
        }
    )


GLOBAL = _days(c29881="090", c10060="010", c20610="000", c99213="XXX", c12001="000")


def _after(days: int, code: str, *modifiers: str, same: bool = True) -> ScrubFacts:
    """Facts with an operation ``days`` before, and the fee schedule's global days."""
    known = past(DAY - timedelta(days=days), code, *modifiers, same_provider=same)
    return replace(known, tables=GLOBAL)


def _visit_with(code: str, *modifiers: str) -> ClaimForm:
    return lines(line(modifiers=modifiers), line(code=code))


def _gas(*modifiers: str, **own: Any) -> ClaimForm:
    return done("00790", *modifiers, **{"units": "95", "anesthesia_minutes": 95, **own})


def _drug(**own: Any) -> ClaimForm:
    return done("J3420", kind=MEDICAID, **own)


def _place(form: ClaimForm, **changes: Any) -> ClaimForm:
    own = ServiceFacility("Tidewater Office", OFFICE, GROUP_NPI)
    return replace(form, facility=replace(own, **changes))


def _practice(**changes: Any) -> ClaimForm:
    form = claim()
    return replace(form, billing=replace(form.billing, **changes))


def _doctor(form: ClaimForm, **changes: Any) -> ClaimForm:
    return replace(form, rendering=replace(form.rendering, **changes))


def _unassigned(form: ClaimForm) -> ClaimForm:
    return replace(form, accept_assignment=False)


def _paid(form: ClaimForm, cents: int) -> ClaimForm:
    return replace(form, patient_paid_cents=Cents(cents))


BOX = Address("P.O. Box 77", "", "Portside", "ME", "04101-0099")
SEVEN = lines(*[line(on=DAY - timedelta(days=n)) for n in range(7)])
CASES = (
    fires("E076", "injection", _visit_with("20610")),
    fires("E076", "manipulation", _visit_with("98941")),
    fires("E076", "small global of the schedule", _visit_with("10060"), facts(tables=GLOBAL)),
    silent("E076", "25", _visit_with("20610", "25")),
    silent("E076", "57", _visit_with("29881", "57")),
    silent("E076", "blood draw", _visit_with("36415")),
    silent("E076", "ECG", _visit_with("93000")),
    silent("E076", "another day",
           lines(line(), line(code="20610", on=DAY + timedelta(days=1)))),
    silent("E076", "large global of the schedule is E077's", _visit_with("29881"),
           facts(tables=GLOBAL)),
    silent("E076", "procedure alone", done("20610")),
    fires("E077", "90th day", claim(), _after(90, "29881")),
    fires("E077", "10th day", claim(), _after(10, "10060")),
    fires("E077", "day of the operation", _visit_with("29881"), facts(tables=GLOBAL)),
    silent("E077", "91st day", claim(), _after(91, "29881")),
    silent("E077", "24", done("99213", "24"),
           _after(3, "29881")),
    silent("E077", "57 on the day", _visit_with("29881", "57"), facts(tables=GLOBAL)),
    silent("E077", "another doctor's", claim(),
           _after(3, "29881", same=False)),
    silent("E077", "surgery only", claim(),
           _after(3, "29881", "54")),
    fires("E078", "second operation", done("10060"),
          _after(3, "29881")),
    silent("E078", "79", done("10060", "79"),
           _after(3, "29881")),
    silent("E078", "a visit", claim(), _after(3, "29881")),
    silent("E078", "no schedule", done("10060"), past(DAY - timedelta(days=3), "29881")),
    fires("E089", "units of 15 minutes", _gas("AA", units="7", anesthesia_minutes=None)),
    fires("E089", "minutes differ", _gas("AA", units="90")),
    fires("E089", "pricing modifier second", _gas("QS", "AA")),
    fires("E089", "times wanted", rules(_gas("AA"), anesthesia_times_in_shaded=True)),
    silent("E089", "complete", _gas("QZ", "QS", "P2")),
    silent("E089", "times there",
           rules(_gas("AA", anesthesia_start="0805", anesthesia_end="0940"),
                 anesthesia_times_in_shaded=True)),
    silent("E089", "daily pain care is by the day", done("01996")),
    silent("E089", "category II code", done("0012F")),
    fires("E090", "no plan", done("97110")),
    silent("E090", "GP", done("97110", "GP")),
    silent("E090", "speech", done("92507", "KX", "GN")),
    silent("E090", "visit", claim()),
    fires("E091", "hospice", claim(MEDICARE), facts(hospice=True)),
    silent("E091", "GW", done("99213", "GW", kind=MEDICARE), facts(hospice=True)),
    silent("E091", "no hospice", claim(MEDICARE)),
    silent("E091", "group plan", claim(), facts(hospice=True)),
    fires("E092", "GA without notice", done("99213", "GA", kind=MEDICARE),
          facts(abn_on_file=False)),
    fires("E092", "GZ with notice", done("99213", "GZ", kind=MEDICARE), facts(abn_on_file=True)),
    fires("E092", "notice, nothing said", claim(MEDICARE), facts(abn_on_file=True)),
    fires("E092", "GA and GZ", done("99213", "GA", "GZ", kind=MEDICARE)),
    silent("E092", "GA with notice", done("99213", "GA", kind=MEDICARE), facts(abn_on_file=True)),
    silent("E092", "GY needs none", done("99213", "GY", kind=MEDICARE), facts(abn_on_file=False)),
    silent("E092", "not recorded", done("99213", "GA", kind=MEDICARE)),
    fires("E094", "no NDC", _drug()),
    fires("E094", "no unit", _drug(drug=replace(VIAL, unit=""))),
    fires("E094", "no quantity", _drug(drug=replace(VIAL, quantity="0"))),
    fires("E094", "vaccine to Medicaid", done("90686", kind=MEDICAID)),
    fires("E094", "a payer that asks", done("J3420"), payer(ndc_required=True)),
    silent("E094", "complete", _drug(drug=VIAL)),
    silent("E094", "a payer that does not ask", done("J3420")),
    silent("E094", "giving a vaccine", done("90471", kind=MEDICAID)),
    silent("E094", "Pap smear Q code", done("Q0091", kind=MEDICAID)),
    fires("E095", "ten digits", _drug(drug=replace(VIAL, code="0777310502"))),
    silent("E095", "ten digits with hyphens", _drug(drug=VIAL)),
    silent("E095", "eleven digits", _drug(drug=replace(VIAL, code="00777310502"))),
    fires("E096", "neither", done("J3420", kind=MEDICARE), tables(single=frozenset({"J3420"}))),
    silent("E096", "JZ", done("J3420", "JZ", kind=MEDICARE), tables(single=frozenset({"J3420"}))),
    silent("E096", "waste on a second line",
           lines(line(code="J3420"), line(code="J3420", modifiers=("JW",)), kind=MEDICARE),
           tables(single=frozenset({"J3420"}))),
    silent("E096", "before July 2023", done("J3420", kind=MEDICARE, on=date(2023, 6, 30)),
           tables(single=frozenset({"J3420"}))),
    silent("E096", "no table", done("J3420", kind=MEDICARE)),
    fires("E104", "missing", _doctor(claim(), npi="")),
    fires("E104", "wrong digit", _doctor(claim(), npi="1300555120")),
    silent("E104", "sole practitioner", _doctor(claim(), npi=""), facts(practice_npi_type=1)),
    silent("E104", "valid", claim()),
    fires("E105", "not set up", claim(), facts(credentialed=False)),
    fires("E105", "taxonomy wanted", rules(_doctor(claim(), taxonomy=""), taxonomy_24j=True)),
    silent("E105", "not recorded", claim()),
    silent("E105", "taxonomy there", rules(claim(), taxonomy_24j=True)),
    fires("E106", "eight digits", _practice(tax_id="01-099988")),
    fires("E106", "no type", _practice(tax_id_type="")),
    fires("E106", "prefix 00", _practice(tax_id="00-0999888")),
    silent("E106", "Social Security number", _practice(tax_id="219-09-9999", tax_id_type="SSN")),
    fires("E108", "Medicaid", _unassigned(claim(MEDICAID))),
    fires("E108", "participating", _unassigned(claim(MEDICARE)),
          facts(medicare_participating=True)),
    fires("E108", "laboratory", _unassigned(done("80061", kind=MEDICARE))),
    fires("E108", "nurse practitioner", _unassigned(claim(MEDICARE)),
          facts(rendering_credentials="FNP-C, APRN")),
    fires("E108", "QMB", _unassigned(claim(MEDICARE)), facts(qmb=True)),
    silent("E108", "not participating", _unassigned(claim(MEDICARE)),
           facts(medicare_participating=False, rendering_credentials="M.D.")),
    silent("E108", "group plan", _unassigned(claim()), facts(medicare_participating=True)),
    fires("E109", "nothing in all", lines(line(charge_cents=Cents(0)))),
    fires("E109", "a sheet of nothing",
          lines(*[line()] * 6, line(code="3074F", charge_cents=Cents(0)))),
    silent("E109", "a sheet of nothing, total on the last",
           rules(lines(*[line()] * 6, line(charge_cents=Cents(0))),
                 multi_page=MultiPage.CONTINUED_LAST_PAGE)),
    silent("E109", "a cent", lines(line(charge_cents=Cents(1)))),
    fires("E110", "more than the total", _paid(claim(), 11851)),
    fires("E110", "negative", _paid(claim(), -1)),
    silent("E110", "the total", _paid(claim(), 11850)),
    silent("E110", "Medicare counts patient money only",
           replace(claim(MEDICARE), prior_paid_cents=Cents(99999))),
    fires("E111", "no EOB", secondary()),
    silent("E111", "EOB posted", secondary(), decided()),
    silent("E111", "first payer", replace(claim(), other_policies=(policy(2),))),
    fires("E112", "nothing left", secondary(), replace(decided(), open_cents=0)),
    silent("E112", "a cent left", secondary(), replace(decided(), open_cents=1)),
    silent("E112", "Medicare counts it toward the deductible", secondary(MEDICARE),
           replace(decided(), open_cents=0)),
    silent("E112", "not posted", secondary(), replace(decided(), open_cents=None)),
    fires("E113", "29 days ago", secondary(), decided(crossed_over_on=date(2026, 2, 8))),
    silent("E113", "30 days ago", secondary(), decided(crossed_over_on=date(2026, 2, 7))),
    silent("E113", "not forwarded", secondary(), decided()),
    fires("E114", "no signature", _doctor(claim(), signature_on_file=False)),
    fires("E114", "signed before the service", replace(claim(), signed_on=date(2026, 3, 3))),
    silent("E114", "signed that day", replace(claim(), signed_on=DAY)),
    silent("E114", "still coding", replace(claim(), signed_on=date(2026, 3, 3)),
           facts(for_print=False)),
    fires("E115", "nowhere", replace(claim(), facility=None)),
    fires("E115", "post office box", _place(claim(), address=BOX)),
    fires("E115", "no ZIP", _place(claim(), address=replace(OFFICE, zip=""))),
    fires("E115", "at home to Medicare",
          replace(done("99349", kind=MEDICARE, place_of_service="12"), facility=None)),
    silent("E115", "at home to a group plan",
           replace(done("99349", place_of_service="12"), facility=None)),
    silent("E115", "five-digit ZIP", _place(claim(), address=replace(OFFICE, zip="04101"))),
    silent("E115", "a street with Box in it",
           _place(claim(), address=replace(OFFICE, line1="9 Boxwood Po Ln."))),
    fires("E116", "surgery center", _place(done("29881", place_of_service="24"), npi="")),
    fires("E116", "wrong digit", _place(claim(), npi="1450093219")),
    silent("E116", "office", _place(claim(), npi="")),
    fires("E117", "post office box", _practice(address=BOX)),
    fires("E117", "five-digit ZIP", _practice(address=replace(OFFICE, zip="04101"))),
    fires("E117", "no phone", _practice(phone="")),
    silent("E117", "complete", claim()),
    fires("E118", "missing", _practice(npi="")),
    fires("E118", "wrong digit", _practice(npi="1200456780")),
    fires("E118", "group with a Social Security number",
          _practice(tax_id="219-09-9999", tax_id_type="SSN")),
    fires("E118", "corporation with a person's NPI", _practice(name="Tidewater Care, P.C."),
          facts(practice_npi_type=1)),
    silent("E118", "sole practitioner with an EIN", claim(), facts(practice_npi_type=1)),
    silent("E118", "group", claim()),
    fires("E119", "another tax ID", claim(), payer(enrolled_tax_id="02-0999888")),
    fires("E119", "another NPI", claim(), payer(enrolled_npi="1450093210")),
    silent("E119", "the same, typed otherwise", claim(), payer(enrolled_tax_id="010999888")),
    silent("E119", "not recorded", claim()),
    fires("E120", "no street", replace(claim(), payer=replace(claim().payer, address=Address()))),
    silent("E120", "post office box", claim()),
    fires("E121", "ten staff", claim(MEDICARE), facts(practice_fte=10)),
    silent("E121", "nine staff", claim(MEDICARE), facts(practice_fte=9)),
    silent("E121", "an exception", claim(MEDICARE),
           facts(practice_fte=10, medicare_paper_exception=True)),
    silent("E121", "group plan", claim(), facts(practice_fte=10)),
    fires("E122", "not signed", claim(), facts(signed=False)),
    fires("E122", "on hold", claim(), facts(hold_reason="waiting for the note")),
    fires("E122", "patient pays", claim(), facts(do_not_bill_insurance=True)),
    silent("E122", "free", claim()),
    fires("E124", "Medicaid copay", _paid(claim(MEDICAID), 300)),
    fires("E124", "QMB copay", _paid(claim(MEDICARE), 300), facts(qmb=True)),
    silent("E124", "group copay", _paid(claim(), 300)),
    silent("E124", "nothing taken", claim(MEDICAID)),
    fires("E125", "seven lines", SEVEN),
    silent("E125", "six lines", replace(SEVEN, lines=SEVEN.lines[:6])),
    fires("E127", "left out", rules(secondary(), box29=Box29.PATIENT_ONLY), decided()),
    fires("E127", "differs from the EOB", secondary(), decided(paid_cents=4999)),
    silent("E127", "agrees", secondary(), decided()),
    silent("E127", "Medicare never counts it", secondary(MEDICARE), decided()),
    silent("E127", "first payer", rules(claim(), box29=Box29.BLANK)),
    fires("E128", "mixed", secondary(), replace(
        decided(paid_lines=frozenset({0}), denied_lines=frozenset({1})),
        payer=PayerFacts(separate_denied_lines=True))),
    silent("E128", "all paid", secondary(), replace(
        decided(paid_lines=frozenset({0})), payer=PayerFacts(separate_denied_lines=True))),
    silent("E128", "payer does not mind", secondary(),
           decided(paid_lines=frozenset({0}), denied_lines=frozenset({1}))),
    silent("E123", "found by printing", claim()),
    silent("E031", "workers' comp", insured(claim(PayerType.WORKERS_COMP),
                                            assignment_of_benefits=False)),
)  # fmt: skip
