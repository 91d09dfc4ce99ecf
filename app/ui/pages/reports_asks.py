"""What one may ask of a report: its days, what its rows are made of, whose rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.services.find import Found
from app.services.people_commands import SavePayer, SaveProvider
from app.services.report_commands import ReportInfo, ReportParameters
from app.ui.form import Form, Slot
from app.ui.widgets.choice import CheckField, Choice, ChoiceEdit
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.field import NumberEdit
from app.ui.widgets.results import SearchRow
from app.ui.widgets.search import SearchField

PRESETS = (
    Choice("today", "Today", "T"),
    Choice("yesterday", "Yesterday", "Y"),
    Choice("month", "This month", "M"),
    Choice("last", "Last month", "L"),
    Choice("year", "This year", "A"),
    Choice("chosen", "Chosen days", "C"),
)
_OF_THE_DAY = ("day_sheet",)
MONTH = "month_close"


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the choices come from.

    Attributes:
        months: first days of months that can be asked for, the one to close first.
    """

    today: Callable[[], date]
    payers: Callable[[], Sequence[SavePayer]]
    providers: Callable[[], Sequence[SaveProvider]]
    find: Callable[[str], Sequence[Found]]
    months: Callable[[], Sequence[date]]


def days_of(preset: str, today: date) -> tuple[date, date]:
    """First and last day of a preset."""
    first = today.replace(day=1)
    before = first - timedelta(days=1)
    return {
        "today": (today, today),
        "yesterday": (today - timedelta(days=1), today - timedelta(days=1)),
        "month": (first, today),
        "last": (before.replace(day=1), before),
        "year": (today.replace(month=1, day=1), today),
    }[preset]


class AskForm(Form):
    """The fields of one report in a row or two; Enter in any of them runs it."""

    def __init__(self, info: ReportInfo, sources: Sources) -> None:
        super().__init__(submit_keys=())
        self.info, self._from = info, sources
        period = self._period_slots()
        others = [slot for slot in map(self._slot, self._other_names()) if slot is not None]
        if len(period) + len(others) <= 4:
            self._row([*period, *others])
        else:
            self._row(period)
            self._row(others)
        self.edited.connect(self._follow)
        self.begin_anew()

    def _row(self, slots: Sequence[tuple[str, str, QWidget]]) -> None:
        if slots:
            span = 4 if len(slots) <= 3 else 3
            self.add_row(*(Slot(name, text, widget, span) for name, text, widget in slots))

    def _other_names(self) -> list[str]:
        return [name for name in self.info.takes if name not in ("start", "end")] + (
            ["dates"] if self.info.dates and "dates" not in self.info.takes else []
        )

    def _period_slots(self) -> list[tuple[str, str, QWidget]]:
        today = self._from.today
        if self.info.key == MONTH:
            return [("start", "Month", ChoiceEdit((), blank=False))]
        if "start" not in self.info.takes:
            return []
        return [
            ("preset", "Days", ChoiceEdit(PRESETS, blank=False)),
            ("start", "From", DateEdit(today=today)),
            ("end", "To", DateEdit(today=today)),
        ]

    def _slot(self, name: str) -> tuple[str, str, QWidget] | None:
        made: dict[str, tuple[str, Callable[[], QWidget]]] = {
            "as_of": ("As of", lambda: DateEdit(today=self._from.today)),
            "by": ("By", lambda: _choices(self.info.by)),
            "dates": ("Goes by", lambda: _choices(self.info.dates)),
            "detail": ("", lambda: CheckField("Single patients")),
            "payer_id": ("Payer", lambda: ChoiceEdit((), blank=False)),
            "provider_id": ("Provider", lambda: ChoiceEdit((), blank=False)),
            "payment_id": ("Check", self._check_field),
            "older_than": ("Visits older than (days)", lambda: NumberEdit(high=999)),
        }
        if name not in made:
            return None
        text, build = made[name]
        return name, text, build()

    def _check_field(self) -> SearchField:
        field = SearchField(self._find_check, hint="Number or payer")
        field.chosen.connect(lambda _key: self.submit())
        return field

    def _find_check(self, text: str) -> Sequence[SearchRow]:
        return [
            SearchRow(found.key, found.title, found.detail)
            for found in self._from.find(text)
            if found.kind == "check"
        ]

    # --- what it holds ------------------------------------------------------------------------
    def reload(self) -> None:
        """Reads the lists of payers, providers and months again; what is chosen stays chosen."""
        if (payer := self._choice("payer_id")) is not None:
            names = [Choice(p.payer_id, p.name) for p in self._from.payers()]
            payer.set_choices([Choice(None, "All payers"), *names])
        if (provider := self._choice("provider_id")) is not None:
            people = [Choice(p.provider_id, f"{p.last}, {p.first}") for p in self._from.providers()]
            provider.set_choices([Choice(None, "All providers"), *people])
        if self.info.key == MONTH and (month := self._choice("start")) is not None:
            month.set_choices([Choice(day, f"{day:%B %Y}") for day in self._from.months()])

    def _choice(self, name: str) -> ChoiceEdit | None:
        widget = self.widget(name) if name in self.names() else None
        return widget if isinstance(widget, ChoiceEdit) else None

    def begin_anew(self) -> None:
        """The usual days, nothing singled out."""
        self.reload()
        today = self._from.today()
        values: dict[str, Any] = dict.fromkeys(self.names())
        if "preset" in values:
            preset = "today" if self.info.key in _OF_THE_DAY else "month"
            values |= {"preset": preset}
            values |= dict(zip(("start", "end"), days_of(preset, today), strict=True))
        if "as_of" in values:
            values["as_of"] = today
        if "older_than" in values:
            values["older_than"] = ReportParameters().older_than
        self.set_values(values)

    def _follow(self, name: str) -> None:
        """Days follow the preset; days typed are chosen days."""
        if name == "preset":
            preset = self.values()["preset"]
            if preset != "chosen":
                days = days_of(preset, self._from.today())
                self.set_values(dict(zip(("start", "end"), days, strict=True)))
        elif name in ("start", "end") and "preset" in self.names():
            self.set_values({"preset": "chosen"})

    def parameters(self) -> ReportParameters:
        """What is asked now."""
        values = {k: v for k, v in self.values().items() if k != "preset" and v not in (None, "")}
        return replace(ReportParameters(), **values)

    def show_parameters(self, asked: ReportParameters) -> None:
        """Shows what somebody else asked."""
        values = {n: getattr(asked, n) for n in self.names() if n not in ("preset", "payment_id")}
        given = {k: v for k, v in values.items() if v not in (None, "")}
        if "start" in given and "preset" in self.names():
            given["preset"] = "chosen"
        self.set_values(given)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter runs the report wherever the cursor stands."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = not event.modifiers().value & ~Qt.KeyboardModifier.KeypadModifier.value
            searching = isinstance(watched, SearchField) and watched.takes_enter()
            if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not searching:
                self.submit()
                return True
        return super().eventFilter(watched, event)


def _choices(words: Sequence[str]) -> ChoiceEdit:
    made = [Choice(word, word[:1].upper() + word[1:]) for word in words]
    return ChoiceEdit(made, blank=False)
