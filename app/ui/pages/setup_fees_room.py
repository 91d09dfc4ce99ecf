"""What Setup's fee schedules need, and the fields that only they have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.dates import format_date
from app.domain.fee_book import STEPS, format_percent, parse_percent, parse_share
from app.domain.money import format_cents
from app.services.fee_commands import FeeView, ScheduleKind, ScheduleRow
from app.services.fee_schedules import FeeScheduleService
from app.services.medicare_prices import MedicarePriceService
from app.ui.form import Form, Slot
from app.ui.guard import guard
from app.ui.jobs import Jobs
from app.ui.page import Page
from app.ui.printout import PrintOut
from app.ui.tables import Column
from app.ui.widgets.choice import CheckField, Choice, ChoiceEdit
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.field import CodeEdit, LineField
from app.ui.widgets.money import MoneyEdit
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.pill import KeyButton, key_text

KINDS = (
    Choice(ScheduleKind.CONTRACT, "Contract: what a payer allows"),
    Choice(ScheduleKind.CHARGES, "Charges: what you charge some payers"),
)
ROUNDING = tuple(Choice(step, f"to the {words}") for step, words in STEPS.items())
_FORM_KEYS = ("Ctrl+Return", "Ctrl+Enter")  # F9 is the page's
_PILLS = {ScheduleKind.CHARGES: ("Charges", "ok"), ScheduleKind.CONTRACT: ("Contract", "neutral")}


@dataclass(frozen=True, slots=True)
class FeesRoom:
    """What the section needs; handed to Setup as one."""

    fees: FeeScheduleService
    medicare: MedicarePriceService
    jobs: Jobs
    out: PrintOut
    today: Callable[[], date]


class PercentEdit(LineField):
    """A percentage with two decimals; the value is hundredths of a percent or None."""

    def parse(self, text: str) -> int:
        """Hundredths of a percent.

        Raises:
            ValueError: with a sentence, when it is none.
        """
        return parse_percent(text)

    def show_as(self, value: Any) -> str:
        """``4.25 %``."""
        return format_percent(value)

    def blank(self) -> None:
        """Nothing typed is None, never 0."""
        return


class ShareEdit(PercentEdit):
    """A percentage of another's price, from 1 to 1,000; hundredths of a percent or None."""

    def parse(self, text: str) -> int:
        """Hundredths of a percent.

        Raises:
            ValueError: with a sentence, when it is none.
        """
        return parse_share(text)


def schedule_form() -> Form:
    """Name, kind, in use."""
    form = Form(submit_keys=_FORM_KEYS)
    form.add_row(
        Slot("name", "Name", LineField(), 5, "Enter the name."),
        Slot("kind", "Holds", ChoiceEdit(KINDS, blank=False), 5),
        Slot("active", "", CheckField("In use"), 2),
    )
    return form


def fee_form(today: Callable[[], date]) -> Form:
    """A fee with its days."""
    form = Form(submit_keys=_FORM_KEYS)
    form.add_row(
        Slot("code", "Code", CodeEdit(), 2, "Enter the code."),
        Slot("modifiers", "Mod.", LineField(), 2),
        Slot("cents", "Fee", MoneyEdit(), 2, "Enter the fee."),
        Slot("starts", "From", DateEdit(today=today), 3),
        Slot("ends", "To", DateEdit(today=today), 3),
    )
    return form


def schedule_columns() -> tuple[Column[ScheduleRow], ...]:
    """Of the list of schedules."""
    return (
        Column(
            "name",
            "Schedule",
            lambda r: r.name,
            width=0,
            look=lambda r: "" if r.active else "muted",
        ),
        Column("kind", "", lambda _: "", lambda r: r.kind, width=104, pill=_pill),
        Column("fees", "Codes", lambda r: f"{r.fees:,}", lambda r: r.fees, numeric=True, width=72),
        Column("payers", "Payers", _payers, width=210, muted=True, tooltip=_payers),
    )


def _pill(row: ScheduleRow) -> tuple[str, str]:
    return _PILLS[row.kind]


def _payers(row: ScheduleRow) -> str:
    return "all others" if row.usual else payers_words(row.payers)


def fee_columns() -> tuple[Column[FeeView], ...]:
    """Of the fees of one schedule."""
    return (
        Column("code", "Code", lambda r: f"{r.code} {r.modifiers}".strip(), width=92),
        Column("wording", "Wording", lambda r: r.wording, width=0, tooltip=lambda r: r.wording),
        _day("starts", "From", lambda r: r.starts),
        _day("ends", "To", lambda r: r.ends),
        money("cents", "Fee", lambda r: r.cents),
    )


def _day(key: str, title: str, day: Callable[[FeeView], date | None]) -> Column[FeeView]:
    return Column(
        key,
        title,
        lambda r: format_date(day(r)),
        lambda r: day(r) or date.min,
        width=106,
        muted=True,
    )


def money(key: str, title: str, cents: Callable[[Any], int | None], width: int = 84) -> Column[Any]:
    """A column of amounts; None is an empty cell."""

    def text(row: Any) -> str:
        found = cents(row)
        return "" if found is None else format_cents(found)

    return Column(key, title, text, lambda r: cents(r) or 0, numeric=True, width=width)


def keyed(text: str, key: str, run: Callable[[], object], *, primary: bool = False) -> KeyButton:
    """A button that names a key; the section itself listens for the key, whatever is in front."""
    button = KeyButton(text, key, primary=primary)
    button.setToolTip(f"{text} ({key_text(key)})")
    button.clicked.connect(lambda _checked=False: run())
    return button


def count_words(count: int, one: str, many: str = "") -> str:
    """``1 fee``, ``12 fees``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def payers_words(payers: Sequence[str]) -> str:
    """Who has a schedule, in a few words."""
    if not payers:
        return ""
    more = f" and {len(payers) - 2} more" if len(payers) > 2 else ""
    return ", ".join(payers[:2]) + more


def export(room: FeesRoom, page: Page, schedule_id: int, kind: str) -> None:
    """Saves a schedule as ``csv`` or ``xlsx`` where all files go."""
    said = page.notify.emit
    with guard(page, say=said) as call:
        content = room.fees.export(schedule_id, kind)
    if call.ok:
        room.out.save(
            content,
            "fee-schedule",
            lambda words: said(NoticeText(words)),
            suffix=kind,
            failed=lambda words: said(NoticeText(words, "bad")),
        )
