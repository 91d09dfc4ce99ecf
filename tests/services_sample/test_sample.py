"""The sample practice: its books tie, it is the same each time, and every page finds something."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from app.domain.books import PATIENT_PARTY
from app.domain.claim_form import PayerType
from app.domain.identifiers import check_npi
from app.models.books import EobAdjustment, Journal, LineBalance
from app.models.people import Patient, Payer, Policy
from app.models.visits import Claim, ClaimEvent, Encounter
from app.services.clock import SetClock
from app.services.door import Services
from app.services.sample import build_sample
from app.services.sample_data import read_sample
from tests.office import PASSPHRASE, door
from tests.services_sample.conftest import MONTHS, PATIENTS, TODAY, build

# Everything that tells one practice from another, but for keys and MACs.
_FIGURES = (
    "SELECT id, last, first, birth_date, sex, account_no FROM patient",
    "SELECT id, patient_id, payer_id, member_id, effective, termination FROM policy",
    "SELECT id, patient_id, provider_id, service_date, status, hold_reason FROM encounter",
    "SELECT id, number, policy_id, status, frequency, submitted_on, follow_up_on FROM claim",
    "SELECT id, kind, method, payer_id, number, amount_cents, received_on, status FROM payment",
    "SELECT id, entered_at, accounting_date, kind, reverses_id, memo FROM journal",
    "SELECT id, journal_id, account, amount_cents, charge_line_id, party_id FROM posting",
    "SELECT id, at, action, patient_id, entity, entity_id FROM audit",
    "SELECT id, claim_id, number, sha256 FROM claim_version",
)


def figures(services: Services) -> list[Any]:
    with services.desk.read() as session:
        return [session.execute(text(f"{query} ORDER BY id")).all() for query in _FIGURES]


def test_the_books_have_no_problem(sample: Services) -> None:
    verified = sample.reports.verify_books()
    assert verified.problems == ()
    assert verified.journals > 50


def test_aging_ties_to_the_ledger(sample: Services) -> None:
    aging = sample.reports.aging()
    assert aging.total == sample.today.month_so_far().receivable != 0
    assert {row.kind for row in aging.rows} == {"insurer", "patient"}


def test_two_builds_are_the_same_practice(sample: Services, tmp_path: Path) -> None:
    other = build(tmp_path / "practice")
    try:
        assert figures(other) == figures(sample)
    finally:
        other.close()


def test_it_has_what_was_asked_for(sample: Services) -> None:
    assert len(sample.directory.providers()) == 3
    assert len(sample.directory.facilities()) == 2
    assert len(sample.directory.payers()) == 12
    assert {payer.type for payer in sample.directory.payers()} == set(PayerType)
    with sample.desk.read() as session:
        assert session.scalar(select(func.count()).select_from(Patient)) == PATIENTS
        insured = session.scalars(select(Payer.type).join(Policy).distinct()).all()
        assert {PayerType(kind) for kind in insured} == set(PayerType)


def test_every_npi_is_well_formed(sample: Services) -> None:
    practice = sample.setup.practice()
    assert practice is not None
    npis = [practice.npi]
    npis += [provider.npi for provider in sample.directory.providers()]
    npis += [other.npi for other in sample.directory.referring()]
    npis += [place.npi for place in sample.directory.facilities()]
    assert [check_npi(npi) for npi in npis] == npis


def test_it_was_lived_through_day_by_day(sample: Services) -> None:
    """Entries were made on the days they are dated, in order, over the whole time."""
    with sample.desk.read() as session:
        entries = session.execute(
            select(Journal.entered_at, Journal.accounting_date).order_by(Journal.id)
        ).all()
    days = [entered.date() for entered, _ in entries]
    assert days == sorted(days)
    assert all(entered.date() == on for entered, on in entries)
    assert (TODAY - days[0]).days > MONTHS * 20
    assert days[-1] == TODAY


def test_claims_went_out_before_they_were_answered(sample: Services) -> None:
    with sample.desk.read() as session:
        rows = session.execute(
            select(ClaimEvent.claim_id, ClaimEvent.to_status, ClaimEvent.on_date).order_by(
                ClaimEvent.id
            )
        ).all()
    sent: dict[int, date] = {}
    answered = 0
    for claim_id, status, on in rows:
        if status == "submitted":
            sent.setdefault(claim_id, on)
        elif status in ("paid", "denied", "partially_paid"):
            answered += 1
            assert (on - sent[claim_id]).days >= 2
    assert answered > 10


def test_the_last_day_leaves_every_loose_end(sample: Services) -> None:
    claims = sample.claims.counts()
    assert claims["printed"] == 1
    assert claims["ready"] >= 3
    assert claims["held"] >= 1
    assert claims["submitted"] >= 1
    (check,) = sample.checks.list_checks(open_only=True)
    assert check.remaining_cents > 0
    with sample.desk.read() as session:
        drafts = session.scalars(select(Encounter).where(Encounter.status == "draft")).all()
        second = session.scalars(select(Claim).where(Claim.rank == 2, Claim.status == "ready"))
        due = session.scalars(
            select(LineBalance).where(
                LineBalance.party_id == PATIENT_PARTY, LineBalance.amount_cents > 0
            )
        ).all()
        assert sum(1 for d in drafts if d.hold_reason) == 2
        assert sum(1 for d in drafts if not d.hold_reason) >= 4
        assert second.first() is not None
        assert due
    assert any(state.unapplied_cents > 0 for state in sample.checks.list_checks())


def test_payers_answer_each_in_its_way(sample: Services) -> None:
    with sample.desk.read() as session:
        codes = Counter(
            f"{group}-{carc}"
            for group, carc in session.execute(select(EobAdjustment.group_code, EobAdjustment.carc))
        )
    assert {"CO-45", "PR-1", "PR-2", "PR-3", "CO-253", "OA-23", "CO-24"} <= set(codes)


def test_no_wording_of_a_code_is_missing_or_borrowed() -> None:
    """Bare numbers with the practice's own short words: none reads like a code book."""
    for charge in read_sample().charges.values():
        assert charge.wording
        assert len(charge.wording) <= 40
        assert not any(
            word in charge.wording.lower()
            for word in ("office or other outpatient", "evaluation and management", "minutes")
        )


def test_services_go_on_by_the_doors_clock(sample: Services) -> None:
    assert sample.desk.today == TODAY


def test_cancelled_it_lets_go_of_the_folder(tmp_path: Path) -> None:
    class CancelledError(Exception):
        pass

    def stop(done: int, total: int) -> None:
        assert 1 <= done <= total
        if done == 3:
            raise CancelledError

    folder, clock = tmp_path / "practice", SetClock(TODAY)
    with pytest.raises(CancelledError):
        build_sample(
            folder,
            PASSPHRASE,
            today=TODAY,
            patients=3,
            months=1,
            progress=stop,
            door=door(clock),
        )
    door(clock).unlock(folder, read_sample().user, PASSPHRASE).close()
