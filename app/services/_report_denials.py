"""Inner functions: what payers refused or keep, by code, and what became of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.domain import reports
from app.domain.books import Account, Disposition
from app.domain.claim_form import PayerType
from app.domain.posting_policy import DENIAL_CARCS
from app.domain.reports import About, Report, Tie, day, money, text
from app.models.books import Eob, EobAdjustment, EobLine, Journal, Posting
from app.models.people import Party, Patient, Payer, Policy, Provider
from app.models.visits import ChargeLine, Claim, Encounter
from app.services import _report_base
from app.services._report_base import Asked

# Medicare's first level, redetermination (42 CFR 405.942); other payers' days differ by contract.
_APPEAL_DAYS = {PayerType.MEDICARE: 120}


@dataclass(frozen=True, slots=True)
class _Refusal:
    """One line of one EOB that was refused or held (cents)."""

    eob_line: int
    line: int
    policy: int
    on: date
    group: str
    carc: str
    rarc: str
    cents: int
    held: bool
    patient: str
    claim: str
    code: str
    provider: str
    payer: str
    payer_type: str
    claim_id: int


_DENIALS_COLUMNS = (
    text("patient", "Patient"),
    text("claim", "Claim"),
    text("code", "Code"),
    text("reason", "Reason"),
    day("on", "Decided"),
    text("outcome", "Outcome"),
    day("appeal", "Appeal by"),
    reports.count("left", "Days left", sums=False),
    money("cents", "Refused"),
    money("open", "Still open"),
)


def denials(session: Session, p: Asked) -> Report:
    """Held and denied amounts by reason code, with outcome and days left to appeal."""
    found = _refusals(session, p)
    opens = _open_at(session, p.end)
    later = _later(session, p.end)
    latest = _latest(session, p.end)
    rows = []
    still = 0
    counted: set[tuple[int, int]] = set()
    for r in found:
        key = (r.line, r.policy)
        is_open = opens.get(key, 0) > 0 and latest.get(key) == r.eob_line
        open_cents = opens[key] if is_open and r.held and key not in counted else 0
        if open_cents:
            counted.add(key)
            still += open_cents
        outcome = "open" if is_open else later.get(key, "settled")
        row = _row(r, outcome, open_cents, p.end)
        rows.append((_heading(r, p.more.by), row, About("claim", r.claim_id)))
    tie = Tie("Still open = held lines in the receivable", still, _held_open(session, p))
    groups = reports.grouped_about(sorted(rows, key=lambda row: row[0]))
    basis = f"Decided {p.period} by accounting date; outcome at the end of the period"
    return reports.make_report("denials", "Denials", basis, _DENIALS_COLUMNS, groups, (tie,))


def _heading(r: _Refusal, by: str) -> str:
    choices = {"payer": r.payer, "code": r.code, "provider": r.provider}
    return choices.get(by, f"{r.group}-{r.carc}")


def _row(r: _Refusal, outcome: str, open_cents: int, end: date) -> reports.Row:
    days = _APPEAL_DAYS.get(PayerType(r.payer_type))
    until = r.on + timedelta(days=days) if days and outcome == "open" else None
    left = (until - end).days if until else None
    reason = f"{r.group}-{r.carc} {r.rarc}".strip()
    words = (r.patient, r.claim, r.code, reason, r.on, outcome, until, left)
    return (*words, r.cents, open_cents)


def _refusals(session: Session, p: Asked) -> list[_Refusal]:
    reversing = select(Eob.reverses_id).where(Eob.reverses_id.is_not(None))
    held = EobAdjustment.disposition == str(Disposition.HOLD)
    refused = and_(
        EobLine.paid_cents == 0,
        EobAdjustment.disposition != str(Disposition.INFO),
        EobAdjustment.carc.in_(sorted(DENIAL_CARCS)),
    )
    query = (
        select(
            EobLine.id, EobLine.charge_line_id, Claim.policy_id, Eob.accounting_date,
            EobAdjustment.group_code, EobAdjustment.carc, func.coalesce(EobAdjustment.rarc, ""),
            EobAdjustment.amount_cents, held, Patient.last + ", " + Patient.first, Claim.number,
            ChargeLine.code, Provider.last + ", " + Provider.first, Payer.name, Payer.type,
            Claim.id,
        )
        .select_from(EobAdjustment)
        .join(EobLine, EobLine.id == EobAdjustment.eob_line_id)
        .join(Eob, Eob.id == EobLine.eob_id)
        .join(Claim, Claim.id == Eob.claim_id)
        .join(ChargeLine, ChargeLine.id == EobLine.charge_line_id)
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .join(Provider, Provider.id == Encounter.provider_id)
        .join(Policy, Policy.id == Claim.policy_id)
        .join(Payer, Payer.id == Policy.payer_id)
        .where(
            Eob.reverses_id.is_(None),
            Eob.id.not_in(reversing),
            Eob.accounting_date.between(p.start, p.end),
            or_(held, refused),
            EobAdjustment.amount_cents != 0,
            *(() if p.more.payer_id is None else (Payer.id == p.more.payer_id,)),
        )
        .order_by(EobAdjustment.group_code, EobAdjustment.carc, Eob.id, EobLine.id)
    )  # fmt: skip
    return [_Refusal(*tuple(row)) for row in session.execute(query)]


def _open_at(session: Session, as_of: date) -> dict[tuple[int, int], int]:
    balance = _report_base.balances(session, as_of)
    rows = session.execute(
        select(balance.c.line_id, Party.policy_id, balance.c.cents)
        .join(Party, and_(Party.id == balance.c.party_id, Party.policy_id.is_not(None)))
        .where(balance.c.cents > 0)
    )
    return {(line, policy or 0): cents for line, policy, cents in rows}


def _latest(session: Session, as_of: date) -> dict[tuple[int, int], int]:
    """The newest standing EOB line of each (line, policy)."""
    reversing = select(Eob.reverses_id).where(Eob.reverses_id.is_not(None))
    rows = session.execute(
        select(EobLine.charge_line_id, Claim.policy_id, func.max(EobLine.id))
        .join(Eob, Eob.id == EobLine.eob_id)
        .join(Claim, Claim.id == Eob.claim_id)
        .where(Eob.reverses_id.is_(None), Eob.id.not_in(reversing), Eob.accounting_date <= as_of)
        .group_by(EobLine.charge_line_id, Claim.policy_id)
    )
    return {(line, policy): key for line, policy, key in rows}


def _later(session: Session, as_of: date) -> dict[tuple[int, int], str]:
    """How a line ended at its payer: paid (won), written off (lost) or passed on."""
    rows = session.execute(
        select(Posting.charge_line_id, Claim.policy_id, Posting.account,
               func.sum(Posting.amount_cents))
        .join(Journal, Journal.id == Posting.journal_id)
        .join(Claim, Claim.id == Posting.claim_id)
        .where(
            Posting.account.in_((str(Account.CASH), str(Account.UNAPPLIED))),
            Posting.charge_line_id.is_not(None),
            Journal.accounting_date <= as_of,
        )
        .group_by(Posting.charge_line_id, Claim.policy_id, Posting.account)
    )  # fmt: skip
    paid: dict[tuple[int, int], int] = defaultdict(int)
    for line, policy, _, cents in rows:
        paid[line or 0, policy] += cents
    given_up = session.execute(
        select(Posting.charge_line_id)
        .join(Journal, Journal.id == Posting.journal_id)
        .where(Posting.account == str(Account.ADJUSTMENT), Journal.accounting_date <= as_of)
        .group_by(Posting.charge_line_id)
        .having(func.sum(Posting.amount_cents) > 0)
    )
    lost = {line for (line,) in given_up}
    found = {key: "won" for key, cents in paid.items() if cents > 0}
    found |= {key: "lost" for key, cents in paid.items() if cents <= 0 and key[0] in lost}
    return found


def _held_open(session: Session, p: Asked) -> int:
    """Open buckets whose latest decision of the period holds something, by SQL alone."""
    balance = _report_base.balances(session, p.end)
    reversing = select(Eob.reverses_id).where(Eob.reverses_id.is_not(None))
    latest = (
        select(EobLine.charge_line_id.label("line"), Claim.policy_id.label("policy"),
               func.max(EobLine.id).label("eob_line"))
        .join(Eob, Eob.id == EobLine.eob_id)
        .join(Claim, Claim.id == Eob.claim_id)
        .where(Eob.reverses_id.is_(None), Eob.id.not_in(reversing), Eob.accounting_date <= p.end)
        .group_by(EobLine.charge_line_id, Claim.policy_id)
        .subquery()
    )  # fmt: skip
    holds = (
        select(EobAdjustment.id)
        .join(EobLine, EobLine.id == EobAdjustment.eob_line_id)
        .join(Eob, Eob.id == EobLine.eob_id)
        .where(
            EobLine.id == latest.c.eob_line,
            EobAdjustment.disposition == str(Disposition.HOLD),
            EobAdjustment.amount_cents != 0,
            Eob.accounting_date >= p.start,
        )
        .exists()
    )
    query = (
        select(func.sum(balance.c.cents))
        .join(Party, Party.id == balance.c.party_id)
        .join(
            latest,
            and_(latest.c.line == balance.c.line_id, latest.c.policy == Party.policy_id),
        )
        .where(balance.c.cents > 0, holds)
    )
    if p.more.payer_id is not None:
        query = query.join(Policy, Policy.id == Party.policy_id).where(
            Policy.payer_id == p.more.payer_id
        )
    return session.scalar(query) or 0
