"""Inner functions: claims opened for posting, their lines and what was decided, many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.books import PATIENT_PARTY, PROVISIONAL
from app.domain.eob_entry import EntryLine
from app.domain.fee_book import FeeBook, times
from app.models.books import STILL_OPEN, Eob, EobLine, LineBalance, Payment, Posting
from app.models.people import Party, Patient, Payer, Policy
from app.models.visits import ChargeLine, Claim, ClaimLine, Encounter, EncounterCoverage
from app.services import _claim_state, _fee_rows, _ledger
from app.services.posting_commands import EarlierEob, LineToPost, PostingClaim

_Head = Row[Claim, Patient, Policy, Payer, int]


@dataclass(frozen=True, slots=True)
class _Lines:
    """What is known of the lines of all claims asked for, by line."""

    owed: dict[int, dict[int, int]]
    shares: dict[tuple[int, int], int]  # by line and party
    decided: set[tuple[int, int]]  # claim, line
    books: dict[int, FeeBook]  # by payer


def opened(session: Session, claim_ids: Sequence[int]) -> tuple[PostingClaim, ...]:
    """Claims with their lines in the order of the paper, by patient and day; ten queries."""
    heads = _heads(session, claim_ids)
    rows = _charge_lines(session, claim_ids)
    known = _lines(session, claim_ids, heads, rows)
    following = _next_parties(session, heads)
    earlier = _earlier_eobs(session, claim_ids)
    return tuple(
        _claim(head, rows[head[0].id], known, following, earlier[head[0].id]) for head in heads
    )


def open_claims_of(session: Session, payer_id: int, most: int) -> list[int]:
    """Sent claims of a payer with something open, oldest service first, up to ``most``."""
    query = (
        select(Claim.id)
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .join(Policy, Policy.id == Claim.policy_id)
        .join(Party, Party.policy_id == Policy.id)
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .join(
            LineBalance,
            (LineBalance.charge_line_id == ClaimLine.charge_line_id)
            & (LineBalance.party_id == Party.id),
        )
        .where(
            Policy.payer_id == payer_id,
            Claim.status.in_(_claim_state.SUBMITTED),
            STILL_OPEN,
            LineBalance.amount_cents > 0,
        )
        .group_by(Claim.id)
        .order_by(Encounter.service_date, Claim.id)
        .limit(most)
    )
    return list(session.scalars(query))


def _heads(session: Session, claim_ids: Sequence[int]) -> list[_Head]:
    query = (
        select(Claim, Patient, Policy, Payer, Party.id)
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .join(Policy, Policy.id == Claim.policy_id)
        .join(Party, Party.policy_id == Policy.id)
        .join(Payer, Payer.id == Policy.payer_id)
        .where(Claim.id.in_(claim_ids))
        .order_by(Patient.last, Patient.first, Encounter.service_date, Claim.id)
    )
    return list(session.execute(query).all())


def _charge_lines(session: Session, claim_ids: Sequence[int]) -> dict[int, list[ChargeLine]]:
    query = (
        select(ClaimLine.claim_id, ChargeLine)
        .join(ChargeLine, ChargeLine.id == ClaimLine.charge_line_id)
        .where(ClaimLine.claim_id.in_(claim_ids))
        .order_by(ChargeLine.position, ChargeLine.id)
    )
    found: dict[int, list[ChargeLine]] = defaultdict(list)
    for claim, line in session.execute(query):
        found[claim].append(line)
    return found


def _lines(
    session: Session,
    claim_ids: Sequence[int],
    heads: Sequence[_Head],
    rows: dict[int, list[ChargeLine]],
) -> _Lines:
    lines = [line for found in rows.values() for line in found]
    keys = [line.id for line in lines]
    standing = _claim_state.standing_eob_lines(session, list(claim_ids))
    codes = {line.code for line in lines}
    return _Lines(
        owed=_ledger.buckets(session, keys),
        shares=_shares(session, keys),
        decided={(claim, line.charge_line_id) for claim, line in standing},
        books={
            payer: _fee_rows.contract_book(session, payer, codes)
            for payer in {head[3].id for head in heads}
        },
    )


def _shares(session: Session, line_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """The patients' shares taken out of payers' buckets at the visit and not released (cents)."""
    query = (
        select(Posting.charge_line_id, Posting.party_id, -func.sum(Posting.amount_cents))
        .where(Posting.charge_line_id.in_(line_ids), Posting.reason == PROVISIONAL)
        .group_by(Posting.charge_line_id, Posting.party_id)
    )
    return {(line or 0, party or 0): cents for line, party, cents in session.execute(query)}


def _next_parties(session: Session, heads: Sequence[_Head]) -> dict[int, tuple[int, str]]:
    """By claim: who answers for the patient's share after its payer, and what he is called."""
    visits = {head[0].encounter_id for head in heads}
    query = (
        select(EncounterCoverage.encounter_id, EncounterCoverage.rank, Party.id, Payer.name)
        .join(Party, Party.policy_id == EncounterCoverage.policy_id)
        .join(Policy, Policy.id == EncounterCoverage.policy_id)
        .join(Payer, Payer.id == Policy.payer_id)
        .where(EncounterCoverage.encounter_id.in_(visits))
        .order_by(EncounterCoverage.rank)
    )
    payers = session.execute(query).all()
    found = {}
    for claim, *_ in heads:
        later = (
            (party, name)
            for visit, rank, party, name in payers
            if visit == claim.encounter_id and rank > claim.rank
        )
        found[claim.id] = next(later, (PATIENT_PARTY, "patient"))
    return found


def _earlier_eobs(session: Session, claim_ids: Sequence[int]) -> dict[int, list[EarlierEob]]:
    """Decisions on claims that are neither reversed nor reversals, oldest first."""
    reversal = aliased(Eob)
    query = (
        select(
            Eob.claim_id,
            Eob.id,
            Payment.id,
            func.coalesce(Payment.number, ""),
            Payment.payment_date,
            func.coalesce(func.sum(EobLine.paid_cents), 0),
        )
        .join(Payment, Payment.id == Eob.payment_id)
        .outerjoin(EobLine, EobLine.eob_id == Eob.id)
        .outerjoin(reversal, reversal.reverses_id == Eob.id)
        .where(Eob.claim_id.in_(claim_ids), Eob.reverses_id.is_(None), reversal.id.is_(None))
        .group_by(Eob.id)
        .order_by(Eob.id)
    )
    found: dict[int, list[EarlierEob]] = defaultdict(list)
    for claim, eob, payment, number, day, paid in session.execute(query):
        found[claim].append(EarlierEob(eob, payment, number, day, paid))
    return found


def _claim(
    head: _Head,
    rows: Sequence[ChargeLine],
    known: _Lines,
    following: dict[int, tuple[int, str]],
    earlier: Sequence[EarlierEob],
) -> PostingClaim:
    claim, patient, policy, payer, party = head
    next_party, next_name = following[claim.id]
    lines = tuple(
        LineToPost(
            entry=EntryLine(
                line_id=row.id,
                billed=row.charge_cents,
                open=max(known.owed[row.id].get(party, 0), 0),
                provisional=known.shares.get((row.id, party), 0),
                next_party=next_party,
                patient_party=PATIENT_PARTY,
                contracted=payer.contracted,
            ),
            service_date=row.service_from,
            code=row.code,
            modifiers=row.modifiers or "",
            decided=(claim.id, row.id) in known.decided,
            contract_cents=_contract(known.books[payer.id], row),
        )
        for row in rows
    )
    return PostingClaim(
        claim_id=claim.id,
        number=claim.number,
        patient_id=patient.id,
        patient_name=f"{patient.last}, {patient.first}",
        member_id=policy.member_id,
        status=claim.status,
        next_name=next_name,
        lines=lines,
        provisional_cents=sum(line.entry.provisional for line in lines),
        payer_claim_number=claim.payer_claim_number or "",
        earlier=tuple(earlier),
    )


def _contract(book: FeeBook, row: ChargeLine) -> int | None:
    each = book.allowed(row.code, row.modifiers or "", row.service_from)
    return None if each is None else times(each, row.units)
