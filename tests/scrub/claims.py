"""Clean fictional claims of every kind of payer, facts beside them, and small code tables."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from app.domain.claim_form import (
    Address,
    BillingProvider,
    ClaimForm,
    ClaimLine,
    ClaimPatient,
    ClaimPayer,
    ClaimPolicy,
    ConditionRelated,
    Insured,
    PayerType,
    PersonName,
    PrintRules,
    QualifiedDate,
    ReferringProvider,
    Relationship,
    RenderingProvider,
    ServiceFacility,
)
from app.domain.identifiers import luhn_ok
from app.domain.money import Cents
from app.scrub.code_tables import CodeTables, DiagnosisStanding, FeeSchedulePolicy, UnitLimit
from app.scrub.facts import (
    EarlierDecision,
    PastService,
    PayerFacts,
    ScrubFacts,
)

DAY = date(2026, 3, 4)
TODAY = date(2026, 3, 9)
HOME = Address("12 Harbor Vw.", "Unit #3", "Portside", "ME", "04101-2233")
OFFICE = Address("77 Beacon St.", "Ste. 2", "Portside", "ME", "04101-0099")
WIFE = Insured(
    name=PersonName("Tidewell", "Ines", "M"),
    birth_date=date(1981, 5, 2),
    sex="F",
    address=HOME,
    phone="207-555-0131",
)
EMPLOYER = Insured(organization="Gull & Daughters, Inc.", address=HOME, phone="207-555-0190")
MEDICARE_NUMBER = "3AC1CD2EF45"
_ACCIDENT = QualifiedDate(date(2026, 3, 2), "431")


def _npi(nine: str) -> str:
    return next(npi for npi in (f"{nine}{n}" for n in range(10)) if luhn_ok(f"80840{npi}"))


GROUP_NPI, OWN_NPI, DOCTOR_NPI, PLACE_NPI = map(
    _npi, ("120045678", "130055512", "109381746", "145009321")
)
DOCTOR = ReferringProvider("DK", PersonName("Brandt", "Leo"), DOCTOR_NPI)


def policy(rank: int = 1, kind: PayerType = PayerType.GROUP, **changes: Any) -> ClaimPolicy:
    own = ClaimPolicy(
        rank=rank,
        payer_name="Lantern Health",
        payer_type=kind,
        relationship=Relationship.SELF,
        member_id="LH204471",
        group_number="G77",
        plan_name="Lantern Choice",
    )
    return replace(own, **changes)


def line(number: int = 1, **changes: Any) -> ClaimLine:
    own = ClaimLine(
        line_id=number,
        service_from=DAY,
        service_to=DAY,
        place_of_service="11",
        code="99213",
        charge_cents=Cents(11850),
        pointers=("A",),
    )
    if "on" in changes:
        day = changes.pop("on")
        changes = {"service_from": day, "service_to": day, **changes}
    return replace(own, **changes)


_BY_KIND: dict[PayerType, dict[str, Any]] = {
    PayerType.MEDICARE: {"policy": {"member_id": MEDICARE_NUMBER, "group_number": ""}},
    PayerType.WORKERS_COMP: {
        "policy": {"relationship": Relationship.OTHER, "insured": EMPLOYER, "claim_number": "W9"},
        "related": ConditionRelated(True, False, "", False),
        "onset": _ACCIDENT,
    },
    PayerType.FECA: {"related": ConditionRelated(True, False, "", False), "onset": _ACCIDENT},
    PayerType.AUTO: {
        "policy": {"claim_number": "AC-1"},
        "related": ConditionRelated(False, True, "ME", False),
        "onset": _ACCIDENT,
    },
}


def claim(kind: PayerType = PayerType.GROUP, **changes: Any) -> ClaimForm:
    """A clean claim; ``changes`` replace whole parts; a ``policy`` of changes is overlaid."""
    own = {**_BY_KIND.get(kind, {})}
    mine = policy(kind=kind, **own.pop("policy", {}))
    form = ClaimForm(
        claim_number="7",
        signed_on=TODAY,
        payer=ClaimPayer("Lantern Health", kind, Address("PO Box 12", "", "Bangor", "ME", "04401")),
        rules=PrintRules(),
        policy=mine,
        patient=ClaimPatient(
            name=PersonName("Tidewell-Ruiz", "Zoë", "Ann"),
            birth_date=date(1982, 7, 5),
            sex="F",
            address=HOME,
            phone="207-555-0131",
            account_no="PT100",
            release_signature_date=date(2026, 1, 2),
        ),
        billing=BillingProvider(
            "Tidewater Family Care", OFFICE, "207.555.0100", GROUP_NPI, "01-0999888", "EIN"
        ),
        rendering=RenderingProvider(PersonName("Okafor", "Ada"), OWN_NPI, "207R00000X"),
        lines=(line(),),
        diagnoses=("J06.9", "I10"),
        facility=ServiceFacility("Tidewater Office", OFFICE, GROUP_NPI),
        related=ConditionRelated(employment=False, auto=False, other=False),
    )
    return replace(replace(form, **own), **changes)


def lines(*own: ClaimLine, kind: PayerType = PayerType.GROUP, **changes: Any) -> ClaimForm:
    """A clean claim with other service lines."""
    numbered = tuple(replace(entry, line_id=n) for n, entry in enumerate(own, start=1))
    return claim(kind, lines=numbered, **changes)


def done(code: str, *modifiers: str, kind: PayerType = PayerType.GROUP, **own: Any) -> ClaimForm:
    """A clean claim of one line with ``code``."""
    return lines(line(code=code, modifiers=modifiers, **own), kind=kind)


def patient(form: ClaimForm, **changes: Any) -> ClaimForm:
    return replace(form, patient=replace(form.patient, **changes))


def named(**changes: Any) -> ClaimForm:
    """A clean claim of a patient whose name differs."""
    form = claim()
    return patient(form, name=replace(form.patient.name, **changes))


def insured(form: ClaimForm, **changes: Any) -> ClaimForm:
    """The policy billed, changed."""
    return replace(form, policy=replace(form.policy, **changes))


def rules(form: ClaimForm, **changes: Any) -> ClaimForm:
    return replace(form, rules=replace(form.rules, **changes))


def secondary(kind: PayerType = PayerType.GROUP, **changes: Any) -> ClaimForm:
    """A claim to a second payer behind the spouse's plan, whose EOB is in ``decided()``."""
    form = claim(kind, **changes)
    mine = replace(form.policy, rank=2, msp_type="43" if kind is PayerType.MEDICARE else "")
    first = policy(
        1,
        payer_name="Beacon Mutual",
        relationship=Relationship.SPOUSE,
        insured=WIFE,
        member_id="BM55",
        plan_name="Beacon PPO",
    )
    return replace(form, policy=mine, other_policies=(first,), prior_paid_cents=Cents(5000))


def facts(**changes: Any) -> ScrubFacts:
    own = ScrubFacts(today=TODAY, practice_fte=3, signed=True)
    return replace(own, **changes)


def payer(**changes: Any) -> ScrubFacts:
    """Facts with wishes of the payer."""
    return facts(payer=PayerFacts(**changes))


def decided(**changes: Any) -> ScrubFacts:
    """Facts of a later claim: the first payer decided."""
    own = EarlierDecision(1, date(2026, 3, 6), paid_cents=5000)
    return facts(decisions=(replace(own, **changes),), open_cents=2000)


def past(on: date, code: str, *modifiers: str, **changes: Any) -> ScrubFacts:
    """Facts with one earlier service."""
    return facts(history=(PastService(on, code, modifiers, **changes),))


@dataclass(frozen=True, slots=True)
class Tables(CodeTables):
    """Tables that know what they are given, and nothing else."""

    diagnoses: dict[str, DiagnosisStanding] = field(default_factory=dict)
    apart: tuple[tuple[str, str], ...] = ()
    never_first: frozenset[str] = frozenset()
    inactive: frozenset[str] = frozenset()
    wording: dict[str, str] = field(default_factory=dict)
    pairs: dict[tuple[str, str], int] = field(default_factory=dict)
    limits: dict[str, UnitLimit] = field(default_factory=dict)
    policies: dict[str, FeeSchedulePolicy] = field(default_factory=dict)
    primaries: dict[str, frozenset[str]] = field(default_factory=dict)
    labs: dict[str, tuple[bool, bool]] = field(default_factory=dict)
    fees: dict[str, int] = field(default_factory=dict)
    single: frozenset[str] = frozenset()

    def diagnosis(self, code: str, on: date) -> DiagnosisStanding | None:
        if not self.diagnoses:
            return None
        return self.diagnoses.get(code, DiagnosisStanding(False, False))

    def excludes1(self, codes: tuple[str, ...], on: date) -> tuple[tuple[str, str], ...]:
        return tuple(pair for pair in self.apart if set(pair) <= set(codes))

    def may_be_first(self, code: str, on: date) -> bool:
        return code not in self.never_first

    def procedure_active(self, code: str, on: date) -> bool:
        return code not in self.inactive

    def procedure_wording(self, code: str) -> str:
        return self.wording.get(code, "")

    def modifier_active(self, modifier: str, on: date) -> bool:
        return modifier not in self.inactive

    def place_known(self, place: str) -> bool:
        return place not in self.inactive

    def ncci(self, first: str, second: str, on: date) -> int | None:
        return self.pairs.get((first, second))

    def unit_limit(self, code: str, on: date) -> UnitLimit | None:
        return self.limits.get(code)

    def policy(self, code: str, on: date) -> FeeSchedulePolicy | None:
        return self.policies.get(code)

    def primaries_of(self, code: str, on: date) -> frozenset[str] | None:
        return self.primaries.get(code)

    def clia(self, code: str) -> tuple[bool, bool] | None:
        return self.labs.get(code)

    def expected_cents(
        self, code: str, modifiers: tuple[str, ...], on: date, place: str
    ) -> int | None:
        return self.fees.get(code)

    def limiting_cents(
        self, code: str, modifiers: tuple[str, ...], on: date, place: str
    ) -> int | None:
        return self.fees.get(code)

    def single_dose(self, code: str) -> bool:
        return code in self.single


def tables(**own: Any) -> ScrubFacts:
    """Facts with tables."""
    return facts(tables=Tables(**own))


@dataclass(frozen=True, slots=True)
class Case:
    """An edit, a claim with what is known beside it, and whether it fires."""

    edit: str
    fires: bool
    note: str
    form: ClaimForm
    facts: ScrubFacts


def fires(edit: str, note: str, form: ClaimForm, known: ScrubFacts | None = None) -> Case:
    return Case(edit, True, note, form, known or facts())


def silent(edit: str, note: str, form: ClaimForm, known: ScrubFacts | None = None) -> Case:
    return Case(edit, False, note, form, known or facts())
