"""The practice's habits with its own money: office fees, what counts as small, the sliding fee."""

from __future__ import annotations

from dataclasses import dataclass, fields

from app.domain.findings import Finding
from app.domain.money import format_cents

MAX_FEE_CENTS = 500_00  # a fee above is a slip of the hand
MAX_SMALL_CENTS = 100_00  # above, forgiving is a decision about one account, not a rule


@dataclass(frozen=True, slots=True)
class MoneyRules:
    """All amounts in cents; a fee of 0 is offered without an amount.

    Attributes:
        fee_nsf_cents: charged when a check bounces; states cap it, mostly at 20 to 50 dollars.
        fee_no_show_cents: a missed appointment.
        fee_forms_cents: completing a form.
        fee_records_cents: copies of records.
        fee_other_cents: any other fee of the office.
        small_balance_cents: the most that may be written off as a small balance.
        sliding_fee_at_posting: a household's discount is taken when charges are posted.
    """

    fee_nsf_cents: int = 2500
    fee_no_show_cents: int = 0
    fee_forms_cents: int = 0
    fee_records_cents: int = 0
    fee_other_cents: int = 0
    small_balance_cents: int = 500
    sliding_fee_at_posting: bool = True


def check_rules(rules: MoneyRules) -> tuple[Finding, ...]:
    """A sentence for each amount that is out of bounds."""
    found = []
    for field in fields(rules):
        cents = getattr(rules, field.name)
        if isinstance(cents, bool):
            continue
        most = MAX_SMALL_CENTS if field.name == "small_balance_cents" else MAX_FEE_CENTS
        if not 0 <= cents <= most:
            found.append(Finding(field.name, f"Enter 0.00 to {format_cents(most)}."))
    return tuple(found)
