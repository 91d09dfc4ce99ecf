"""Taking a patient's payment: the amount, and over which lines it goes, oldest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.dates import format_short
from app.domain.findings import Finding
from app.domain.money import format_cents, parse_cents
from app.services.account import AccountLine, AccountView
from app.services.households import Installment
from app.services.payment_commands import Application, PatientPayment
from app.ui.form import Slot
from app.ui.grid import EntryGrid
from app.ui.grid_model import GridColumn, GridRow, Kind
from app.ui.pages.patients_account_rows import OWN, oldest_first
from app.ui.pages.patients_panels import METHODS, ActionPanel
from app.ui.widgets.choice import Choice, ChoiceEdit
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.field import LineField
from app.ui.widgets.money import MoneyEdit
from app.ui.widgets.pill import Pill

_VISITS = 4  # so many recent visits are offered for a copay
COLUMNS = (
    GridColumn("date", "Service", width=88),
    GridColumn("code", "Code", width=104),
    GridColumn("who", "Owed by", width=0),
    GridColumn("owed", "Owed", width=92, numeric=True),
    GridColumn("apply", "Apply", Kind.MONEY, width=100),
)


@dataclass(slots=True)
class _Part:
    """A line money can go to; ``typed`` None follows the amount."""

    line: AccountLine
    party: int | None
    who: str
    owed: int
    typed: int | None = None


class PaymentPanel(ActionPanel):
    """Amount, method, number, date; the lines below fill themselves and can be changed.

    Args:
        today: the practice's day.
        copay: what the card in force says, in cents; None when it says nothing.
    """

    def __init__(self, today: Callable[[], date], copay: Callable[[], int | None]) -> None:
        super().__init__("Payment from the patient", "Take payment")
        self._today, self._copay = today, copay
        self._view: AccountView | None = None
        self._open: tuple[AccountLine, ...] = ()
        self._parts: list[_Part] = []
        self._target = ChoiceEdit((), blank=False)
        self._rest = Pill("", "neutral")
        self._grid = EntryGrid(COLUMNS, name="Lines the payment goes to")
        self.form.add_row(
            Slot("amount_cents", "Amount", MoneyEdit(), 3, "Enter the amount received."),
            Slot("method", "Paid by", ChoiceEdit(METHODS, blank=False), 3),
            Slot("number", "Number", LineField(length=30), 3),
            Slot("received_on", "Received", DateEdit(today=today), 3, "Enter the day."),
        )
        self.form.add_row(
            Slot("goes_to", "Goes to", self._target, 6),
            Slot("note", "Note", LineField(length=120), 6),
        )
        self.add_beside_title(self._rest)
        self.add(self._grid)
        self.form.edited.connect(self._edited)
        self._grid.cell_committed.connect(self._committed)

    def begin(
        self,
        view: AccountView,
        open_lines: Sequence[AccountLine],
        installment: Installment | None = None,
    ) -> None:
        """Opens for a new payment.

        Args:
            view: the account it is taken on.
            open_lines: what the whole household owes, oldest service first.
            installment: what a running payment plan asks for; it stands as the amount.
        """
        self._view, self._open = view, tuple(open_lines)
        choices = self._choices(view)
        self._target.set_choices(choices)
        values = {"amount_cents": None, "method": "check", "number": "", "note": ""}
        self.form.set_values({**values, "received_on": self._today(), "goes_to": choices[0].value})
        self.set_title("Payment from the patient", _plan_words(installment))
        self._aim()
        if installment is not None and self._target.value() == "owed":
            self.form.set_values({"amount_cents": installment.cents})
            self._show_parts()
        self.show()
        self.form.go_to("amount_cents")

    def _choices(self, view: AccountView) -> list[Choice]:
        owed = [Choice("owed", "What is owed, oldest first")] if self._open else []
        visits: dict[int, date] = {}
        for line in view.lines:
            if any(o.cents > 0 and o.party_id not in OWN for o in line.owes):
                visits.setdefault(line.encounter_id, line.service_date)
        copays = [
            Choice(key, f"Copay of the visit {format_short(day)}")
            for key, day in list(visits.items())[:_VISITS]
        ]
        return [*owed, *copays, Choice("wait", "Nothing yet: keep it unapplied")]

    def _aim(self) -> None:
        target = self._target.value()
        if isinstance(target, int):
            self._parts = self._visit(target)
            amount = self.form.widget("amount_cents")
            if isinstance(amount, MoneyEdit) and amount.value() is None:
                amount.set_value(self._copay())
        elif target == "owed":
            self._parts = [_Part(n, None, n.patient_name, n.balance_cents) for n in self._open]
        else:
            self._parts = []
        self._grid.setVisible(bool(self._parts))
        self._show_parts()
        self._grid.fit(5)

    def _visit(self, encounter_id: int) -> list[_Part]:
        """The payers' part of each line of a visit, from which a copay is taken."""
        lines = self._view.lines if self._view else ()
        return [
            _Part(line, owes.party_id, owes.who, owes.cents)
            for line in lines
            if line.encounter_id == encounter_id
            for owes in line.owes
            if owes.cents > 0 and owes.party_id not in OWN
        ]

    # --- the lines ------------------------------------------------------------------------------
    def _amount(self) -> int:
        return self.form.values()["amount_cents"] or 0

    def _shares(self) -> list[int]:
        fixed = sum(p.typed or 0 for p in self._parts)
        free = oldest_first(
            self._amount() - fixed, [p.owed if p.typed is None else 0 for p in self._parts]
        )
        return [f if p.typed is None else p.typed for p, f in zip(self._parts, free, strict=True)]

    def _show_parts(self) -> None:
        shares = self._shares()
        self._grid.set_rows(
            [_row(part, share) for part, share in zip(self._parts, shares, strict=True)]
        )
        owed, placed = sum(p.owed for p in self._parts), sum(shares)
        count = len(self._parts)
        self._grid.set_totals(
            {
                "date": f"{count} line{'s' if count != 1 else ''}",
                "owed": format_cents(owed),
                "apply": format_cents(placed),
            }
        )
        self._show_rest(self._amount() - placed)

    def _show_rest(self, rest: int) -> None:
        if rest < 0:
            self._rest.show_status(f"{format_cents(-rest)} more than received", "bad")
        elif rest:
            self._rest.show_status(f"{format_cents(rest)} stays unapplied", "warn")
        elif self._amount():
            self._rest.show_status("all placed", "ok")
        else:
            self._rest.show_status("type the amount", "neutral")

    def _edited(self, name: str) -> None:
        if name == "goes_to":
            self._aim()
        elif name == "amount_cents":
            self._show_parts()

    def _committed(self, row: int, _key: str, text: str) -> None:
        self._parts[row].typed = parse_cents(text) if text else 0
        self._show_parts()

    # --- doing it -------------------------------------------------------------------------------
    def act(self) -> None:
        """Hands the payment over, unless more is placed than was received."""
        values, shares, view = self.form.values(), self._shares(), self._view
        if sum(shares) > values["amount_cents"]:
            words = "More is placed on the lines than was received. Lower a line or the amount."
            self.form.show_findings([Finding("amount_cents", words)])
            return
        if view is not None:
            self.wanted.emit(
                PatientPayment(
                    guarantor_id=view.guarantor_id,
                    amount_cents=values["amount_cents"],
                    apply=tuple(
                        Application(p.line.line_id, share, p.party)
                        for p, share in zip(self._parts, shares, strict=True)
                        if share
                    ),
                    patient_id=view.patient_id,
                    method=values["method"],
                    number=values["number"],
                    received_on=values["received_on"],
                    note=values["note"],
                )
            )


def _plan_words(plan: Installment | None) -> str:
    if plan is None:
        return ""
    if plan.behind_cents:
        return f"payment plan: {format_cents(plan.behind_cents)} behind"
    return f"payment plan: {format_cents(plan.cents)} due {format_short(plan.due_on)}"


def _row(part: _Part, share: int) -> GridRow:
    line = part.line
    return GridRow(
        {
            "date": format_short(line.service_date),
            "code": f"{line.code} {line.modifiers}".strip(),
            "who": part.who,
            "owed": format_cents(part.owed),
            "apply": format_cents(share) if share else "",
        },
        suggest={"apply": format_cents(part.owed)},
        looks={"apply": "bold"} if part.typed is not None else {},
    )
