"""Small panels under the account: write off, pass on, pay back, place waiting money."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY
from app.domain.dates import format_short
from app.domain.money import format_cents
from app.services.account import AccountLine, AccountView
from app.services.adjustments import WRITE_OFF_REASONS, Transfer, WriteOff
from app.services.households import Waiting
from app.services.payment_commands import ApplyUnapplied, Refund
from app.ui.form import Slot
from app.ui.pages.patients_account_rows import OWN, bucket_choices, cents_of
from app.ui.pages.patients_panels import METHODS, ActionPanel
from app.ui.widgets.choice import Choice, ChoiceEdit
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.field import LineField
from app.ui.widgets.money import MoneyEdit

# Written off by her own decision; the others come off an EOB or put something back.
_BY_HAND = (
    *("small_balance", "courtesy", "sliding_fee", "bad_debt", "timely_filing", "appeal_lost"),
    *("not_covered", "bundled", "contractual", "capitation"),
)
REASONS = tuple(Choice(key, WRITE_OFF_REASONS[key]) for key in _BY_HAND)
_AMOUNT = "Enter the amount."


def line_words(line: AccountLine) -> str:
    """A line as it is spoken of: ``10/22/26 99214 25``."""
    return f"{format_short(line.service_date)} {line.code} {line.modifiers}".strip()


class WriteOffPanel(ActionPanel):
    """Gives up part of what somebody owes on a line, under a reason."""

    def __init__(self) -> None:
        super().__init__("Write off", "Write off")
        self._line: AccountLine | None = None
        self._party = ChoiceEdit((), blank=False)
        self.form.add_row(
            Slot("party_id", "Owed by", self._party, 4),
            Slot("cents", "Amount", MoneyEdit(), 3, _AMOUNT),
            Slot("reason", "Reason", ChoiceEdit(REASONS), 5, "Choose a reason."),
        )
        self.form.edited.connect(self._edited)

    def begin(self, line: AccountLine) -> None:
        """Opens for a line on which something is owed."""
        self._line = line
        self.set_title(f"Write off · {line_words(line)}")
        choices = bucket_choices(line)
        self._party.set_choices(choices)
        party = choices[0].value
        self.form.set_values({"party_id": party, "reason": None})
        self._whole()
        self.show()
        self.form.go_to("cents")

    def _whole(self) -> None:
        if self._line is not None:
            self.form.set_values({"cents": cents_of(self._line, self._party.value())})

    def _edited(self, name: str) -> None:
        if name == "party_id":
            self._whole()

    def act(self) -> None:
        """Hands the write-off over."""
        if self._line is not None:
            values = self.form.values()
            self.wanted.emit(
                WriteOff(self._line.line_id, values["party_id"], values["cents"], values["reason"])
            )


class TransferPanel(ActionPanel):
    """Passes what somebody owes on a line to somebody else."""

    def __init__(self) -> None:
        super().__init__("Pass on", "Pass on")
        self._line: AccountLine | None = None
        self._view: AccountView | None = None
        self._from, self._to = ChoiceEdit((), blank=False), ChoiceEdit((), blank=False)
        self.form.add_row(
            Slot("from_party", "Owed by", self._from, 6),
            Slot("to_party", "Now owed by", self._to, 6),
        )
        self.form.add_row(
            Slot("cents", "Amount", MoneyEdit(), 3, _AMOUNT),
            Slot("reason", "Why", LineField(length=120), 9, "Say why, for the record."),
        )
        self.form.edited.connect(self._edited)

    def begin(self, view: AccountView, line: AccountLine) -> None:
        """Opens for a line on which something is owed."""
        self._view, self._line = view, line
        self.set_title(f"Pass on · {line_words(line)}")
        choices = bucket_choices(line)
        self._from.set_choices(choices)
        self.form.set_values({"from_party": choices[0].value, "reason": ""})
        self._aim()
        self.show()
        self.form.go_to("to_party")

    def _aim(self) -> None:
        if self._line is None or self._view is None:
            return
        now = self._from.value()
        others = [o for o in self._view.parties if o.party_id != now]
        # The patient stands first, collections last; the payers in between.
        others.sort(key=lambda o: (o.party_id == COLLECTIONS_PARTY, o.party_id != PATIENT_PARTY))
        self._to.set_choices([Choice(o.party_id, o.who) for o in others])
        self.form.set_values({"to_party": others[0].party_id, "cents": cents_of(self._line, now)})

    def _edited(self, name: str) -> None:
        if name == "from_party":
            self._aim()

    def act(self) -> None:
        """Hands the transfer over."""
        if self._line is not None:
            self.wanted.emit(Transfer(self._line.line_id, **self.form.values()))


class RefundPanel(ActionPanel):
    """Pays back a credit on a line, or money of a receipt that was never placed."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__("Refund", "Pay back")
        self._today = today
        self._cents: dict[object, int] = {}
        self._tenders: dict[object, str] = {}  # how the money came: it goes back the same way
        self._what = ChoiceEdit((), blank=False)
        self.form.add_row(
            Slot("what", "What is paid back", self._what, 9),
            Slot("cents", "Amount", MoneyEdit(), 3, _AMOUNT),
        )
        self.form.add_row(
            Slot("method", "Paid by", ChoiceEdit(METHODS, blank=False), 3),
            Slot("number", "Number", LineField(length=30), 3),
            Slot("paid_on", "Paid on", DateEdit(today=today), 3, "Enter the day."),
        )
        self.form.edited.connect(self._edited)

    def begin(self, view: AccountView, waiting: Sequence[Waiting]) -> bool:
        """Opens with every credit of the account; False when there is none."""
        found = [*_line_credits(view), *_receipts(waiting)]
        if not found:
            return False
        self._cents = {choice.value: cents for choice, cents in found}
        self._tenders = {("receipt", w.payment_id, PATIENT_PARTY): w.method for w in waiting}
        self._what.set_choices([choice for choice, _ in found])
        self.form.set_values({"what": found[0][0].value, "number": "", "paid_on": self._today()})
        self._propose()
        self.show()
        self.form.go_to("cents")
        return True

    def _propose(self) -> None:
        """The whole of it, the way it came."""
        what = self._what.value()
        method = self._tenders.get(what, "check")
        self.form.set_values({"cents": self._cents[what], "method": method})

    def _edited(self, name: str) -> None:
        if name == "what":
            self._propose()

    def act(self) -> None:
        """Hands the refund over."""
        values = self.form.values()
        kind, key, party = values.pop("what")
        place: dict[str, Any] = {"line_id": key} if kind == "line" else {"source_id": key}
        self.wanted.emit(Refund(to_party=party, **place, **values))


def _line_credits(view: AccountView) -> list[tuple[Choice, int]]:
    return [
        (
            Choice(
                ("line", line.line_id, o.party_id),
                f"{line_words(line)}: credit of {o.who} {format_cents(-o.cents)}",
            ),
            -o.cents,
        )
        for line in view.lines
        for o in line.owes
        if o.cents < 0
    ]


def receipt_words(waits: Waiting) -> str:
    """A receipt as it is spoken of: ``check 1042 of 10/22/26``."""
    return f"{waits.method} {waits.number}".strip() + f" of {format_short(waits.received_on)}"


def _receipts(waiting: Sequence[Waiting]) -> list[tuple[Choice, int]]:
    return [
        (
            Choice(
                ("receipt", w.payment_id, PATIENT_PARTY),
                f"Unapplied from {receipt_words(w)}: {format_cents(w.cents)}",
            ),
            w.cents,
        )
        for w in waiting
    ]


class PlacePanel(ActionPanel):
    """Places waiting money on the line chosen."""

    def __init__(self) -> None:
        super().__init__("Place unapplied money", "Place it")
        self._line: AccountLine | None = None
        self._cents: dict[object, int] = {}
        self._source = ChoiceEdit((), blank=False)
        self._party = ChoiceEdit((), blank=False)
        self.form.add_row(
            Slot("source_id", "From", self._source, 5),
            Slot("party_id", "For what is owed by", self._party, 4),
            Slot("cents", "Amount", MoneyEdit(), 3, _AMOUNT),
        )
        self.form.edited.connect(self._edited)

    def begin(self, line: AccountLine, waiting: Sequence[Waiting]) -> bool:
        """Opens for a line the patient owes on; False when there is nothing to place there."""
        choices = [c for c in bucket_choices(line) if c.value in OWN]
        if not choices or not waiting:
            return False
        self._line = line
        self.set_title(f"Place unapplied money · {line_words(line)}")
        self._cents = {w.payment_id: w.cents for w in waiting}
        self._source.set_choices(
            [Choice(w.payment_id, f"{receipt_words(w)} · {format_cents(w.cents)}") for w in waiting]
        )
        self._party.set_choices(choices)
        first = waiting[0].payment_id
        self.form.set_values({"source_id": first, "party_id": choices[0].value})
        self._whole()
        self.show()
        self.form.go_to("cents")
        return True

    def _whole(self) -> None:
        if self._line is not None:
            owed = cents_of(self._line, self._party.value())
            there = self._cents[self._source.value()]
            self.form.set_values({"cents": min(owed, there)})

    def _edited(self, name: str) -> None:
        if name != "cents":
            self._whole()

    def act(self) -> None:
        """Hands the placement over."""
        if self._line is not None:
            self.wanted.emit(ApplyUnapplied(line_id=self._line.line_id, **self.form.values()))
