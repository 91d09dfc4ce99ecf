"""Good faith estimates of a patient: what was given, and a new one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import Signal

from app.domain.dates import format_short
from app.domain.estimates import Occasion
from app.domain.findings import Finding
from app.domain.money import format_cents
from app.domain.patient_papers import EstimateItem
from app.services.estimate_commands import EstimateRow, MakeEstimate
from app.ui.form import Slot
from app.ui.pages.patients_panels import ActionPanel, ListPanel
from app.ui.table_view import TableView
from app.ui.tables import Column
from app.ui.widgets.choice import Choice, ChoiceEdit
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.field import CodeEdit, LineField
from app.ui.widgets.money import MoneyEdit

_ROWS = 4  # more items than that are seldom foreseen
_OCCASIONS = (
    Choice(str(Occasion.SCHEDULED), "The visit was scheduled", "S"),
    Choice(str(Occasion.REQUESTED), "The patient asked for it", "A"),
)
_STATES = {"revised": ("replaced", "neutral"), "withdrawn": ("withdrawn", "neutral")}


def _pill(row: EstimateRow) -> tuple[str, str] | None:
    if row.may_be_disputed:
        return f"{format_cents(row.over_cents or 0)} above", "bad"
    return _STATES.get(row.state)


COLUMNS: tuple[Column[EstimateRow], ...] = (
    Column(
        "given",
        "Given",
        lambda r: format_short(r.given_on),
        sort=lambda r: r.given_on,
        width=88,
    ),
    Column("for", "Service", lambda r: r.service, width=0, tooltip=lambda r: r.service),
    Column("day", "Expected", lambda r: format_short(r.service_date), width=88),
    Column(
        "total",
        "Estimate",
        lambda r: format_cents(r.total_cents),
        sort=lambda r: r.total_cents,
        numeric=True,
        width=92,
    ),
    Column("state", "", lambda _: "", width=132, pill=_pill),
)


class EstimatesPanel(ListPanel):
    """What was given, newest first.

    Attributes:
        new_wanted: the ``EstimateRow`` a new one takes the place of, or None.
        print_wanted: id of an estimate to be printed again.
        dispute_wanted: id of the encounter whose bill the patient disputes.
    """

    new_wanted = Signal(object)
    print_wanted = Signal(int)
    dispute_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__("Good faith estimates")
        self.table = TableView[EstimateRow](
            COLUMNS,
            lambda r: (r.estimate_id, r.encounter_id),
            empty="None was given yet. F9 begins one.",
            name="Good faith estimates",
        )
        tip = "The patient disputes the bill: it goes on hold"
        self._dispute = self.offer("Dispute", "Ctrl+D", self._disputed, tip)
        tip_print = "Print this estimate again"
        self._print = self.offer("Print", "Ctrl+Shift+P", self._printed, tip_print)
        tip = "A newer estimate in place of this one"
        self._revise = self.offer("Revise", "Ctrl+R", self._revised, tip)
        self._new = self.offer(
            "New", "F9", lambda: self.new_wanted.emit(None), "Give an estimate", primary=True
        )
        self.add(self.table, 1)
        self.table.current_row.connect(lambda _row: self._show_possible())
        self.table.activated_row.connect(lambda row: self.print_wanted.emit(row.estimate_id))

    def begin(self, rows: Sequence[EstimateRow]) -> None:
        """Opens with the estimates, the cursor on the newest."""
        self.table.set_rows(rows)
        if rows:
            self.table.selectRow(0)
        self._show_possible()
        self.show()
        self.table.setFocus()

    def _show_possible(self) -> None:
        row = self.table.row()
        self._print.setEnabled(row is not None)
        self._revise.setEnabled(row is not None and row.state == "given")
        self._dispute.setEnabled(row is not None and row.may_be_disputed)

    def _printed(self) -> None:
        if (row := self.table.row()) is not None:
            self.print_wanted.emit(row.estimate_id)

    def _revised(self) -> None:
        if (row := self.table.row()) is not None:
            self.new_wanted.emit(row)

    def _disputed(self) -> None:
        row = self.table.row()
        if row is not None and row.encounter_id is not None:
            self.dispute_wanted.emit(row.encounter_id)


class EstimatePanel(ActionPanel):
    """What is expected, in the order it stands on the paper."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__("Good faith estimate", "Give it")
        self._today = today
        self._patient, self._revises = 0, 0
        self._prices: Mapping[str, tuple[str, int]] = {}
        self._provider = ChoiceEdit((), blank=False)
        self.form.add_row(
            Slot("service", "Service in plain words", LineField(length=80), 6, "Say what for."),
            Slot("service_date", "Expected on", DateEdit(today=today), 3),
            Slot("provider_id", "Provider", self._provider, 3, "Choose the provider."),
        )
        self.form.add_row(
            Slot("occasion", "Because", ChoiceEdit(_OCCASIONS, blank=False), 4),
            Slot("asked_on", "Scheduled or asked on", DateEdit(today=today), 3, "Enter the day."),
            Slot("diagnoses", "Diagnoses, if known", LineField(length=60), 5),
        )
        for n in range(_ROWS):
            first = n == 0
            self.form.add_row(
                Slot(f"code{n}", "Code" if first else "", CodeEdit(), 2),
                Slot(f"words{n}", "Item" if first else "", LineField(length=70), 7),
                Slot(f"cents{n}", "Expected charge" if first else "", MoneyEdit(), 3),
            )
        words = "Who else is expected to charge (laboratory, surgeon)"
        self.form.add_row(Slot("others", words, LineField(length=160), 12))
        self.form.edited.connect(self._edited)

    def begin(
        self,
        patient_id: int,
        providers: Sequence[Choice],
        prices: Mapping[str, tuple[str, int]],
        revises: EstimateRow | None,
    ) -> None:
        """Opens empty.

        Args:
            patient_id: for whom.
            providers: who may render the service.
            prices: words and charge (cents) of the practice's codes.
            revises: the estimate it takes the place of.
        """
        self._patient, self._prices = patient_id, prices
        self._revises = revises.estimate_id if revises else 0
        note = f"in place of no. {self._revises}" if revises else ""
        self.set_title("Good faith estimate", note)
        self._provider.set_choices(providers)
        names = [f"{part}{n}" for part in ("code", "words") for n in range(_ROWS)]
        blank = dict.fromkeys((*names, "diagnoses", "others"), "")
        cents = {f"cents{n}": None for n in range(_ROWS)}
        self.form.set_values(
            {
                **blank,
                **cents,
                "service": revises.service if revises else "",
                "service_date": revises.service_date if revises else None,
                "occasion": str(Occasion.SCHEDULED),
                "asked_on": self._today(),
            }
        )
        self.show()
        self.form.go_to("service")

    def _edited(self, name: str) -> None:
        """A code of the practice brings its words and its charge."""
        if not name.startswith("code"):
            return
        values, n = self.form.values(), name.removeprefix("code")
        known = self._prices.get((values[name] or "").upper())
        if known and values[f"cents{n}"] is None:
            self.form.set_values({f"words{n}": known[0], f"cents{n}": known[1]})

    def _items(self) -> tuple[EstimateItem, ...]:
        values = self.form.values()
        return tuple(
            EstimateItem(
                (values[f"code{n}"] or "").upper(),
                values[f"words{n}"] or "",
                "1",
                values[f"cents{n}"] or 0,
            )
            for n in range(_ROWS)
            if values[f"code{n}"] or values[f"cents{n}"]
        )

    def act(self) -> None:
        """Hands it over."""
        values, items = self.form.values(), self._items()
        if not items:
            words = "Enter at least one code with its expected charge."
            self.form.show_findings([Finding("code0", words)])
            return
        self.wanted.emit(
            MakeEstimate(
                patient_id=self._patient,
                provider_id=values["provider_id"],
                service=values["service"],
                items=items,
                occasion=Occasion(values["occasion"]),
                asked_on=values["asked_on"],
                service_date=values["service_date"],
                diagnoses=tuple((values["diagnoses"] or "").upper().replace(",", " ").split()),
                others=values["others"] or "",
                revises_id=self._revises or None,
            )
        )
