"""Every piece of the kit in one window, to be looked at: see ``tests.ui.look``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.money import Cents, format_cents
from app.ui.changes import Changes
from app.ui.form import Form, Slot
from app.ui.grid import EntryGrid
from app.ui.grid_model import GridColumn, GridRow, Kind
from app.ui.page import Go, Page, PageSpec
from app.ui.palette import FoundItem
from app.ui.shortcuts import button_for, make_action
from app.ui.table_view import TableView
from app.ui.tables import Column
from app.ui.theme import dp
from app.ui.widgets.bars import BUCKETS, AgingBar, AgingBars
from app.ui.widgets.choice import CheckField, Choice, ChoiceEdit, TextArea
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.field import CodeEdit, LineField, PhoneEdit, StateEdit, ZipEdit
from app.ui.widgets.money import MoneyEdit
from app.ui.widgets.notice import Banner
from app.ui.widgets.panel import EmptyState, FigureList, FigureRow, Panel
from app.ui.widgets.pill import KeyHint, Pill
from app.ui.widgets.results import SearchRow
from app.ui.widgets.search import SearchField
from app.ui.window import MainWindow

TODAY = date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class LooseEnd:
    name: str
    count: int
    cents: Cents | None
    oldest: str
    note: str
    pill: tuple[str, str] | None = None
    strong: bool = False


ENDS = (
    LooseEnd("Encounters to code", 6, None, "Thu Nov 19", "Enter ↵", None, True),
    LooseEnd(
        "Claims with findings", 2, Cents(43100), "Nov 18", "box 17b missing", ("to fix", "bad")
    ),
    LooseEnd("Claims ready to print", 9, Cents(214800), "Nov 20", "6 Blue Ridge", None, True),
    LooseEnd("Denials to work", 4, Cents(70600), "Oct 29", "", ("appeal due in 9 days", "warn")),
    LooseEnd("Filing limit near", 1, Cents(24000), "Aug 30", "Cedar", ("6 days left", "bad")),
    LooseEnd("Secondaries released", 3, Cents(11834), "Nov 21", "", ("ready", "ok")),
    LooseEnd("Statements due", 23, Cents(188410), "–", "last run Oct 26", ("held", "neutral")),
)

END_COLUMNS: tuple[Column[LooseEnd], ...] = (
    Column("name", "Loose ends", lambda r: r.name, width=220, look=lambda r: "bold" * r.strong),
    Column("count", "How many", lambda r: str(r.count), lambda r: r.count, True, 96),
    Column(
        "cents",
        "Amount",
        lambda r: "–" if r.cents is None else format_cents(r.cents),
        lambda r: r.cents,
        True,
        88,
        look=lambda r: "bad" if r.cents == 24000 else "",
    ),
    Column("oldest", "Oldest", lambda r: r.oldest, width=100),
    Column("note", "", lambda r: r.note, width=0, pill=lambda r: r.pill, muted=True),
)

CODES = (
    SearchRow("E11.9", "E11.9", "Type 2 diabetes mellitus without complications", "used 41×"),
    SearchRow("E11.65", "E11.65", "Type 2 diabetes mellitus with hyperglycemia"),
    SearchRow("I10", "I10", "Essential (primary) hypertension", "used 12×"),
)

GRID_COLUMNS = (
    GridColumn("dos", "Service", width=72),
    GridColumn("code", "Code", width=84),
    GridColumn("billed", "Billed", numeric=True, width=72),
    GridColumn("allowed", "Allowed", Kind.MONEY, 70),
    GridColumn("deduct", "Deduct.", Kind.MONEY, 70),
    GridColumn("coins", "Coins.", Kind.MONEY, 70),
    GridColumn("reason", "Reason", Kind.CODE, 72),
    GridColumn("paid", "Paid", Kind.MONEY, 70),
    GridColumn("written", "Write-off", Kind.COMPUTED, 76, numeric=True),
    GridColumn("left", "Left over", Kind.COMPUTED, 76, numeric=True),
    GridColumn("goes", "Goes to", Kind.COMPUTED, 0),
)


def grid_rows() -> tuple[GridRow, ...]:
    def line(values: str, state: str = "", looks: dict[str, str] | None = None) -> GridRow:
        cells = dict(zip((c.key for c in GRID_COLUMNS), values.split("|"), strict=True))
        return GridRow(cells, {"allowed": cells["billed"], "paid": "9.99"}, looks or {}, state)

    bold = {"paid": "bold"}
    return (
        line(
            "10/22|99214 25|185.00|128.40|0.00|25.68|CO-45|102.72|56.60|0.00|Harbor 25.68", "", bold
        ),
        line("10/22|20610 RT|165.00|96.10||19.22|CO-45|76.88|68.90|0.00|Harbor 19.22", "", bold),
        line(
            "10/22|J1030|62.00|41.15|0.00|8.23|CO-45|30.92|20.85|2.00|place it",
            "error",
            {"left": "bad", "goes": "bad", "paid": "bold"},
        ),
        line("10/22|90471|30.00|||||||| ", "done"),
    )


def find_codes(text: str) -> Sequence[SearchRow]:
    return [row for row in CODES if text.casefold() in f"{row.title} {row.detail}".casefold()]


def patient_form() -> Form:
    form = Form()
    form.add_section("Patient")
    form.add_row(
        Slot("last", "Last name", LineField(), 4, "Enter the last name."),
        Slot("first", "First name", LineField(), 4, "Enter the first name."),
        Slot("birth", "Birth date", DateEdit(today=lambda: TODAY, birth=True), 2),
        Slot("sex", "Sex", ChoiceEdit((Choice("F", "Female"), Choice("M", "Male"))), 2),
    )
    form.add_row(
        Slot("street", "Street", LineField(), 4),
        Slot("city", "City", LineField(), 3),
        Slot("state", "State", StateEdit(), 1),
        Slot("zip", "ZIP", ZipEdit(), 2),
        Slot("phone", "Phone", PhoneEdit(), 2),
    )
    form.add_section("Policy")
    form.add_row(
        Slot("payer", "Payer", SearchField(find_codes, hint="Name or payer id"), 4),
        Slot("member", "Member number", CodeEdit(), 3),
        Slot("copay", "Copay", MoneyEdit(), 2),
        Slot("start", "In force from", DateEdit(today=lambda: TODAY), 3),
    )
    form.add_row(
        Slot("note", "Note", TextArea(lines=2), 8),
        Slot("assigned", "", CheckField("Benefits assigned"), 4),
    )
    return form


class GalleryPage(Page):
    NAME = "gallery"
    TITLE = "Today"
    WATCHES = frozenset({"claim"})

    def __init__(self) -> None:
        super().__init__()
        self.refreshed = 0
        self.opened: list[object] = []
        self.left = 0
        self.save = make_action(self, "Post charges", "Ctrl+P", lambda: None)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(dp(16))
        left, right = QVBoxLayout(), QVBoxLayout()
        for column, stretch in ((left, 5), (right, 2)):
            column.setSpacing(dp(12))
            row.addLayout(column, stretch)
        self._fill_left(left)
        self._fill_right(right)
        self.setFocusProxy(self.table)

    def _fill_left(self, column: QVBoxLayout) -> None:
        self.banner = Banner()
        column.addWidget(self.banner)
        ends = Panel(flush=True)
        self.table = TableView(END_COLUMNS, lambda r: r.name, name="Loose ends")
        ends.add(self.table)
        column.addWidget(ends, 3)
        card = Panel("Ames, Ruth", note="claim 10418 · member XQK88410072", flush=True)
        card.add_beside_title(Pill("2.00 to place", "bad"))
        self.grid = EntryGrid(GRID_COLUMNS)
        self.grid.set_rows(grid_rows())
        self.grid.set_totals({"dos": "3 lines", "billed": "412.00", "paid": "210.52"})
        self.grid.fit()
        card.add(self.grid)
        column.addWidget(card)
        form_card = Panel("New patient")
        self.form = patient_form()
        form_card.add(self.form)
        column.addWidget(form_card)

    def _fill_right(self, column: QVBoxLayout) -> None:
        month = Panel("November so far")
        figures = FigureList()
        figures.show_rows(
            [
                FigureRow("Charges", "18,420.00"),
                FigureRow("Insurer payments", "9,866.31"),
                FigureRow("Open (A/R)", "31,077.52", "total"),
                FigureRow("Remaining", "82.00", "big", "bad"),
            ]
        )
        month.add(figures)
        aging = Panel("Who owes, by age")
        bars = AgingBars()
        amounts = (
            (995000, 426000),
            (664000, 232400),
            (260000, 152000),
            (130500, 100000),
            (90000, 57800),
        )
        bars.show_bars(
            [AgingBar(n, Cents(i), Cents(p)) for n, (i, p) in zip(BUCKETS, amounts, strict=True)]
        )
        aging.add(bars)
        keys = Panel("Keys")
        for key, words in (("Enter", "next cell"), ("Ctrl+Enter", "close check"), ("F9", "save")):
            keys.add(KeyHint(key, words))
        empty = Panel("Empty")
        hold = make_action(self, "New claim", "Ctrl+N", lambda: None)
        empty.add(EmptyState("No claims yet. Code an encounter first.", button_for(hold)))
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        held = make_action(self, "Hold", "F4", lambda: None)
        row.addWidget(button_for(held))
        row.addWidget(button_for(self.save, primary=True))
        for part in (month, aging, keys, empty):
            column.addWidget(part)
        column.addStretch(1)
        column.addWidget(buttons)

    def refresh(self) -> None:
        self.refreshed += 1
        self.table.set_rows(ENDS)
        self.title_changed.emit("Today", "Monday, November 23, 2026")
        self.counted.emit(14)
        self.status.emit("Books verified 08:02: 48,211 postings, every journal sums to 0.00")

    def open(self, target: object) -> None:
        self.opened.append(target)

    def leave(self) -> None:
        self.left += 1

    def header_widget(self) -> QWidget:
        extras = QWidget()
        row = QHBoxLayout(extras)
        row.setContentsMargins(0, 0, 0, 0)
        for text, role in (
            ("Ready 9", "ok"),
            ("To fix 2", "bad"),
            ("Held 1", "warn"),
            ("Out 41", "neutral"),
        ):
            row.addWidget(Pill(text, role))
        row.addStretch(1)
        return extras

    def commands(self) -> Sequence[QAction]:
        return (self.save,)


class OtherPage(GalleryPage):
    NAME = "patients"
    TITLE = "Patients"
    WATCHES = frozenset({"patient"})


def find_patients(text: str) -> Sequence[FoundItem]:
    people = ("Ames, Ruth", "Okafor, Daniel", "Lindqvist, Åsa")
    return [
        FoundItem("Patients", name, "02/03/1964 · Blue Ridge PPO", Go("patients", name))
        for name in people
        if text and text.casefold() in name.casefold()
    ]


TITLES = ("Encounters", "Claims", "Payments", "Follow-up", "Statements", "Reports", "Setup")


def specs() -> tuple[PageSpec, ...]:
    others = tuple(PageSpec(title.lower(), title, Page) for title in TITLES)
    return (
        PageSpec("gallery", "Today", GalleryPage),
        PageSpec("patients", "Patients", OtherPage),
        *others,
    )


def make_window(changes: Changes) -> MainWindow:
    window = MainWindow(specs(), "Larkfield Family Practice", changes, providers=(find_patients,))
    for name, count in (("encounters", 6), ("claims", 9), ("payments", 2), ("follow-up", 11)):
        window.set_counter(name, count)
    window.set_facts(
        ("Backup 18:04 today, proved", "Codes ICD-10-CM FY2027", "Mara · locks in 9 min")
    )
    return window
