"""Inner functions: one guarantor's statement composed from the books, visit by visit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.account_standing import OpenLine, not_asked
from app.domain.dates import format_date
from app.domain.errors import Refused
from app.domain.money import format_cents
from app.domain.owed import LineEntry, figures_of, waiting_plans, why_owed
from app.domain.statement_content import (
    BilledPatient,
    BilledVisit,
    LetterContent,
    Sender,
    StatementContent,
)
from app.domain.statement_policy import StatementPolicy, filled
from app.domain.statements import Decision, ask_cents
from app.models.people import Guarantor, Patient, Practice, Provider
from app.models.visits import ChargeLine, Encounter, Procedure
from app.services import _statement_lines
from app.services._addresses import address_of
from app.services._statement_facts import Account


@dataclass(frozen=True, slots=True)
class _Head:
    """A visit before its money: who, when, by whom."""

    encounter_id: int
    patient_id: int
    patient: str
    service_date: date
    provider: str


def sender(session: Session) -> Sender:
    """The practice as it stands on a statement.

    Raises:
        Refused: ``no_practice`` before its own data are entered.
    """
    row = session.get(Practice, 1)
    if row is None:
        raise Refused("no_practice", "Enter the practice's own name and address in Setup first.")
    own, pay_to = address_of(row), address_of(row, "pay_to_")
    return Sender(
        name=row.name,
        address=own,
        phone=phone_text(row.phone or ""),
        # A Social Security number is nobody's business but the payers'.
        tax_id=f"{row.tax_id[:2]}-{row.tax_id[2:]}" if row.tax_id_type == "EIN" else "",
        remit_name=row.pay_to_name or row.name,
        remit_address=pay_to if pay_to.line1 else own,
    )


def phone_text(digits: str) -> str:
    """``5405550140`` as ``(540) 555-0140``; anything else as it is."""
    plain = "".join(char for char in digits if char.isdigit())
    if len(plain) != 10:
        return digits
    return f"({plain[:3]}) {plain[3:6]}-{plain[6:]}"


def build(
    session: Session, account: Account, decision: Decision, policy: StatementPolicy, today: date
) -> StatementContent:
    """The statement that would go out today."""
    facts, standing = account.facts, account.facts.standing
    guarantor = session.get_one(Guarantor, account.guarantor_id)
    since = _statement_lines.before(session, account.guarantor_id)
    asked = [line.line_id for line in standing.asked]
    moved = _statement_lines.movement(session, account.guarantor_id, since, asked)
    previous, balance = since.balance_cents if since else 0, standing.balance_cents
    due_on = today + timedelta(days=policy.due_days_of(decision.number))
    amount, practice = ask_cents(facts), sender(session)
    return StatementContent(
        sender=practice,
        guarantor_id=guarantor.id,
        guarantor=_name(guarantor),
        address=address_of(guarantor),
        account_no=account_no(session, guarantor.id),
        number=decision.number,
        on=today,
        due_on=due_on,
        amount_cents=amount,
        previous_cents=previous,
        new_cents=moved.new_cents,
        paid_cents=moved.paid_cents,
        other_cents=balance - previous - moved.new_cents + moved.paid_cents,
        balance_cents=balance,
        aging=standing.aging,
        patients=_patients(session, account),
        payments=moved.payments,
        credit_cents=standing.credit_cents,
        unapplied_cents=max(facts.unapplied_cents, 0),
        plan_left_cents=facts.plan.left_cents if facts.plan else None,
        message=_message(account, decision, policy, practice, amount, due_on),
        card_fields=policy.card_fields,
    )


def letter(
    session: Session, account: Account, policy: StatementPolicy, today: date
) -> LetterContent:
    """The letter before collections; it asks for the whole balance."""
    guarantor, practice = session.get_one(Guarantor, account.guarantor_id), sender(session)
    due_on = today + timedelta(days=policy.final_due_days)
    amount, last = account.facts.standing.balance_cents, account.facts.last
    values = {
        "amount": f"${format_cents(amount)}",
        "due": format_date(due_on),
        "phone": practice.phone,
        "number": str(last.number if last else 0),
        "last": format_date(last.on if last else None),
    }
    return LetterContent(
        sender=practice,
        guarantor_id=guarantor.id,
        guarantor=_name(guarantor),
        address=address_of(guarantor),
        account_no=account_no(session, guarantor.id),
        on=today,
        due_on=due_on,
        amount_cents=amount,
        paragraphs=tuple(filled(text, **values) for text in policy.letter if text.strip()),
    )


def _message(
    account: Account,
    decision: Decision,
    policy: StatementPolicy,
    practice: Sender,
    amount: int,
    due_on: date,
) -> str:
    """The most specific message wins: the plan's, else that of the dunning number."""
    plan = account.facts.plan
    text = policy.message(decision.number)
    if plan is not None:
        text = policy.plan_message if plan.kept else policy.plan_behind_message
    return filled(
        text,
        phone=practice.phone,
        amount=f"${format_cents(amount)}",
        due=format_date(due_on),
        left=f"${format_cents(plan.left_cents)}" if plan else "",
    )


def _name(row: Guarantor | Patient) -> str:
    return " ".join(part for part in (row.first, row.middle, row.last, row.suffix) if part)


def account_no(session: Session, guarantor_id: int) -> str:
    """The account number that finds the household: the guarantor's own, else its first patient's.

    Patients of the guarantor other than the guarantor come later in the order.
    """
    query = (
        select(Patient.account_no)
        .where(Patient.guarantor_id == guarantor_id)
        .order_by(Patient.guarantor_is_patient.desc(), Patient.id)
        .limit(1)
    )
    return session.scalar(query) or ""


# --- visits -------------------------------------------------------------------------------------
def _patients(session: Session, account: Account) -> tuple[BilledPatient, ...]:
    """Visits with something due, and those that insurance still decides, by patient."""
    asked, pending = account.facts.standing.asked, _pending(account)
    shown = [*asked, *pending]
    entries = _statement_lines.entries_of(session, [line.line_id for line in shown])
    heads = _heads(session, {line.encounter_id for line in shown})
    words = _descriptions(session, [line.line_id for line in shown])
    patients: dict[int, BilledPatient] = {}
    for head in heads:
        visits = [
            _visit(head, _at(head, lines), entries, words, asked=lines is asked)
            for lines in (asked, pending)
        ]
        known = patients.get(head.patient_id) or BilledPatient(head.patient_id, head.patient, ())
        found = (*known.visits, *(v for v in visits if v is not None))
        patients[head.patient_id] = BilledPatient(head.patient_id, head.patient, found)
    return tuple(patients.values())


def _pending(account: Account) -> list[OpenLine]:
    """Lines with a payer, on which nothing is asked yet."""
    standing = account.facts.standing
    asked = {line.line_id for line in standing.asked}
    return [
        line
        for line in account.lines
        if line.insurer_cents > 0 and line.line_id not in asked and not_asked(line) is None
    ]


def _heads(session: Session, encounters: Iterable[int]) -> list[_Head]:
    query = (
        select(Encounter.id, Encounter.service_date, Patient, Provider)
        .join(Patient, Patient.id == Encounter.patient_id)
        .join(Provider, Provider.id == Encounter.provider_id)
        .where(Encounter.id.in_(encounters))
        .order_by(Patient.first, Patient.id, Encounter.service_date, Encounter.id)
    )
    return [
        _Head(
            key,
            patient.id,
            _name(patient),
            on,
            ", ".join(p for p in (f"{who.first} {who.last}", who.credentials) if p),
        )
        for key, on, patient, who in session.execute(query)
    ]


def _descriptions(session: Session, line_ids: Sequence[int]) -> dict[int, str]:
    """Each line in the practice's own words; its code where it has none."""
    lines = session.execute(
        select(ChargeLine.id, ChargeLine.code, ChargeLine.modifiers, ChargeLine.description).where(
            ChargeLine.id.in_(line_ids)
        )
    ).all()
    wordings: dict[tuple[str, str | None], str] = {}
    rows = session.execute(
        select(Procedure.code, Procedure.modifiers, Procedure.wording)
        .where(Procedure.code.in_({row.code for row in lines}), Procedure.wording.is_not(None))
        .order_by(Procedure.active, Procedure.id)
    )
    for code, modifiers, wording in rows:
        wordings[code, modifiers] = wording or ""
    return {
        row.id: row.description
        or wordings.get((row.code, row.modifiers))
        or wordings.get((row.code, None))
        or f"Service {row.code}"
        for row in lines
    }


def _at(head: _Head, lines: Sequence[OpenLine]) -> list[OpenLine]:
    return [line for line in lines if line.encounter_id == head.encounter_id]


def _visit(
    head: _Head,
    lines: Sequence[OpenLine],
    entries: Mapping[int, Sequence[LineEntry]],
    words: Mapping[int, str],
    *,
    asked: bool,
) -> BilledVisit | None:
    if not lines:
        return None
    legs = [leg for line in lines for leg in entries[line.line_id]]
    return BilledVisit(
        encounter_id=head.encounter_id,
        service_date=head.service_date,
        provider=head.provider,
        description="; ".join(dict.fromkeys(words[line.line_id] for line in lines)),
        figures=figures_of(legs),
        why=why_owed(legs) if asked else (),
        note=_note(legs),
    )


def _note(legs: Sequence[LineEntry]) -> str:
    notes = [
        f"{format_cents(cents)} is with {plan}; nothing of it is due from you yet"
        for plan, cents in waiting_plans(legs).items()
    ]
    agency = figures_of(legs).agency
    if agency:
        notes.append(f"{format_cents(agency)} is with our collection agency and not asked here")
    return ". ".join(notes)
