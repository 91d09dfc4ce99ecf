"""Rows of the deposits: what waits for the bank, and the slips made."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.dates import format_short
from app.domain.money import format_cents
from app.services.report_commands import DepositRow, WaitingMoney
from app.ui.tables import Column

_KINDS = {"check": "Check", "cash": "Cash"}
EMPTY = (
    "Nothing waits for the bank. Paper checks wait here once they are closed, cash once it is "
    "received; EFT and cards never do."
)


@dataclass(frozen=True, slots=True)
class Waits:
    """A check or cash, and whether it goes on the next slip."""

    money: WaitingMoney
    goes: bool


def _muted(row: Waits) -> str:
    return "" if row.goes else "muted"


WAITING: tuple[Column[Waits], ...] = (
    Column("goes", "Slip", lambda r: "✓" if r.goes else "–", width=56, look=_muted),
    Column(
        "received",
        "Received",
        lambda r: format_short(r.money.received_on),
        lambda r: r.money.received_on,
        width=96,
        look=_muted,
    ),
    Column("who", "From", lambda r: r.money.who, width=0, look=_muted),
    Column("number", "Number", lambda r: r.money.number or "–", width=104, look=_muted),
    Column("kind", "Kind", lambda r: _KINDS[r.money.method], width=72, muted=True),
    Column(
        "amount",
        "Amount",
        lambda r: format_cents(r.money.amount_cents),
        lambda r: r.money.amount_cents,
        numeric=True,
        width=104,
        look=_muted,
    ),
)


def _state(row: DepositRow) -> tuple[str, str] | None:
    if row.voided_why:
        return "taken back", "neutral"
    return (f"{format_cents(row.returned_cents)} returned", "bad") if row.returned_cents else None


SLIPS: tuple[Column[DepositRow], ...] = (
    Column("number", "Slip", lambda r: str(r.deposit_id), lambda r: r.deposit_id, width=52),
    Column("on", "Day", lambda r: format_short(r.deposited_on), lambda r: r.deposited_on, width=84),
    Column(
        "total",
        "Total",
        lambda r: format_cents(r.total_cents),
        lambda r: r.total_cents,
        numeric=True,
        width=92,
        look=lambda r: "muted" if r.voided_why else "",
        tooltip=lambda r: f"{r.count} items, {r.bank}" if r.bank else f"{r.count} items",
    ),
    Column(
        "state",
        "",
        lambda r: "" if _state(r) else r.bank,
        width=0,
        pill=_state,
        muted=True,
        tooltip=lambda r: r.voided_why or r.bank,
    ),
)
