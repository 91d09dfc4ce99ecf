"""Inner functions: what insurers still owe, sent and unsent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, SQLColumnExpression, Subquery, and_, func, literal, select
from sqlalchemy.orm import Session

from app.domain import reports
from app.domain.dates import format_date
from app.domain.reports import About, Group, Report, Tie, day, money, text
from app.models.people import Party, Patient
from app.models.visits import ChargeLine, Claim, ClaimEvent, ClaimLine, Encounter
from app.services import _report_base, _report_open
from app.services._claim_state import SUBMITTED
from app.services._report_base import Asked
from app.services._report_open import OpenItem


@dataclass(frozen=True, slots=True)
class ClaimThen:
    """A claim as it stood on a day."""

    claim_id: int
    number: str
    status: str
    submitted_on: date | None
    follow_up_on: date | None
    note: str

    @property
    def sent(self) -> bool:
        """True when the payer has it and it is not sent back."""
        return self.status in SUBMITTED


def _status_then(session: Session, as_of: date) -> SQLColumnExpression[str | None]:
    """A claim's status at the end of a day, from its events where the day is past."""
    if _report_base.is_present(session, as_of):
        last = session.scalar(select(func.max(ClaimEvent.on_date)))
        if last is None or last <= as_of:
            return Claim.status
    return (
        select(ClaimEvent.to_status)
        .where(ClaimEvent.claim_id == Claim.id, ClaimEvent.on_date <= as_of)
        .order_by(ClaimEvent.id.desc())
        .limit(1)
        .correlate(Claim)
        .scalar_subquery()
    )


def _last_note() -> ColumnElement[str | None]:
    return (
        select(ClaimEvent.note)
        .where(ClaimEvent.claim_id == Claim.id, ClaimEvent.note.is_not(None))
        .order_by(ClaimEvent.id.desc())
        .limit(1)
        .correlate(Claim)
        .scalar_subquery()
    )


def claims_then(
    session: Session, balance: Subquery, as_of: date
) -> dict[tuple[int, int], ClaimThen]:
    """The claim that speaks for each (line, policy): a sent one before others, then the newest."""
    status = _status_then(session, as_of)
    query = (
        select(
            ClaimLine.charge_line_id,
            Claim.policy_id,
            Claim.id,
            Claim.number,
            status,
            Claim.submitted_on,
            Claim.follow_up_on,
            func.coalesce(_last_note(), ""),
        )
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(ClaimLine.charge_line_id.in_(select(balance.c.line_id)))
        .order_by(Claim.id)
    )
    found: dict[tuple[int, int], ClaimThen] = {}
    for line, policy, key, number, then, sent, follow_up, note in session.execute(query):
        if then is None:
            continue  # not made yet on that day
        claim = ClaimThen(key, number, then, sent, follow_up, note or "")
        before = found.get((line, policy))
        if before is None or claim.sent >= before.sent:
            found[line, policy] = claim
    return found


def _insurers(session: Session, balance: Subquery) -> list[OpenItem]:
    return [i for i in _report_open.open_items(session, balance) if i.insurer and i.cents > 0]


def _sent_in_postings(session: Session, balance: Subquery, as_of: date) -> int:
    """Positive insurers' buckets with a claim that was out on that day, found by SQL alone."""
    out = (
        select(literal(1))
        .select_from(ClaimLine)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(
            ClaimLine.charge_line_id == balance.c.line_id,
            # Plus nothing, so that SQLite goes by the line: a policy may have thousands of claims.
            Claim.policy_id + 0 == Party.policy_id,
            _status_then(session, as_of).in_(SUBMITTED),
        )
        .correlate(balance, Party)
        .exists()
    )
    query = (
        select(func.sum(balance.c.cents))
        .join(Party, and_(Party.id == balance.c.party_id, Party.policy_id.is_not(None)))
        .where(balance.c.cents > 0, out)
    )
    return session.scalar(query) or 0


_OUTSTANDING_COLUMNS = (
    text("claim", "Claim"),
    text("patient", "Patient"),
    day("service", "Service"),
    text("status", "Status"),
    day("billed", "Last billed"),
    reports.count("days", "Days", sums=False),
    day("follow_up", "Follow up"),
    text("note", "Last note"),
    money("open", "Open"),
)


def outstanding(session: Session, p: Asked) -> Report:
    """Claims that are out with something still open at the payer."""
    balance = _report_base.balances(session, p.as_of)
    claims = claims_then(session, balance, p.as_of)
    items = _insurers(session, balance)
    sums: dict[tuple[str, int], tuple[OpenItem, ClaimThen, int]] = {}
    for i in items:
        claim = claims.get((i.line_id, i.policy_id or 0))
        if claim is not None and claim.sent:
            key = (i.payer, claim.claim_id)
            cents = sums[key][2] if key in sums else 0
            sums[key] = (sums[key][0] if key in sums else i, claim, cents + i.cents)
    chosen = [
        (i.payer, _outstanding_row(i, claim, cents, p.as_of), About("claim", claim.claim_id))
        for i, claim, cents in sums.values()
        if p.more.payer_id in (None, i.payer_id)
    ]
    chosen.sort(key=lambda item: (item[0].casefold(), -(item[1][5] or 0)))
    total = sum(cents for _, _, cents in sums.values())
    tie = Tie(
        "Outstanding = payers' balances on claims that are out",
        total,
        _sent_in_postings(session, balance, p.as_of),
    )
    said = f"As of {format_date(p.as_of)} by accounting date; days since last billed"
    groups = reports.grouped_about(chosen)
    ties = () if p.more.payer_id else (tie,)
    return reports.make_report(
        "outstanding", "Outstanding claims", said, _OUTSTANDING_COLUMNS, groups, ties
    )


def _outstanding_row(i: OpenItem, claim: ClaimThen, cents: int, as_of: date) -> tuple[
    str, str, date, str, date | None, int | None, date | None, str, int
]:  # fmt: skip
    billed = claim.submitted_on
    days = (as_of - billed).days if billed else None
    patient = f"{i.patient}  {i.account_no}"
    status = claim.status.replace("_", " ")
    follow_up = claim.follow_up_on
    return claim.number, patient, i.service_from, status, billed, days, follow_up, claim.note, cents


_UNBILLED_COLUMNS = (
    text("claim", "Claim"),
    text("patient", "Patient"),
    text("payer", "Payer"),
    day("service", "Service"),
    reports.count("days", "Days", sums=False),
    text("code", "Code"),
    money("cents", "Charges"),
)


def unbilled(session: Session, p: Asked) -> Report:
    """Posted charges no payer has: no claim, ready, held, printed, rejected; and old drafts."""
    balance = _report_base.balances(session, p.as_of)
    claims = claims_then(session, balance, p.as_of)
    rows, sent = [], 0
    for i in _insurers(session, balance):
        claim = claims.get((i.line_id, i.policy_id or 0))
        if claim is not None and claim.sent:
            sent += i.cents
            continue
        state = claim.status.replace("_", " ") if claim else "no claim"
        number = claim.number if claim else ""
        age = (p.as_of - i.service_from).days
        patient = f"{i.patient}  {i.account_no}"
        row = number, patient, i.payer, i.service_from, age, i.code, i.cents
        about = About("claim", claim.claim_id) if claim else About("encounter", i.encounter_id)
        rows.append((f"Claims: {state}", row, about))
    groups = (*reports.grouped_about(sorted(rows, key=lambda r: r[0])), *_old_drafts(session, p))
    total = sum(row[1][-1] for row in rows)
    tie = _insurance_tie(session, balance, p.as_of, total, sent)
    said = f"As of {format_date(p.as_of)} by accounting date; days since the service"
    return reports.make_report(
        "unbilled", "Unbilled charges", said, _UNBILLED_COLUMNS, groups, (tie,)
    )


def _insurance_tie(session: Session, balance: Subquery, as_of: date, unsent: int, sent: int) -> Tie:
    negative = (
        session.scalar(
            select(func.sum(balance.c.cents))
            .join(Party, and_(Party.id == balance.c.party_id, Party.policy_id.is_not(None)))
            .where(balance.c.cents < 0)
        )
        or 0
    )
    posted = _report_base.receivable_by_kind(session, as_of).get("POLICY", 0)
    words = "Unbilled + outstanding less payers' credits = insurance part in the postings"
    return Tie(words, unsent + sent + negative, posted)


def _old_drafts(session: Session, p: Asked) -> Iterable[Group]:
    """Visits not yet posted, older than the days asked for; not in the receivable."""
    before = p.as_of - timedelta(days=p.more.older_than)
    rows = session.execute(
        select(
            Patient.last + ", " + Patient.first,
            Patient.account_no,
            Encounter.service_date,
            func.coalesce(Encounter.hold_reason, ""),
            func.coalesce(func.sum(ChargeLine.charge_cents), 0),
            Encounter.id,
        )
        .join(Patient, Patient.id == Encounter.patient_id)
        .outerjoin(ChargeLine, ChargeLine.encounter_id == Encounter.id)
        .where(Encounter.status == "draft", Encounter.service_date < before)
        .group_by(Encounter.id)
        .order_by(Encounter.service_date, Encounter.id)
    )
    drafts = [
        (
            ("", f"{name}  {account}", hold, on, (p.as_of - on).days, "", cents),
            About("encounter", key),
        )
        for name, account, on, hold, cents, key in rows
    ]
    title = "Visits not yet posted (not in the receivable)"
    return (reports.group_about(title, drafts, counted=False),)
