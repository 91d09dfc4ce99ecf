"""Inner functions: what the claim edits may know beside the form, gathered from the rows once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.posting_policy import LineDecision, line_denied
from app.models.books import Eob, EobLine
from app.models.people import Patient, Payer, Policy, Practice, Provider
from app.models.people import ReferringProvider as Referring
from app.models.visits import ChargeLine, Claim, ClaimLine, Encounter, Procedure
from app.scrub.code_tables import CodeTables
from app.scrub.facts import (
    BilledService,
    EarlierDecision,
    PastService,
    PayerFacts,
    PolicyDates,
    ScrubFacts,
)
from app.services import _claim_state, _fee_rows
from app.services._claim_form import ClaimParts
from app.services._code_tables import ClaimTables, MedicareTerms
from app.services.setup import read_setting

# A new-patient code looks back three years, the longest of all edits that read the past.
HISTORY_DAYS = 3 * 366
# A claim in one of these states is out: the same service on another claim is a duplicate.
_OUT = ("printed", "submitted", "accepted", "denied", "paid", "partially_paid", "appealed")
# Nurse practitioners, clinical nurse specialists (42 CFR 414.56) and physician assistants (414.52)
# are paid 85 % of the schedule.
_NONPHYSICIANS = frozenset({"NP", "FNP", "ANP", "PNP", "AGNP", "CNS", "PA", "PA-C"})
_NONPHYSICIAN_PERCENT = 85
_UNANSWERED = ("ready", "held", "printed", "submitted", "accepted", "rejected")


def claim_facts(
    session: Session, claim: Claim, parts: ClaimParts, today: date, tables: CodeTables
) -> ScrubFacts:
    """The facts for a claim about to be printed."""
    return replace(
        standing_facts(session, parts, today, tables),
        decisions=_decisions(session, claim, [line.id for line in parts.lines]),
        open_cents=_claim_state.open_with_payer(session, claim),
        original_decided=_original_decided(session, claim),
        billed=_billed(session, claim, parts.encounter.patient_id),
    )


def standing_facts(
    session: Session, parts: ClaimParts, today: date, tables: CodeTables
) -> ScrubFacts:
    """The facts that hold for a visit before it has a claim, too."""
    visit = parts.encounter
    practice = session.get_one(Practice, 1)
    patient = session.get_one(Patient, visit.patient_id)
    provider = session.get_one(Provider, visit.provider_id)
    referring = session.get(Referring, visit.referring_id) if visit.referring_id else None
    payer = next(payer for policy, payer, _ in parts.coverage if policy.id == parts.policy_id)
    codes = {line.code for line in parts.lines}
    listed = _listed(session, codes)
    return ScrubFacts(
        today=today,
        payer=payer_facts(payer, provider),
        tables=ClaimTables(
            tables,
            listed.wording,
            prices=_fee_rows.ContractPrices.of(session, payer.id, codes),
            medicare=_medicare_terms(session, payer, provider),
            laboratory=listed.laboratory,
            single_doses=listed.single_doses,
        ),
        practice_npi_type=practice.npi_type,
        practice_fte=practice.fte,
        medicare_paper_exception=practice.medicare_paper_exception,
        medicare_participating=provider.medicare_participating,
        rendering_credentials=provider.credentials or "",
        referring_is_person=referring.is_person if referring else None,
        referring_enrolled=referring.medicare_enrolled if referring else None,
        death_date=patient.death_date,
        hospice=patient.hospice,
        qmb=patient.qmb,
        do_not_bill_insurance=patient.do_not_bill_insurance,
        signed=visit.signed,
        hold_reason=visit.hold_reason or "",
        accident_date=visit.accident_date,
        prior_authorization=visit.prior_authorization or "",
        clia=visit.clia or "",
        mammography_certificate=visit.mammography_certificate or "",
        abn_on_file=visit.abn_on_file,
        policy_dates=tuple(
            PolicyDates(rank, p.effective, p.termination) for p, _, rank in parts.coverage
        ),
        other_coverage=_other_coverage(session, visit, [p.id for p, _, _ in parts.coverage]),
        history=_history(session, visit, provider),
    )


def payer_facts(row: Payer, provider: Provider) -> PayerFacts:
    """What a payer's record says about claims."""
    return PayerFacts(
        timely_filing_days=row.timely_filing_days,
        id_mask=row.id_mask or "",
        prior_auth_codes=_codes(row.prior_auth_required_codes),
        referring_codes=_codes(row.referring_required_codes),
        telehealth_modifier=row.telehealth_modifier or "",
        ndc_required=row.ndc_required,
        bilateral=row.bilateral or "",
        separate_denied_lines=row.separate_denied_lines,
        forbids_month_span=row.forbids_month_span,
        wants_preventive_33=row.wants_preventive_33,
        limiting_charge_applies=row.type == "medicare" and not provider.medicare_participating,
        enrolled_tax_id=row.enrolled_tax_id or "",
        enrolled_npi=row.enrolled_npi or "",
        off=_codes(row.edits_off),
    )


def _medicare_terms(session: Session, payer: Payer, provider: Provider) -> MedicareTerms | None:
    """How Medicare's schedule applies to this provider; None for another payer."""
    if payer.type != "medicare":
        return None
    titles = set((provider.credentials or "").upper().replace(".", "").replace(",", " ").split())
    return MedicareTerms(
        locality=str(read_setting(session, "medicare_locality")),
        participating=provider.medicare_participating,
        percent=_NONPHYSICIAN_PERCENT if titles & _NONPHYSICIANS else 100,
    )


@dataclass(frozen=True, slots=True)
class _Listed:
    """What the charge list says of codes: own words; needs CLIA, is waived; single doses."""

    wording: dict[str, str]
    laboratory: dict[str, tuple[bool, bool]]
    single_doses: frozenset[str]


def _listed(session: Session, codes: set[str]) -> _Listed:
    flags = (Procedure.clia_required, Procedure.waived_test, Procedure.single_dose)
    rows = session.execute(
        select(Procedure.code, Procedure.wording, *flags).where(Procedure.code.in_(codes))
    ).all()
    return _Listed(
        {code: words for code, words, *_ in rows if words},
        {code: (needs, waived) for code, _, needs, waived, _ in rows if needs or waived},
        frozenset(code for code, *_, single in rows if single),
    )


def _codes(text: str | None) -> frozenset[str]:
    return frozenset((text or "").split())


def _other_coverage(session: Session, visit: Encounter, known: Sequence[int]) -> tuple[str, ...]:
    """Payers of policies in force on the day that this visit is not billed to."""
    day = visit.service_date
    rows = session.execute(
        select(Payer.name)
        .join(Policy, Policy.payer_id == Payer.id)
        .where(
            Policy.patient_id == visit.patient_id,
            Policy.id.not_in(known),
            Policy.effective.is_(None) | (Policy.effective <= day),
            Policy.termination.is_(None) | (Policy.termination >= day),
        )
        .order_by(Policy.rank, Policy.id)
    )
    return tuple(name for (name,) in rows)


def _history(session: Session, visit: Encounter, provider: Provider) -> tuple[PastService, ...]:
    """The patient's services on other encounters, latest first."""
    since = visit.service_date - timedelta(days=HISTORY_DAYS)
    rows = session.execute(
        select(ChargeLine.service_from, ChargeLine.code, ChargeLine.modifiers, Provider)
        .join(Encounter, Encounter.id == ChargeLine.encounter_id)
        .join(Provider, Provider.id == Encounter.provider_id)
        .where(
            Encounter.patient_id == visit.patient_id,
            Encounter.id.is_distinct_from(visit.id),
            Encounter.status == "posted",
            ChargeLine.service_from >= since,
        )
        .order_by(ChargeLine.service_from.desc(), ChargeLine.id.desc())
    )
    return tuple(
        PastService(on, code, tuple((modifiers or "").split()), *_same(who, provider))
        for on, code, modifiers, who in rows
    )


def _same(other: Provider, mine: Provider) -> tuple[bool, bool]:
    """Whether two are the same provider, and of the same specialty as their taxonomy says."""
    if other.id == mine.id:
        return True, True
    return False, bool(mine.taxonomy) and other.taxonomy == mine.taxonomy


def _decisions(
    session: Session, claim: Claim, line_ids: Sequence[int]
) -> tuple[EarlierDecision, ...]:
    """What each earlier payer of the encounter decided on these lines, by rank."""
    if claim.rank == 1:
        return ()
    earlier = session.scalars(
        select(Claim).where(
            Claim.encounter_id == claim.encounter_id,
            Claim.rank < claim.rank,
        )
    )
    rank_of = {row.id: row.rank for row in earlier}
    standing = _claim_state.standing_eob_lines(session, list(rank_of))
    by_rank: dict[int, list[EobLine]] = {}
    for claim_id, line in standing:
        if line.charge_line_id in line_ids:
            by_rank.setdefault(rank_of[claim_id], []).append(line)
    return tuple(
        _decision(session, rank, lines, line_ids) for rank, lines in sorted(by_rank.items())
    )


def _decision(
    session: Session, rank: int, lines: Sequence[EobLine], line_ids: Sequence[int]
) -> EarlierDecision:
    eobs = list(session.scalars(select(Eob).where(Eob.id.in_({line.eob_id for line in lines}))))
    latest = {line.charge_line_id: line for line in lines}
    amounts = _claim_state.adjustments_by_line(session, {line.id for line in latest.values()})
    denied = {
        i
        for i, line in latest.items()
        if line_denied(LineDecision(line.paid_cents, amounts[line.id], 0))
    }
    forwarded = [
        eob.accounting_date
        for eob in eobs
        if _claim_state.CROSSOVER_REMARKS & set((eob.remarks or "").split())
    ]
    at = {line_id: n for n, line_id in enumerate(line_ids)}
    return EarlierDecision(
        rank=rank,
        decided_on=max(eob.accounting_date for eob in eobs),
        paid_cents=sum(line.paid_cents for line in lines),
        crossed_over_on=max(forwarded, default=None),
        paid_lines=frozenset(at[i] for i in latest if i not in denied),
        denied_lines=frozenset(at[i] for i in denied),
    )


def _original_decided(session: Session, claim: Claim) -> bool | None:
    if claim.replaces_id is None:
        return None
    original = session.get_one(Claim, claim.replaces_id)
    return original.status not in _UNANSWERED or bool(original.payer_claim_number)


def _billed(session: Session, claim: Claim, patient_id: int) -> tuple[BilledService, ...]:
    """Services of the patient on other claims that are out under the same policy."""
    rows = session.execute(
        select(
            Claim.number,
            Claim.status,
            ChargeLine.service_from,
            ChargeLine.code,
            ChargeLine.modifiers,
            Provider.npi,
        )
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .join(ChargeLine, ChargeLine.id == ClaimLine.charge_line_id)
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .join(Provider, Provider.id == Encounter.provider_id)
        .where(
            Encounter.patient_id == patient_id,
            Claim.status.in_(_OUT),
            Claim.id != claim.id,
            Claim.id.is_distinct_from(claim.replaces_id),
            # A plan's members keep their policy: another policy is billed for its own sake.
            Claim.policy_id == claim.policy_id,
        )
    )
    return tuple(
        BilledService(number, status, on, code, tuple((modifiers or "").split()), npi)
        for number, status, on, code, modifiers, npi in rows
    )
