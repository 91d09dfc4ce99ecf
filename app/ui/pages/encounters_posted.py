"""A posted encounter: what was charged, what became of it, and the way to its claims."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.dates import format_date, format_short
from app.domain.money import format_cents
from app.services.claim_commands import ClaimRow
from app.services.coding_desk import Happened
from app.services.encounter_commands import EncounterView, SaveLine
from app.ui.pages.encounters_line_rules import LETTERS, Prices
from app.ui.pages.encounters_states import WORDS
from app.ui.table_view import TableView
from app.ui.tables import Column
from app.ui.theme import dp
from app.ui.widgets.panel import Panel, label
from app.ui.widgets.pill import Pill


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    line: SaveLine
    words: str


_LINES: tuple[Column[_Line], ...] = (
    Column("number", "#", lambda r: str(r.number), width=44, muted=True),
    Column("from", "From", lambda r: format_short(r.line.service_from), width=80),
    Column("to", "To", lambda r: format_short(r.line.service_to), width=80),
    Column("pos", "POS", lambda r: r.line.place_of_service, width=48),
    Column("code", "Code", lambda r: r.line.code, width=76, look=lambda _: "bold"),
    Column("modifiers", "Modifiers", lambda r: r.line.modifiers, width=96),
    Column("pointers", "Dx", lambda r: r.line.pointers, width=62),
    Column("units", "Units", lambda r: r.line.units, numeric=True, width=56),
    Column(
        "charge", "Charge", lambda r: format_cents(r.line.charge_cents or 0), numeric=True, width=84
    ),
    Column("words", "", lambda r: r.words, width=0, muted=True),
)
_ROLES = {
    "ready": "ok",
    "paid": "ok",
    "accepted": "ok",
    "rejected": "bad",
    "denied": "bad",
    "held": "warn",
    "printed": "warn",
}
_CLAIMS: tuple[Column[ClaimRow], ...] = (
    Column("number", "Claim", lambda r: r.number, width=104, look=lambda _: "link"),
    Column("payer", "Payer", lambda r: r.payer, width=0),
    Column(
        "status",
        "State",
        lambda _: "",
        width=148,
        pill=lambda r: (r.status.replace("_", " ").capitalize(), _ROLES.get(r.status, "neutral")),
    ),
    Column("total", "Charged", lambda r: format_cents(r.total_cents), numeric=True, width=92),
    Column("open", "Payer owes", lambda r: format_cents(r.open_cents), numeric=True, width=100),
)


class PostedView(QWidget):
    """Read only. Enter on a claim goes to it.

    Attributes:
        claim_wanted: id of a claim.
    """

    claim_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._pill = Pill("Posted")
        self._codes = label("", wrap=True)
        self._story = label("", "muted", wrap=True)
        self.lines = TableView[_Line](_LINES, lambda r: r.number, name="Posted lines")
        self.claims = TableView[ClaimRow](
            _CLAIMS,
            lambda r: r.claim_id,
            name="Claims, Enter opens",
            empty="No claim: the patient is billed. Charges go on the next statement.",
        )
        self.claims.activated_row.connect(lambda row: self.claim_wanted.emit(row.claim_id))
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(12))
        self._head = Panel("Charges")
        self._head.add_beside_title(self._pill)
        self._head.add(self._story)
        column.addWidget(self._head)
        codes = Panel("Diagnoses")
        codes.add(self._codes)
        column.addWidget(codes)
        lines = Panel(flush=True)
        lines.add(self.lines)
        column.addWidget(lines)
        row = QHBoxLayout()
        claims = Panel("Claims", note="Enter opens", flush=True)
        claims.add(self.claims)
        row.addWidget(claims)
        column.addLayout(row)
        column.addStretch(1)

    def show_view(self, view: EncounterView, happened: Happened, prices: Prices) -> None:
        """Shows a posted encounter; own wording comes from the charge master where it is new."""
        word = WORDS[view.state]
        self._pill.show_status(word.word, word.role)
        self._head.set_title(f"{format_cents(view.total_cents)} charged")
        self._story.setText(_story(view, happened))
        codes = view.command.diagnoses
        self._codes.setText(
            "     ".join(f"{LETTERS[n]}  {code}" for n, code in enumerate(codes)) or "None."
        )
        self.lines.set_rows(
            [
                _Line(n, line, line.description or prices.wording(line))
                for n, line in enumerate(view.command.lines, 1)
            ]
        )
        self.claims.set_rows(happened.claims)
        _fit(self.lines, len(view.command.lines))
        _fit(self.claims, max(1, len(happened.claims)))

    def story(self) -> str:
        """The sentences about what happened."""
        return self._story.text()


def _story(view: EncounterView, happened: Happened) -> str:
    posted = f"Posted {format_date(happened.posted_on)}. " if happened.posted_on else ""
    payers = ", then ".join(view.payers)
    billed = f"Billed to {payers}. " if payers else "The patient is billed. "
    still = f"Still open: {format_cents(happened.open_cents)}. "
    if view.state == "voided":
        return f"{posted}These charges were voided; they stay in sight and count for nothing."
    tail = (
        "Posted charges stay as they are; a mistake is put right with a corrected claim, or by "
        "voiding the charge."
    )
    return posted + billed + still + tail


def _fit(table: TableView[_Line] | TableView[ClaimRow], rows: int) -> None:
    head = table.horizontalHeader().sizeHint().height()
    table.setFixedHeight(head + rows * table.verticalHeader().defaultSectionSize() + dp(2))
