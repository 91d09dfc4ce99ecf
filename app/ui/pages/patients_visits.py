"""A patient's visits and claims, newest first; Enter goes there."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.dates import format_short
from app.domain.money import format_cents
from app.services.claim_commands import ClaimRow
from app.services.claims import ClaimService
from app.services.encounter_commands import EncounterRow
from app.services.encounter_queue import EncounterQueueService
from app.ui.pages.patients_figures import Width, fit_columns
from app.ui.table_view import TableView
from app.ui.tables import Column
from app.ui.theme import dp
from app.ui.widgets.panel import Panel

_STATE_ROLE = {
    "draft": "warn",
    "coded": "warn",
    "on hold": "warn",
    "posted": "ok",
    "billed": "neutral",
    "voided": "neutral",
}
_CLAIM = {
    "ready": ("ready", "ok"),
    "held": ("held", "warn"),
    "printed": ("to confirm", "warn"),
    "submitted": ("out", "neutral"),
    "accepted": ("accepted", "neutral"),
    "rejected": ("rejected", "bad"),
    "denied": ("denied", "bad"),
    "paid": ("paid", "ok"),
    "partially_paid": ("part paid", "warn"),
    "appealed": ("appealed", "warn"),
}
_ORDER = ("", "1st", "2nd", "3rd")

VISIT_COLUMNS: tuple[Column[EncounterRow], ...] = (
    Column(
        "date",
        "Service",
        lambda r: format_short(r.service_date),
        sort=lambda r: r.service_date,
        width=88,
    ),
    Column("codes", "Codes", lambda r: r.codes, width=0, tooltip=lambda r: r.codes),
    Column("provider", "Provider", lambda r: r.provider, width=112, muted=True),
    Column("payer", "Payer", lambda r: r.payer, width=184, muted=True),
    Column(
        "total",
        "Charges",
        lambda r: format_cents(r.total_cents),
        sort=lambda r: r.total_cents,
        numeric=True,
        width=88,
    ),
    Column(
        "state",
        "State",
        lambda r: r.note,
        sort=lambda r: r.state,
        width=112,
        pill=lambda r: (r.state, _STATE_ROLE.get(r.state, "neutral")),
        muted=True,
    ),
)
CLAIM_COLUMNS: tuple[Column[ClaimRow], ...] = (
    Column(
        "date",
        "Service",
        lambda r: format_short(r.service_date),
        sort=lambda r: r.service_date,
        width=88,
    ),
    Column("number", "Claim", lambda r: r.number, width=84),
    Column("payer", "Payer", lambda r: r.payer, width=0),
    Column(
        "rank",
        "Billed",
        lambda r: _ORDER[r.rank] if r.rank < len(_ORDER) else f"{r.rank}th",
        sort=lambda r: r.rank,
        width=64,
        muted=True,
    ),
    Column(
        "total",
        "Charges",
        lambda r: format_cents(r.total_cents),
        sort=lambda r: r.total_cents,
        numeric=True,
        width=88,
    ),
    Column(
        "open",
        "Open",
        lambda r: format_cents(r.open_cents) if r.open_cents else "–",
        sort=lambda r: r.open_cents,
        numeric=True,
        width=88,
    ),
    Column(
        "status",
        "State",
        lambda r: r.note,
        sort=lambda r: r.status,
        width=112,
        pill=lambda r: _CLAIM.get(r.status, (r.status, "neutral")),
        muted=True,
    ),
)


class VisitsPane(QWidget):
    """Two lists.

    Attributes:
        open_encounter: id of the visit entered; ``open_claim`` of the claim.
    """

    open_encounter = Signal(int)
    open_claim = Signal(int)

    def __init__(self, queue: EncounterQueueService, claims: ClaimService) -> None:
        super().__init__()
        self._queue, self._claims = queue, claims
        self._visits = TableView[EncounterRow](
            VISIT_COLUMNS,
            lambda r: r.encounter_id,
            empty="No visits yet. N begins the first.",
            name="Visits",
        )
        self._list = TableView[ClaimRow](
            CLAIM_COLUMNS,
            lambda r: r.claim_id,
            empty="No claims yet. They are made when charges are posted.",
            name="Claims",
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(12))
        for title, table in (("Visits", self._visits), ("Claims", self._list)):
            panel = Panel(title, flush=True)
            panel.add(table, 1)
            table.setMinimumHeight(dp(96))
            column.addWidget(panel, 1)
        self._visits.activated_row.connect(lambda r: self.open_encounter.emit(r.encounter_id))
        self._list.activated_row.connect(lambda r: self.open_claim.emit(r.claim_id))
        self.setFocusProxy(self._visits)

    def tables(self) -> tuple[QWidget, ...]:
        """Its lists."""
        return (self._visits, self._list)

    def show_patient(self, patient_id: int) -> None:
        """Reads a patient's visits and claims."""
        self._visits.set_rows(self._queue.list_encounters(patient_id=patient_id))
        self._list.set_rows(self._claims.list_claims(patient_id=patient_id))

    def resizeEvent(self, event: object) -> None:
        """Gives up columns that do not fit before the others are cut."""
        visits = (Width("provider", 620), Width("payer", 500))
        fit_columns(self._visits, self.width(), visits, [c.key for c in VISIT_COLUMNS])
        claims = (Width("rank", 540), Width("total", 500))
        fit_columns(self._list, self.width(), claims, [c.key for c in CLAIM_COLUMNS])
