"""Setup, Account rules: the office's own fees, small balances and the sliding fee."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.domain.money_rules import MoneyRules
from app.services.setup import SetupService
from app.ui.form import Slot
from app.ui.pages.setup_fields import Row
from app.ui.pages.setup_sections import Section
from app.ui.tables import Column
from app.ui.widgets.choice import CheckField
from app.ui.widgets.money import MoneyEdit

HELP = "Fees of your office, small balances and the sliding fee."
_NEEDED = "Enter an amount; 0.00 leaves it open."


@dataclass(frozen=True, slots=True)
class AccountRules(MoneyRules):
    """The rules as Setup's form shows them."""

    @property
    def name(self) -> str:
        """What the notice calls them."""
        return "Account rules"


def rows() -> Sequence[tuple[str, Sequence[Row]]]:
    """The form, section by section; the words under each heading say what it does."""
    return (
        ("Usual fees: offered when you charge one, never sent to an insurer", _fee_rows()),
        ("Small balances", _small_rows()),
        ("Sliding fee", _sliding_rows()),
    )


def _money(name: str, text: str, span: int) -> Slot:
    return Slot(name, text, MoneyEdit(), span, _NEEDED)


def _fee_rows() -> list[Row]:
    return [
        (
            _money("fee_nsf_cents", "Returned check (your state caps it)", 6),
            _money("fee_no_show_cents", "Missed appointment", 6),
        ),
        (
            _money("fee_forms_cents", "Forms completed", 4),
            _money("fee_records_cents", "Copies of records", 4),
            _money("fee_other_cents", "Other office fee", 4),
        ),
    ]


def _small_rows() -> list[Row]:
    return [
        (
            _money(
                "small_balance_cents",
                "Most that may be written off as small, once no payer owes (0.00: nothing)",
                12,
            ),
        )
    ]


def _sliding_rows() -> list[Row]:
    words = "Take a household's sliding fee off each self-pay charge when it is posted"
    return [(Slot("sliding_fee_at_posting", "", CheckField(words), 12),)]


def section(setup: SetupService) -> Section:
    """The page as Setup shows it: one form, no list."""

    def load() -> Sequence[Any]:
        return (AccountRules(**asdict(setup.money_rules())),)

    return Section(
        key="money",
        title="Account rules",
        help=HELP,
        load=load,
        save=setup.save_money_rules,
        key_of=lambda _: 1,
        columns=(Column("name", "Name", lambda row: row.name, width=0),),
        rows=rows,
        command=AccountRules,
    )
