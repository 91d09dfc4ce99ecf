"""Item 24: dates, places, codes, modifiers, pointers, charges, units, drugs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from app.domain.claim_form import ClaimForm, DrugCode, PayerType
from app.domain.money import Cents
from app.scrub.code_tables import DiagnosisStanding, FeeSchedulePolicy
from app.scrub.facts import PolicyDates
from tests.scrub.claims import (
    DAY,
    TODAY,
    Tables,
    claim,
    done,
    facts,
    fires,
    line,
    lines,
    past,
    patient,
    payer,
    rules,
    silent,
    tables,
)

MEDICARE, MEDICAID = PayerType.MEDICARE, PayerType.MEDICAID
NEXT = DAY + timedelta(days=1)
VIAL = DrugCode("0777-3105-02", "ML", "1")
KNEE = tables(
    diagnoses={
        "M25561": DiagnosisStanding(True, True, title="Pain in right knee"),
        "M25562": DiagnosisStanding(True, True, title="Pain in left knee"),
        "I10": DiagnosisStanding(True, True, title="Essential (primary) hypertension"),
        "M170": DiagnosisStanding(True, True, title="Bilateral osteoarthritis: right and left"),
    }
)


def _span(first: date, last: date, units: str, code: str = "99232") -> ClaimForm:
    return done(code, service_from=first, service_to=last, units=units)


def _rank1(**dates: date) -> tuple[PolicyDates, ...]:
    return (PolicyDates(1, **dates),)


def _at(code: str, place: str, *modifiers: str, kind: PayerType = PayerType.GROUP) -> ClaimForm:
    return done(code, *modifiers, kind=kind, place_of_service=place)


def _fees(code: str, days: str = "XXX", pctc: str = "0", bilateral: str = "0") -> dict[str, Any]:
    return {"policies": {code: FeeSchedulePolicy(days, pctc, bilateral, "A")}}


def _side(modifier: str, *codes: str) -> ClaimForm:
    letters = tuple("ABCD"[: len(codes)])
    return replace(done("20610", modifier, pointers=letters), diagnoses=codes)


def _aged(form: ClaimForm, birth: date) -> ClaimForm:
    return patient(form, birth_date=birth)


CASES = (
    fires("E060", "no line", lines()),
    silent("E060", "seven lines go on two sheets", lines(*[line(on=DAY)] * 7)),
    fires("E061", "51", lines(*[line()] * 51)),
    silent("E061", "50", lines(*[line()] * 50)),
    fires("E062", "backwards", _span(NEXT, DAY, "1")),
    silent("E062", "one day", claim()),
    fires("E063", "tomorrow", done("99213", on=TODAY + timedelta(days=1))),
    fires("E063", "ends tomorrow", _span(TODAY, TODAY + timedelta(days=1), "2")),
    silent("E063", "today", done("99213", on=TODAY)),
    fires("E064", "three days, two units", _span(DAY, DAY + timedelta(days=2), "2")),
    fires("E064", "into the next month", _span(date(2026, 2, 28), date(2026, 3, 1), "2"),
          payer(forbids_month_span=True)),
    silent("E064", "three days, three units", _span(DAY, DAY + timedelta(days=2), "3")),
    silent("E064", "a month's oversight", _span(date(2026, 2, 1), date(2026, 2, 28), "1", "G0181")),
    silent("E064", "into the next month, nobody minds",
           _span(date(2026, 2, 28), date(2026, 3, 1), "2")),
    silent("E064", "one day, two units", done("97110", "GP", units="2")),
    fires("E065", "begins the day after", claim(), facts(policy_dates=_rank1(effective=NEXT))),
    fires("E065", "ended the day before", claim(),
          facts(policy_dates=_rank1(termination=date(2026, 3, 3)))),
    silent("E065", "first and last day", claim(),
           facts(policy_dates=_rank1(effective=DAY, termination=DAY))),
    silent("E065", "another policy", claim(),
           facts(policy_dates=(PolicyDates(2, termination=date(2020, 1, 1)),))),
    fires("E066", "leap day, March 1", done("99213", on=date(2024, 2, 29), kind=MEDICARE),
          facts(today=date(2025, 3, 1))),
    fires("E066", "payer's days are over", claim(), replace(
        payer(timely_filing_days=90), today=DAY + timedelta(days=91))),
    fires("E066", "CHAMPVA's year", claim(PayerType.CHAMPVA), facts(today=date(2027, 3, 5))),
    silent("E066", "leap day, February 28", done("99213", on=date(2024, 2, 29), kind=MEDICARE),
           facts(today=date(2025, 2, 28))),
    silent("E066", "last day", claim(), replace(
        payer(timely_filing_days=90), today=DAY + timedelta(days=90))),
    silent("E066", "not recorded", claim(), facts(today=date(2030, 1, 1))),
    silent("E066", "a void is never late", replace(claim(MEDICARE), frequency="8"),
           facts(today=date(2027, 3, 5))),
    fires("E067", "30 days left", claim(MEDICARE), facts(today=date(2027, 2, 2))),
    fires("E067", "last day", claim(MEDICARE), facts(today=date(2027, 3, 4))),
    silent("E067", "31 days left", claim(MEDICARE), facts(today=date(2027, 2, 1))),
    silent("E067", "passed", claim(MEDICARE), facts(today=date(2027, 3, 5))),
    fires("E068", "one digit", _at("99213", "1")),
    fires("E068", "missing", _at("99213", "")),
    fires("E068", "not on the list", _at("99213", "47"), tables(inactive=frozenset({"47"}))),
    silent("E068", "office", _at("99213", "11"), tables(inactive=frozenset({"47"}))),
    fires("E069", "emergency visit in the office", _at("99283", "11")),
    fires("E069", "office visit inpatient", _at("99213", "21")),
    fires("E069", "hospital care in the office", _at("99232", "11")),
    fires("E069", "nursing facility visit at home", _at("99309", "12")),
    fires("E069", "home visit in the office", _at("99349", "11")),
    silent("E069", "emergency room", _at("99283", "23")),
    silent("E069", "office visit in an outpatient clinic", _at("99213", "22")),
    silent("E069", "observation", _at("99221", "22")),
    silent("E069", "skilled nursing", _at("99309", "31")),
    silent("E069", "assisted living", _at("99349", "13")),
    fires("E070", "injection by telehealth", _at("20610", "10")),
    fires("E070", "95 in the office to Medicare", _at("99213", "11", "95", kind=MEDICARE)),
    silent("E070", "visit by telehealth", _at("99213", "10")),
    silent("E070", "therapist with 95", _at("97110", "11", "GP", "95", kind=MEDICARE)),
    silent("E070", "95 in the office in 2023",
           done("99213", "95", kind=MEDICARE, on=date(2023, 12, 31))),
    silent("E070", "95 in the office to a group plan", _at("99213", "11", "95")),
    fires("E071", "95 wanted", _at("99213", "02"), payer(telehealth_modifier="95")),
    silent("E071", "95 there", _at("99213", "02", "95"), payer(telehealth_modifier="95")),
    silent("E071", "sound only", _at("99213", "10", "93"), payer(telehealth_modifier="95")),
    silent("E071", "office", _at("99213", "11"), payer(telehealth_modifier="95")),
    silent("E071", "payer does not mind", _at("99213", "02")),
    fires("E072", "office", done("99213", emergency=True)),
    silent("E072", "emergency room", done("99283", place_of_service="23", emergency=True)),
    silent("E072", "urgent care", done("99213", place_of_service="20", emergency=True)),
    fires("E073", "missing", done(" ")),
    fires("E073", "four digits", done("9921")),
    fires("E073", "no such section", done("Z1234")),
    silent("E073", "category II and III, HCPCS, small letters",
           lines(line(code="0001f"), line(code="0042T"), line(code="j3420"), line(code="0001U"))),
    fires("E074", "dead code", done("99201"), tables(inactive=frozenset({"99201"}))),
    silent("E074", "living code", done("99202"), tables(inactive=frozenset({"99201"}))),
    silent("E074", "no table", done("99201")),
    fires("E075", "five", done("00790", "AA", "QS", "P2", "23", "59")),
    fires("E075", "twice", done("20610", "RT", "rt")),
    fires("E075", "three signs", done("99213", "25X")),
    fires("E075", "no such modifier", done("99213", "ZQ"), tables(inactive=frozenset({"ZQ"}))),
    silent("E075", "four", done("00790", "AA", "QS", "P2", "23")),
    fires("E087", "infant visit at one year",
          _aged(done("99391"), date(2025, 3, 4))),
    fires("E087", "visit for 18 to 39 at 40", _aged(done("99395"), date(1986, 3, 4))),
    fires("E087", "newborn care at 29 days", _aged(done("99460"), DAY - timedelta(days=29))),
    fires("E087", "prostate of a woman", done("55700")),
    fires("E087", "mammogram of a man", patient(done("77067"), sex="M")),
    silent("E087", "infant visit a day before", _aged(done("99391"), date(2025, 3, 5))),
    silent("E087", "visit for 18 to 39 at 39", _aged(done("99395"), date(1986, 3, 5))),
    silent("E087", "newborn care on the first day", _aged(done("99460"), DAY)),
    silent("E087", "mammogram of a woman", done("77067")),
    silent("E087", "sex not recorded", patient(done("55700"), sex="")),
    fires("E088", "a day short of three years", done("99203"), past(date(2023, 3, 5), "99213")),
    fires("E088", "new preventive visit", done("99386"), past(date(2025, 3, 5), "99213")),
    silent("E088", "three years ago", done("99203"), past(date(2023, 3, 4), "99213")),
    silent("E088", "another specialty", done("99203"),
           past(date(2025, 3, 5), "99213", same_specialty=False)),
    silent("E088", "only blood was read", done("99203"), past(date(2025, 3, 5), "80061")),
    silent("E088", "established visit", done("99213"), past(date(2025, 3, 5), "99213")),
    fires("E081", "50 with two units", done("20610", "50", units="2")),
    fires("E081", "50 with RT", done("20610", "50", "RT")),
    fires("E081", "payer wants lines", done("20610", "50"), payer(bilateral="rt_lt")),
    fires("E081", "payer wants 50",
          lines(line(code="20610", modifiers=("RT",)), line(code="20610", modifiers=("LT",))),
          payer(bilateral="50")),
    fires("E081", "not paid for both sides", done("99213", "50"), tables(**_fees("99213"))),
    silent("E081", "50 with one unit", done("20610", "50"),
           tables(**_fees("20610", bilateral="1"))),
    silent("E081", "two lines",
           lines(line(code="20610", modifiers=("RT",)), line(code="20610", modifiers=("LT",))),
           payer(bilateral="rt_lt")),
    silent("E081", "one side", done("20610", "RT"), payer(bilateral="50")),
    fires("E082", "right diagnosis, left modifier", _side("LT", "M25.561"), KNEE),
    fires("E082", "left diagnosis, finger of the right hand", _side("F6", "M25.562"), KNEE),
    silent("E082", "both right", _side("RT", "M25.561"), KNEE),
    silent("E082", "another diagnosis agrees", _side("LT", "M25.561", "M25.562"), KNEE),
    silent("E082", "no side told", _side("LT", "I10", "M17.0"), KNEE),
    silent("E082", "no table", _side("LT", "M25.561")),
    fires("E083", "26 and TC", done("71046", "26", "TC")),
    fires("E083", "26 on a visit", done("99213", "26"), tables(**_fees("99213"))),
    fires("E083", "whole service in a hospital", _at("71046", "22"),
          tables(**_fees("71046", pctc="1"))),
    silent("E083", "26 in a hospital", _at("71046", "22", "26"),
           tables(**_fees("71046", pctc="1"))),
    silent("E083", "whole service in the office", done("71046"),
           tables(**_fees("71046", pctc="1"))),
    silent("E083", "no table", _at("71046", "22")),
    fires("E085", "twice", lines(line(), line(modifiers=("25",)))),
    silent("E085", "repeated", lines(line(code="94640"), line(code="94640", modifiers=("76",)))),
    silent("E085", "two sides",
           lines(line(code="20610", modifiers=("RT",)), line(code="20610", modifiers=("LT",)))),
    silent("E085", "two days", lines(line(), line(on=NEXT))),
    silent("E085", "two packages",
           lines(line(code="J3420", drug=VIAL),
                 line(code="J3420", drug=replace(VIAL, code="0777-3105-01")))),
    fires("E093", "payer wants 33",
          replace(done("80061"), diagnoses=("Z13.220",)), payer(wants_preventive_33=True)),
    fires("E093", "screening became a biopsy",
          replace(done("45380", kind=MEDICARE), diagnoses=("Z12.11", "K63.5"))),
    silent("E093", "33 there",
           replace(done("80061", "33"), diagnoses=("Z13.220",)), payer(wants_preventive_33=True)),
    silent("E093", "treatment", done("80061"), payer(wants_preventive_33=True)),
    silent("E093", "PT there",
           replace(done("45380", "PT", kind=MEDICARE), diagnoses=("Z12.11",))),
    silent("E093", "payer does not ask", replace(done("80061"), diagnoses=("Z13.220",))),
    fires("E097", "none", done("99213", pointers=())),
    fires("E097", "digit", done("99213", pointers=("1",))),
    fires("E097", "empty diagnosis", done("99213", pointers=("C",))),
    fires("E097", "twice", done("99213", pointers=("A", "A"))),
    fires("E097", "five", replace(done("99213", pointers=tuple("ABCDE")),
                                  diagnoses=("I10", "J06.9", "E11.9", "M54.16", "R05.9"))),
    silent("E097", "both", done("99213", pointers=("B", "A"))),
    fires("E098", "two to Medicare where one is asked",
          rules(done("99213", kind=MEDICARE, pointers=("A", "B")), one_pointer_per_line=True)),
    silent("E098", "one", rules(claim(MEDICARE), one_pointer_per_line=True)),
    silent("E098", "two where nobody asks", done("99213", kind=MEDICARE, pointers=("A", "B"))),
    fires("E099", "nothing", done("99213", charge_cents=Cents(0))),
    fires("E099", "too much", done("99213", charge_cents=Cents(10_000_000))),
    fires("E099", "a penny for a visit", done("99213", charge_cents=Cents(1))),
    silent("E099", "the most", done("99213", charge_cents=Cents(9_999_999))),
    silent("E099", "a penny for a measure",
           lines(line(), line(code="3074F", charge_cents=Cents(1)),
                 line(code="G8783", charge_cents=Cents(1)))),
    fires("E100", "a cent below", done("99213", charge_cents=Cents(9199)),
          tables(fees={"99213": 9200})),
    fires("E100", "by units", done("97110", "GP", units="2"), tables(fees={"97110": 6000})),
    silent("E100", "the same", done("99213", charge_cents=Cents(9200)),
           tables(fees={"99213": 9200})),
    silent("E100", "no fee known", claim()),
    fires("E101", "a cent above",
          replace(done("99213", kind=MEDICARE, charge_cents=Cents(9201)), accept_assignment=False),
          replace(tables(fees={"99213": 9200}), medicare_participating=False)),
    silent("E101", "at the limit",
           replace(done("99213", kind=MEDICARE, charge_cents=Cents(9200)), accept_assignment=False),
           replace(tables(fees={"99213": 9200}), medicare_participating=False)),
    silent("E101", "assigned", claim(MEDICARE),
           replace(tables(fees={"99213": 9200}), medicare_participating=False)),
    fires("E102", "none", done("99213", units="")),
    fires("E102", "zero", done("99213", units="0")),
    fires("E102", "1000", done("J3420", units="1000")),
    fires("E102", "half a visit", done("99213", units="1.5")),
    silent("E102", "tenths of a mile", done("A0425", units="0.5")),
    silent("E102", "999", done("J3420", units="999")),
    fires("E103", "check-up without reason", _aged(done("99392", kind=MEDICAID), date(2023, 1, 1))),
    silent("E103", "reason given",
           _aged(done("99392", kind=MEDICAID, epsdt="NU"), date(2023, 1, 1))),
    silent("E103", "21 years old", _aged(done("99395", kind=MEDICAID), date(2005, 3, 4))),
    silent("E103", "group plan", _aged(done("99392"), date(2023, 1, 1))),
    silent("E047", "no code tables at all", claim(), facts(tables=Tables())),
)  # fmt: skip
