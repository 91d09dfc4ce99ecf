"""The account as rows: what each line cost, who paid what of it, and who owes now."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY
from app.domain.dates import format_short
from app.domain.money import format_cents
from app.services.account import AccountEntry, AccountLine, AccountView, Owes
from app.ui.tables import Column
from app.ui.widgets.choice import Choice

OWN = (PATIENT_PARTY, COLLECTIONS_PARTY)


@dataclass(frozen=True, slots=True)
class LineRow:
    """A service line summed up (cents); charge less the three others is the balance."""

    line: AccountLine
    charge: int
    insurer: int
    written_off: int
    patient: int

    @property
    def balance(self) -> int:
        """What is still owed; negative is a credit."""
        return self.line.balance_cents


def line_row(line: AccountLine) -> LineRow:
    """Adds up a line's standing entries; a reversed pair cancels and is left out."""

    def total(kind: str) -> int:
        return sum(e.cents for e in line.entries if e.kind == kind and not e.folded)

    return LineRow(
        line=line,
        charge=total("charge"),
        insurer=-total("insurer"),
        written_off=-total("write_off"),
        patient=-total("patient"),
    )


def owes_words(owes: tuple[Owes, ...]) -> str:
    """Who owes how much, credits said in words; a settled line is ``settled``."""
    if not owes:
        return "settled"
    if len(owes) == 1:
        return _who(owes[0])
    return ", ".join(f"{_who(o)} {format_cents(abs(o.cents))}" for o in owes)


def _who(owes: Owes) -> str:
    return f"credit of {owes.who}" if owes.cents < 0 else owes.who


def _amount(cents: int) -> str:
    return format_cents(cents) if cents else "–"


LINE_COLUMNS: tuple[Column[LineRow], ...] = (
    Column(
        "date",
        "Service",
        lambda r: format_short(r.line.service_date),
        sort=lambda r: r.line.service_date,
        width=88,
    ),
    Column("code", "Code", lambda r: f"{r.line.code} {r.line.modifiers}".strip(), width=96),
    Column(
        "charge",
        "Charge",
        lambda r: format_cents(r.charge),
        sort=lambda r: r.charge,
        numeric=True,
        width=84,
    ),
    Column(
        "insurer",
        "Insurer paid",
        lambda r: _amount(r.insurer),
        sort=lambda r: r.insurer,
        numeric=True,
        width=96,
    ),
    Column(
        "written_off",
        "Written off",
        lambda r: _amount(r.written_off),
        sort=lambda r: r.written_off,
        numeric=True,
        width=92,
    ),
    Column(
        "patient",
        "Patient paid",
        lambda r: _amount(r.patient),
        sort=lambda r: r.patient,
        numeric=True,
        width=96,
    ),
    Column(
        "balance",
        "Balance",
        lambda r: format_cents(r.balance),
        sort=lambda r: r.balance,
        numeric=True,
        width=88,
        look=lambda r: "bad" if r.balance < 0 else "bold" if r.balance else "muted",
    ),
    Column(
        "owes",
        "Owed by",
        lambda r: owes_words(r.line.owes),
        width=0,
        tooltip=lambda r: owes_words(r.line.owes),
        look=lambda r: "" if r.line.owes else "muted",
    ),
)


def _look(entry: AccountEntry) -> str:
    return "muted" if entry.folded else ""


ENTRY_COLUMNS: tuple[Column[AccountEntry], ...] = (
    Column("on", "Date", lambda e: format_short(e.on), sort=lambda e: e.on, width=88, look=_look),
    Column("what", "What", lambda e: e.what, width=148, look=_look),
    Column("who", "On whose part", lambda e: e.who, width=176, look=_look),
    Column(
        "cents",
        "Amount",
        lambda e: format_cents(e.cents),
        sort=lambda e: e.cents,
        numeric=True,
        width=88,
        look=_look,
    ),
    Column(
        "why",
        "Source and reason",
        lambda e: " · ".join(part for part in (e.source, e.reason) if part),
        width=0,
        look=lambda e: "muted",
        tooltip=lambda e: " · ".join(part for part in (e.source, e.reason) if part),
    ),
)


def entry_rows(line: AccountLine | None, *, folded: bool) -> tuple[AccountEntry, ...]:
    """A line's story, oldest first; reversed pairs only when asked for."""
    if line is None:
        return ()
    return tuple(e for e in line.entries if folded or not e.folded)


def folded_count(line: AccountLine | None) -> int:
    """How many entries of a line are folded away."""
    return sum(e.folded for e in line.entries) if line else 0


def bucket_choices(line: AccountLine) -> list[Choice]:
    """Who owes on a line, to choose whose part is meant; the patient's first."""
    open_ones = [o for o in line.owes if o.cents > 0]
    open_ones.sort(key=lambda o: o.party_id not in OWN)
    return [Choice(o.party_id, f"{o.who} · {format_cents(o.cents)}") for o in open_ones]


def cents_of(line: AccountLine, party_id: int | None) -> int:
    """What a party owes on a line."""
    return sum(o.cents for o in line.owes if o.party_id == party_id)


def name_of(view: AccountView, party_id: int | None) -> str:
    """What a party is called."""
    return next((o.who for o in view.parties if o.party_id == party_id), "payer")


def oldest_first(amount: int, owed: list[int]) -> list[int]:
    """Spreads money over what is owed, in order, never more than is owed on each.

    Args:
        amount: what there is, in cents.
        owed: what is owed on each line, in cents, oldest service first.

    Returns:
        The part of each line; what is left over is placed nowhere.
    """
    parts, left = [], amount
    for cents in owed:
        part = max(0, min(left, cents))
        parts.append(part)
        left -= part
    return parts
