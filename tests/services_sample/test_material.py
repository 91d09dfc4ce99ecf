"""The sample's material and its pure parts: people, codes and the arithmetic of its payers."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import identifiers as ids
from app.domain.books import PATIENT_PARTY, Disposition
from app.domain.claim_form import PayerType
from app.domain.posting import check_foots
from app.services.sample_data import SampleBook, read_sample
from app.services.sample_people import KINDS, Family, families
from app.services.sample_remits import DecidedClaim, DecidedLine, Deductibles, decide, held

BOOK: SampleBook = read_sample()
PAYER_IDS = {payer.key: number for number, payer in enumerate(BOOK.payers, start=1)}
START = date(2025, 5, 20)
SECOND_PAYERS = tuple(k for kind in KINDS for k in kind.payers[1:])


def some_families(seed: int, patients: int) -> tuple[Family, ...]:
    return families(random.Random(seed), BOOK.names, PAYER_IDS, START, patients)


@given(st.integers(0, 50), st.integers(1, 90))
def test_exactly_as_many_patients_as_asked_for(seed: int, patients: int) -> None:
    found = some_families(seed, patients)
    assert sum(len(family.members) for family in found) == patients


def test_there_is_a_household_of_every_kind_before_a_second_one() -> None:
    found = some_families(1, 40)
    assert [family.kind for family in found[: len(KINDS)]] == list(KINDS)
    assert not any(family.new for family in found[: len(KINDS)])


@pytest.mark.parametrize("seed", range(5))
def test_insurance_cards_are_as_they_should_be(seed: int) -> None:
    medicare = PAYER_IDS["medicare"]
    for family in some_families(seed, 120):
        for member in family.members:
            policies = member.command.policies
            assert [p.payer_id for p in policies] == [PAYER_IDS[k] for k in member.payers]
            assert all((p.insured is None) == (p.relationship == "self") for p in policies)
            for policy in policies:
                if policy.payer_id == medicare:
                    assert ids.check_mbi(policy.member_id) == policy.member_id


def test_a_family_has_one_card_and_children_have_a_grown_guarantor() -> None:
    family = next(f for f in some_families(3, 60) if f.kind.name == "family")
    assert len({member.command.policies[0].member_id for member in family.members}) == 1
    head = family.members[0].command
    children = [m for m in family.members if m.dependent]
    assert children
    for child in children:
        assert child.command.guarantor is not None
        assert child.command.guarantor.last == head.last
        assert child.command.birth_date is not None
        assert head.birth_date is not None
        assert child.command.birth_date > head.birth_date


def test_every_visit_is_made_of_codes_of_the_practice() -> None:
    for charge in BOOK.charges.values():
        assert ids.check_procedure(charge.code) == charge.code
        assert 0 < charge.base_cents <= charge.charge_cents
    for visit in BOOK.visits:
        assert [ids.check_icd10(code) for code in visit.diagnoses] == list(visit.diagnoses)
        assert {line.code for line in visit.lines} <= BOOK.charges.keys()
        letters = "ABCDEFGHIJKL"[: len(visit.diagnoses)]
        assert all(set(line.pointers) <= set(letters) for line in visit.lines)


def test_phones_and_places_are_fictional_and_well_formed() -> None:
    phones = [BOOK.practice.phone, *(p.command.phone for p in BOOK.payers)]
    assert all(phone[3:8] == "55501" for phone in phones)
    assert ids.check_tax_id(BOOK.practice.tax_id, "EIN")
    for payer in BOOK.payers:
        assert ids.check_zip(payer.command.address.zip)
        assert ids.check_state(payer.command.address.state)


@st.composite
def decided(draw: st.DrawFn) -> DecidedClaim:
    """A claim of any payer, first or later, with one to four lines."""
    rank = draw(st.sampled_from((1, 2)))
    keys = SECOND_PAYERS if rank == 2 else tuple(PAYER_IDS)
    key = draw(st.sampled_from(keys))
    charges = draw(st.lists(st.sampled_from(list(BOOK.charges.values())), min_size=1, max_size=4))
    lines = tuple(
        DecidedLine(
            number,
            charge.charge_cents,
            draw(st.integers(0, charge.charge_cents)) if rank == 2 else charge.charge_cents,
            charge,
        )
        for number, charge in enumerate(charges, start=1)
    )
    return DecidedClaim(
        policy_id=draw(st.integers(1, 400)),
        payer=next(p for p in BOOK.payers if p.key == key),
        rank=rank,
        copay_cents=draw(st.sampled_from((0, 1500, 2500, 20000))),
        next_party=draw(st.sampled_from((PATIENT_PARTY, 77))),
        year=draw(st.integers(2024, 2027)),
        lines=lines,
    )


@given(decided())
def test_every_eob_foots_and_moves_no_more_than_is_open(claim: DecidedClaim) -> None:
    for line, shown in zip(claim.lines, decide(claim, Deductibles()), strict=True):
        check_foots(shown)
        assert shown.paid >= 0
        assert all(a.cents > 0 for a in shown.adjustments)
        moved = shown.paid + sum(
            a.cents for a in shown.adjustments if a.disposition is not Disposition.INFO
        )
        assert moved == line.open_cents


@given(decided())
def test_an_injurys_payer_leaves_the_patient_nothing(claim: DecidedClaim) -> None:
    injury = (PayerType.WORKERS_COMP, PayerType.AUTO, PayerType.FECA, PayerType.MEDICAID)
    if claim.payer.command.type in injury:
        shown = [a for line in decide(claim, Deductibles()) for a in line.adjustments]
        # A Medicaid patient may owe the state's copay (PR-3), and nothing else.
        copay = {"3"} if claim.payer.command.type is PayerType.MEDICAID else set()
        assert {a.carc for a in shown if a.group == "PR"} <= copay


@given(st.lists(decided(), min_size=1, max_size=6))
def test_a_deductible_is_never_used_twice(claims: list[DecidedClaim]) -> None:
    deductibles = Deductibles()
    for claim in claims:
        decide(claim, deductibles)
    whole = {c.policy_id: c.payer.terms.deductible for c in claims}
    if len(whole) == len(claims):
        assert all(cents <= whole[policy] for (policy, _), cents in deductibles.used.items())


@given(decided())
def test_a_held_claim_moves_nothing(claim: DecidedClaim) -> None:
    for shown in held(claim, "16", "N290"):
        check_foots(shown)
        assert all(a.disposition is Disposition.HOLD for a in shown.adjustments)
