"""Items 10 and 14 to 23: accidents, dates, orders, diagnoses, references."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from app.domain.claim_form import (
    ClaimForm,
    ConditionRelated,
    DateSpan,
    PayerType,
    QualifiedDate,
    ReferringProvider,
    ServiceFacility,
)
from app.domain.money import Cents
from app.scrub.code_tables import DiagnosisStanding
from app.scrub.facts import Authorization, PayerFacts
from tests.scrub.claims import (
    DAY,
    DOCTOR,
    GROUP_NPI,
    OFFICE,
    Tables,
    claim,
    done,
    facts,
    fires,
    line,
    lines,
    patient,
    payer,
    policy,
    rules,
    silent,
    tables,
)

MEDICARE, GROUP, WORK = PayerType.MEDICARE, PayerType.GROUP, PayerType.WORKERS_COMP
NO = ConditionRelated(False, False, "", False)
VALID, HEADER = DiagnosisStanding(True, True), DiagnosisStanding(True, False, True)
DEAD = DiagnosisStanding(True, False)
ICD = tables(
    diagnoses={"J069": VALID, "I10": VALID, "M545": HEADER, "S93401A": VALID, "W19XXXA": VALID,
               "E999": DEAD}
)  # fmt: skip
LAB = "Harbor Reference Lab"


def _dx(*codes: str, kind: PayerType = GROUP) -> ClaimForm:
    return replace(claim(kind), diagnoses=codes)


def _related(related: ConditionRelated, kind: PayerType = GROUP) -> ClaimForm:
    return replace(claim(kind), related=related)


def _ordered(code: str, doctor: ReferringProvider | None, kind: PayerType = MEDICARE) -> ClaimForm:
    return replace(done(code, kind=kind), referring=doctor)


def _told(form: ClaimForm, text: str) -> ClaimForm:
    return replace(form, additional_info=text)


def _purchased(**changes: Any) -> ClaimForm:
    form = replace(
        done("80061"),
        outside_lab_cents=Cents(2100),
        facility=ServiceFacility(LAB, OFFICE, DOCTOR.npi),
    )
    return replace(form, **changes)


def _again(frequency: str, reference: str, kind: PayerType = GROUP, codes: str = "") -> ClaimForm:
    return replace(
        claim(kind), frequency=frequency, original_reference=reference, claim_codes=codes
    )


FOOT = done("11721", "Q8", kind=MEDICARE)
SEEN = f"LAST SEEN 02 11 26 {DOCTOR.npi}"
CASES = (
    fires("E019", "one unanswered", _related(replace(NO, other=None))),
    silent("E019", "all answered", _related(NO)),
    fires("E020", "no state", _related(ConditionRelated(False, True, "", False))),
    fires("E020", "no such state", _related(ConditionRelated(False, True, "QQ", False))),
    silent("E020", "state", _related(ConditionRelated(False, True, "nh", False))),
    silent("E020", "no auto accident", _related(ConditionRelated(False, False, "QQ", True))),
    fires("E021", "other accident, no date", _related(replace(NO, other=True))),
    silent("E021", "date", replace(claim(PayerType.AUTO), related=replace(NO, other=True))),
    silent("E021", "no accident", _related(NO)),
    fires("E022", "work injury to a group plan", _related(replace(NO, employment=True))),
    fires("E022", "workers' comp without a work injury", _related(NO, WORK)),
    silent("E022", "FECA", claim(PayerType.FECA)),
    silent("E022", "group plan behind workers' comp",
           replace(_related(replace(NO, employment=True)), policy=policy(2),
                   other_policies=(policy(1, WORK),))),
    silent("E022", "unanswered", _related(ConditionRelated())),
    fires("E023", "sprain", _dx("S93.401A")),
    fires("E023", "fall listed last", _dx("I10", "W19.XXXA")),
    silent("E023", "adverse effect of a drug rightly given", _dx("L27.0", "T36.0X5A")),
    silent("E023", "complication of care", _dx("T81.40XA")),
    silent("E023", "accident marked", _dx("S93.401A", kind=PayerType.AUTO)),
    silent("E023", "blood count", _dx("D64.9", "Z79.01")),
    fires("E032", "no qualifier", replace(claim(), onset=QualifiedDate(DAY, ""))),
    fires("E032", "one of box 15", replace(claim(), onset=QualifiedDate(DAY, "454"))),
    silent("E032", "484", replace(claim(), onset=QualifiedDate(DAY, "484"))),
    fires("E033", "no AT, no date", done("98941", kind=MEDICARE)),
    fires("E033", "no date", done("98941", "AT", kind=MEDICARE)),
    silent("E033", "complete",
           replace(done("98941", "AT", kind=MEDICARE), onset=QualifiedDate(DAY, "431"))),
    silent("E033", "maintenance care",
           replace(done("98941", "GA", kind=MEDICARE), onset=QualifiedDate(DAY, "431"))),
    silent("E033", "group plan", done("98941")),
    fires("E034", "onset in place of last period",
          replace(done("59400"), onset=QualifiedDate(DAY, "431"))),
    silent("E034", "last period", replace(done("59400"), onset=QualifiedDate(DAY, "484"))),
    silent("E034", "a single prenatal visit", done("99213")),
    fires("E035", "431", replace(claim(), other_date=QualifiedDate(DAY, "431"))),
    silent("E035", "444", replace(claim(), other_date=QualifiedDate(DAY, "444"))),
    silent("E035", "Medicare prints none",
           replace(claim(MEDICARE), other_date=QualifiedDate(DAY, ""))),
    fires("E036", "16 backwards",
          replace(claim(), unable_to_work=DateSpan(DAY, date(2026, 3, 3)))),
    fires("E036", "inpatient without admission", done("99231", place_of_service="21")),
    silent("E036", "still in hospital",
           replace(done("99231", place_of_service="21"), hospital=DateSpan(DAY))),
    silent("E036", "one day", replace(claim(), unable_to_work=DateSpan(DAY, DAY))),
    silent("E036", "outpatient", done("99213", place_of_service="22")),
    fires("E037", "laboratory, nobody ordered", _ordered("80061", None)),
    fires("E037", "chest film without NPI", _ordered("71046", replace(DOCTOR, npi=""))),
    fires("E037", "no qualifier", _ordered("71046", replace(DOCTOR, qualifier=""))),
    fires("E037", "therapy", _ordered("97110", None)),
    fires("E037", "wheelchair", _ordered("K0001", None)),
    fires("E037", "a payer that asks", done("99213"), payer(referring_codes=frozenset({"99213"}))),
    silent("E037", "ordered", _ordered("71046", DOCTOR)),
    silent("E037", "office visit", _ordered("99213", None)),
    silent("E037", "injection", _ordered("20610", None)),
    silent("E037", "screening mammogram", _ordered("77067", None)),
    silent("E037", "group plan that does not ask", _ordered("71046", None, GROUP)),
    silent("E037", "category II code", _ordered("0001F", None)),
    fires("E038", "the practice's own", _ordered("71046", replace(DOCTOR, npi=GROUP_NPI))),
    fires("E038", "known as a group", _ordered("71046", DOCTOR), facts(referring_is_person=False)),
    fires("E038", "wrong digit", _ordered("71046", replace(DOCTOR, npi=DOCTOR.npi[:-1] + "0"))),
    silent("E038", "a sole practitioner orders for himself",
           _ordered("71046", replace(DOCTOR, npi=GROUP_NPI)), facts(practice_npi_type=1)),
    silent("E038", "not known", _ordered("71046", DOCTOR)),
    fires("E039", "not enrolled", _ordered("71046", DOCTOR), facts(referring_enrolled=False)),
    silent("E039", "not recorded", _ordered("71046", DOCTOR)),
    silent("E039", "group plan", _ordered("71046", DOCTOR, GROUP), facts(referring_enrolled=False)),
    fires("E040", "licence in 17a", _ordered("71046", replace(DOCTOR, other_id="ME-55"))),
    fires("E040", "taxonomy in 24J", rules(claim(MEDICARE), taxonomy_24j=True)),
    fires("E040", "taxonomy on a claim without lines",
          rules(lines(kind=MEDICARE), taxonomy_24j=True)),
    silent("E040", "group plan", _ordered("71046", replace(DOCTOR, other_id="ME-55"), GROUP)),
    silent("E040", "NPI only", _ordered("71046", DOCTOR)),
    fires("E041", "drug without a code", done("J3490")),
    fires("E041", "unlisted by number", done("64999")),
    fires("E041", "unlisted by its words", done("0399Z"),
          tables(wording={"0399Z": "Unlisted nerve thing"})),
    silent("E041", "described in 19", _told(done("J3490"), "Glucarpidase 50 units IV")),
    silent("E041", "described above the line", done("64999", supplemental="ZZNEW BLOCK")),
    silent("E041", "ends in 99 but has a meaning", done("61799")),
    silent("E041", "another drug", done("J3420")),
    fires("E042", "nothing in 19", FOOT),
    fires("E042", "no NPI", _told(FOOT, "LAST SEEN 02 11 26")),
    fires("E042", "no class finding", _told(done("11721", kind=MEDICARE), SEEN)),
    silent("E042", "complete", _told(FOOT, SEEN)),
    silent("E042", "group plan", done("11721")),
    fires("E043", "no price", _purchased(outside_lab_cents=Cents(0))),
    fires("E043", "no lab", _purchased(facility=None)),
    fires("E043", "the practice as lab", _purchased(facility=claim().facility)),
    fires("E043", "two lines", _purchased(lines=(line(1, code="80061"), line(2)))),
    silent("E043", "complete", _purchased()),
    silent("E043", "no outside lab", lines(line(), line(code="80061"))),
    fires("E044", "none", _dx()),
    fires("E044", "blanks", _dx(" ")),
    silent("E044", "one", _dx("I10")),
    fires("E045", "twice, once without point", _dx("J06.9", "J069")),
    fires("E045", "gap", _dx("I10", "", "J06.9")),
    silent("E045", "twelve", _dx(*(f"M25.5{n}" for n in range(10)), "I10", "J06.9")),
    silent("E045", "empty at the end", _dx("I10", "")),
    fires("E046", "a procedure", _dx("99213")),
    fires("E046", "eight characters", _dx("S93.401AB")),
    fires("E046", "U code out of use", _dx("U49.1")),
    silent("E046", "seventh character and placeholders", _dx("W19.XXXA")),
    silent("E046", "letters inside", _dx("C7A.00", "O9A.119", "Z3A.20", "U07.1", "u09.9")),
    fires("E047", "not in the edition", _dx("M67.A01"), ICD),
    fires("E047", "dead", _dx("E99.9"), ICD),
    silent("E047", "valid", _dx("I10"), ICD),
    silent("E047", "header is E048's", _dx("M54.5"), ICD),
    silent("E047", "no table", _dx("M67.A01")),
    fires("E048", "header", _dx("M54.5"), ICD),
    fires("E048", "seventh character missing", _dx("S93.401"), ICD),
    fires("E048", "placeholders and seventh missing", _dx("W19"), ICD),
    silent("E048", "complete", _dx("S93.401A"), ICD),
    silent("E048", "unknown is E047's", _dx("M67.A01"), ICD),
    silent("E048", "no table", _dx("M54.5")),
    fires("E049", "fall first", _dx("W19.XXXA", "S93.401A")),
    fires("E049", "manifestation first", _dx("H42"), tables(never_first=frozenset({"H42"}))),
    silent("E049", "fall second", _dx("S93.401A", "W19.XXXA")),
    silent("E049", "manifestation second", _dx("E08.9", "H42"),
           tables(never_first=frozenset({"H42"}))),
    fires("E050", "pair", _dx("J06.9", "J02.0"), tables(apart=(("J069", "J020"),))),
    silent("E050", "one of them", _dx("J06.9"), tables(apart=(("J069", "J020"),))),
    fires("E051", "newborn code at 43", _dx("P59.9")),
    fires("E051", "pregnancy of a man", patient(_dx("O80"), sex="M")),
    fires("E051", "pregnancy at 8", patient(_dx("Z34.00"), birth_date=date(2017, 3, 5))),
    fires("E051", "prostate of a woman", _dx("N40.0")),
    fires("E051", "child's check-up at 18",
          patient(_dx("Z00.129"), birth_date=date(2008, 3, 4))),
    silent("E051", "child's check-up at 17",
           patient(_dx("Z00.129"), birth_date=date(2008, 3, 5))),
    silent("E051", "newborn on its first day", patient(_dx("Z38.00", "P59.9"), birth_date=DAY)),
    silent("E051", "pregnancy at 9", patient(_dx("Z34.00"), birth_date=date(2017, 3, 4))),
    silent("E051", "sex not recorded", patient(_dx("N40.0"), sex="")),
    silent("E051", "contraception of either sex", patient(_dx("Z30.09"), sex="M")),
    fires("E052", "replacement without number", _again("7", "")),
    fires("E052", "number on an original", _again("1", "ICN 4411")),
    silent("E052", "void with number", _again("8", "ICN 4411")),
    silent("E052", "original", _again("1", "")),
    silent("E052", "workers' comp appeal", _again("1", "ICN 4411", WORK, "W3")),
    fires("E053", "replacement to Medicare", _again("7", "ICN 4411", MEDICARE)),
    silent("E053", "replacement to a group plan", _again("7", "ICN 4411")),
    silent("E053", "original", claim(MEDICARE)),
    fires("E054", "no answer yet", _again("7", "ICN"), facts(original_decided=False)),
    silent("E054", "answered", _again("7", "ICN"), facts(original_decided=True)),
    silent("E054", "an original", claim(), facts(original_decided=False)),
    fires("E055", "wanted", done("72148"), payer(prior_auth_codes=frozenset({"72148"}))),
    silent("E055", "there",
           replace(done("72148"), authorization="A-1"),
           payer(prior_auth_codes=frozenset({"72148"}))),
    silent("E055", "another code", done("72147"), payer(prior_auth_codes=frozenset({"72148"}))),
    fires("E055", "a CLIA number is none",
          replace(done("72148"), authorization="20D1234567"),
          facts(clia="20D1234567", payer=PayerFacts(prior_auth_codes=frozenset({"72148"})))),
    fires("E056", "run out", claim(),
          facts(authorization=Authorization("A-1", valid_to=date(2026, 3, 3)))),
    fires("E056", "visits used up", claim(),
          facts(authorization=Authorization("A-1", visits_left=0))),
    silent("E056", "last day, last visit", claim(),
           facts(authorization=Authorization("A-1", DAY, DAY, 1))),
    fires("E057", "no number", done("80061", kind=MEDICARE), tables(labs={"80061": (True, False)})),
    fires("E057", "no QW", replace(done("87880", kind=MEDICARE), authorization="20D1234567"),
          tables(labs={"87880": (True, True)})),
    fires("E057", "no CLIA number", done("99213", kind=MEDICARE), facts(clia="20X1234567")),
    fires("E057", "a payer that asks", done("80061"),
          replace(payer(clia_required=True), tables=Tables(labs={"80061": (True, False)}))),
    silent("E057", "number and QW",
           replace(done("87880", "QW", kind=MEDICARE), authorization="20D-1234567"),
           tables(labs={"87880": (True, True)})),
    silent("E057", "a payer that does not ask", done("80061"),
           tables(labs={"80061": (True, False)})),
    silent("E057", "no table", done("80061", kind=MEDICARE)),
    fires("E058", "no number", done("77067")),
    fires("E058", "five digits", replace(done("77066"), authorization="12345")),
    silent("E058", "six digits", replace(done("77067"), authorization="123456")),
    silent("E058", "chest film", done("71046")),
    fires("E059", "authorization and CLIA", claim(),
          facts(prior_authorization="A-1", clia="20D1234567")),
    silent("E059", "authorization only", claim(), facts(prior_authorization="A-1", clia=" ")),
    fires("E126", "four-digit year in 14",
          rules(replace(claim(MEDICARE), onset=QualifiedDate(DAY, "431")), date_style="MMDDYYYY")),
    fires("E126", "four-digit year in 19", _told(claim(MEDICARE), "SEEN 02112026")),
    silent("E126", "birth dates only", rules(claim(MEDICARE), date_style="MMDDYYYY")),
    silent("E126", "an NPI is no date", _told(claim(MEDICARE), f"NPI {DOCTOR.npi} SEEN 021126")),
    silent("E126", "group plan", rules(claim(PayerType.AUTO), date_style="MMDDYYYY")),
)  # fmt: skip
