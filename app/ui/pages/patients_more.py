"""Small panels for rarer money: a fee, collections, a third party, insurance found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.dates import format_short
from app.domain.findings import Finding
from app.domain.money import format_cents
from app.services.account import AccountLine, AccountView
from app.services.fees import CODES, KINDS
from app.services.insurance_found import InsuranceFound
from app.services.payment_commands import Application
from app.services.sliding_fees import SaveSlidingFee
from app.services.third_parties import PAYER_KINDS, OpenPartyCheck, PartyReceipt
from app.ui.form import Slot
from app.ui.pages.patients_account_rows import OWN, oldest_first
from app.ui.pages.patients_panels import METHODS, ActionPanel
from app.ui.widgets.choice import Choice, ChoiceEdit
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.field import LineField, NumberEdit
from app.ui.widgets.money import MoneyEdit
from app.ui.widgets.pill import Pill

Owed = tuple[int, int]  # charge line id, cents


@dataclass(frozen=True, slots=True)
class ChargeFee:
    """A fee as typed."""

    patient_id: int
    kind: str
    cents: int
    on: date


@dataclass(frozen=True, slots=True)
class Collect:
    """``deed``: place, recall or give_up, for the whole household."""

    deed: str
    guarantor_id: int
    agency: str


class FeePanel(ActionPanel):
    """Charges the patient a fee that no insurer ever sees."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__("Charge a fee", "Charge it")
        self._today = today
        self._usual: Mapping[str, int] = {}
        self._patient = 0
        kinds = tuple(Choice(kind, words) for kind, words in KINDS.items() if kind != "nsf")
        self._kind = ChoiceEdit(kinds, blank=False)
        self.form.add_row(
            Slot("kind", "What for", self._kind, 6),
            Slot("cents", "Fee", MoneyEdit(), 3, "Enter the fee."),
            Slot("on", "Dated", DateEdit(today=today), 3, "Enter the day."),
        )
        self.form.edited.connect(self._edited)

    def begin(self, patient_id: int, usual: Mapping[str, int]) -> None:
        """Opens for a patient; ``usual`` is what the practice charges for each kind."""
        self._patient, self._usual = patient_id, usual
        self.form.set_values({"kind": "no_show", "on": self._today()})
        self._price()
        self.show()
        self.form.go_to("kind")

    def _price(self) -> None:
        self.form.set_values({"cents": self._usual.get(self._kind.value(), 0) or None})

    def _edited(self, name: str) -> None:
        if name == "kind":
            self._price()

    def act(self) -> None:
        """Hands it over."""
        values = self.form.values()
        self.wanted.emit(ChargeFee(self._patient, values["kind"], values["cents"], values["on"]))


class CollectPanel(ActionPanel):
    """Places the household's debt with an agency, recalls it, or gives it up."""

    def __init__(self) -> None:
        super().__init__("Collections", "Do it")
        self._guarantor = 0
        self._deed = ChoiceEdit((), blank=False)
        self.form.add_row(
            Slot("deed", "What", self._deed, 7),
            Slot("agency", "Agency", LineField(length=60), 5),
        )

    def begin(self, view: AccountView, owed_cents: int, placed_cents: int) -> bool:
        """Opens with what is possible; False when the household owes nothing.

        Args:
            view: the account it is opened on.
            owed_cents: what the household's patients owe.
            placed_cents: what lies with an agency.
        """
        choices = []
        if owed_cents > 0:
            words = f"Place {format_cents(owed_cents)} with an agency; statements stop"
            choices.append(Choice("place", words, "P"))
        if placed_cents > 0:
            amount = format_cents(placed_cents)
            choices.append(Choice("recall", f"Recall {amount} from the agency", "R"))
            choices.append(Choice("give_up", f"Give up {amount} as bad debt", "G"))
        if not choices:
            return False
        self._guarantor = view.guarantor_id
        self._deed.set_choices(choices)
        self.form.set_values({"deed": choices[0].value, "agency": ""})
        self.show()
        self.form.go_to("deed")
        return True

    def act(self) -> None:
        """Hands it over."""
        values = self.form.values()
        self.wanted.emit(Collect(values["deed"], self._guarantor, values["agency"]))


class PartyPanel(ActionPanel):
    """Money from an agency, an attorney or an employer, oldest debt first."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__("Payment from somebody else", "Take payment")
        self._today = today
        self._view: AccountView | None = None
        self._placed: tuple[Owed, ...] = ()
        self._owed: tuple[Owed, ...] = ()
        self._rest = Pill("", "neutral")
        kinds = tuple(Choice(kind, words) for kind, words in PAYER_KINDS.items())
        self.form.add_row(
            Slot("kind", "Who", ChoiceEdit(kinds, blank=False), 4),
            Slot("from_name", "Name", LineField(length=60), 8, "Enter who paid."),
        )
        self.form.add_row(
            Slot("amount_cents", "Amount", MoneyEdit(), 2, "Enter the amount received."),
            Slot("fee_cents", "Kept as fee", MoneyEdit(), 2),
            Slot("method", "Paid by", ChoiceEdit(METHODS, blank=False), 3),
            Slot("number", "Number", LineField(length=30), 2),
            Slot("received_on", "Received", DateEdit(today=today), 3, "Enter the day."),
        )
        self.add_beside_title(self._rest)
        self.form.edited.connect(lambda _name: self._show_rest())

    def begin(self, view: AccountView, placed: Sequence[Owed], owed: Sequence[Owed]) -> None:
        """Opens with what lies with an agency, and what the patients owe, oldest first."""
        self._view, self._placed, self._owed = view, tuple(placed), tuple(owed)
        kind = "agency" if placed else "attorney"
        blank = {"from_name": "", "amount_cents": None, "fee_cents": None, "number": ""}
        values = {**blank, "kind": kind, "method": "check", "received_on": self._today()}
        self.form.set_values(values)
        self._show_rest()
        self.show()
        self.form.go_to("kind")

    def _parts(self) -> tuple[Application, ...]:
        values = self.form.values()
        lines = self._placed if values["kind"] == "agency" else self._owed
        gross = (values["amount_cents"] or 0) + (values["fee_cents"] or 0)
        parts = oldest_first(gross, [cents for _, cents in lines])
        return tuple(
            Application(line, part) for (line, _), part in zip(lines, parts, strict=True) if part
        )

    def _show_rest(self) -> None:
        values = self.form.values()
        gross = (values["amount_cents"] or 0) + (values["fee_cents"] or 0)
        placed = sum(part.cents for part in self._parts())
        if not gross:
            self._rest.show_status("type the amount", "neutral")
        elif gross > placed:
            self._rest.show_status(f"{format_cents(gross - placed)} stays unapplied", "warn")
        else:
            self._rest.show_status(f"pays {format_cents(placed)} of the debt", "ok")

    def act(self) -> None:
        """Hands it over; a fee is an agency's alone."""
        values, view = self.form.values(), self._view
        if values["fee_cents"] and values["kind"] != "agency":
            self.form.show_findings([Finding("fee_cents", "Only an agency keeps a fee.")])
            return
        if view is not None:
            header = OpenPartyCheck(
                from_name=values["from_name"],
                amount_cents=values["amount_cents"],
                kind=values["kind"],
                number=values["number"],
                method=values["method"],
                received_on=values["received_on"],
                guarantor_id=view.guarantor_id,
                patient_id=view.patient_id,
            )
            self.wanted.emit(PartyReceipt(header, self._parts(), values["fee_cents"] or 0))


class FoundPanel(ActionPanel):
    """Insurance found afterwards: a visit passes from the patient to a payer."""

    def __init__(self) -> None:
        super().__init__("Insurance found", "Bill the payer")
        self._visit, self._payer = ChoiceEdit((), blank=False), ChoiceEdit((), blank=False)
        self.form.add_row(
            Slot("encounter_id", "Visit", self._visit, 6),
            Slot("party_id", "Covered by", self._payer, 6),
        )

    def begin(self, view: AccountView, line: AccountLine | None) -> str:
        """Opens for the patient's own visits; a sentence says why it cannot."""
        visits = _own_visits(view)
        payers = [Choice(o.party_id, o.who) for o in view.parties if o.party_id not in OWN]
        if not payers:
            return "Enter the policy on Details (Alt+1) first; then it can be billed."
        if not visits:
            return "No visit is the patient's own to pay."
        self._visit.set_choices(
            [
                Choice(key, f"{format_short(day)} · patient owes {format_cents(cents)}")
                for key, (day, cents) in visits.items()
            ]
        )
        self._payer.set_choices(payers)
        here = line.encounter_id if line and line.encounter_id in visits else next(iter(visits))
        self.form.set_values({"encounter_id": here, "party_id": payers[0].value})
        self.show()
        self.form.go_to("encounter_id")
        return ""

    def act(self) -> None:
        """Hands it over."""
        self.wanted.emit(InsuranceFound(**self.form.values()))


def _own_visits(view: AccountView) -> dict[int, tuple[date, int]]:
    """Visits with nothing left at a payer: the day, and what the patient owes (cents)."""
    found: dict[int, tuple[date, int]] = {}
    billed = {
        line.encounter_id for line in view.lines if any(o.party_id not in OWN for o in line.owes)
    }
    for line in view.lines:
        if line.encounter_id not in billed and line.code not in CODES:
            _, cents = found.get(line.encounter_id, (line.service_date, 0))
            found[line.encounter_id] = line.service_date, cents + line.balance_cents
    return found


class SlidingPanel(ActionPanel):
    """The share of a self-pay charge this household is forgiven."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__("Sliding fee of this household", "Keep it")
        self._today, self._guarantor = today, 0
        self.form.add_row(
            Slot(
                "percent",
                "Percent forgiven",
                NumberEdit(low=1, high=100),
                3,
                "Enter the share, 1 to 100.",
            ),
            Slot("since", "From", DateEdit(today=today), 3, "Enter the day."),
            Slot("note", "What proves the income", LineField(length=80), 6),
        )

    def begin(self, guarantor_id: int, percent: int) -> None:
        """Opens with the share in force."""
        self._guarantor = guarantor_id
        note = f"now {percent} percent" if percent else "none so far"
        self.set_title("Sliding fee of this household", note)
        self.form.set_values({"percent": percent or None, "since": self._today(), "note": ""})
        self.show()
        self.form.go_to("percent")

    def act(self) -> None:
        """Hands it over."""
        values = self.form.values()
        self.wanted.emit(
            SaveSlidingFee(
                self._guarantor, int(values["percent"]), values["since"], note=values["note"]
            )
        )
