"""What the panels of the statements page ask for: each deed one call, one sentence, its Undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.money import format_cents
from app.services.statement_commands import (
    HoldAccount,
    HoldRow,
    SavePlan,
    SentRow,
    StatementAccount,
)
from app.services.statements import StatementService
from app.ui.form import Form
from app.ui.guard import guard
from app.ui.pages.patients_panels import ActionPanel
from app.ui.pages.statements_panels import HoldPanel, PlanPanel, ReleasePanel, TakeBackPanel
from app.ui.widgets.notice import NoticeText


class DeedPanels(QWidget):
    """The panels, one under the other; at most one is open.

    Args:
        today: the practice's day.
    """

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self.hold, self.release = HoldPanel(today), ReleasePanel()
        self.plan, self.back = PlanPanel(today), TakeBackPanel()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for panel in self.all:
            column.addWidget(panel)
        self.hide()

    @property
    def all(self) -> tuple[ActionPanel, ...]:
        """Every panel."""
        return self.hold, self.release, self.plan, self.back

    def make_room(self) -> None:
        """Puts every panel away, for another one to open."""
        for panel in self.all:
            panel.hide()
        self.show()

    def hide_all(self) -> None:
        """Puts every panel away."""
        self.make_room()
        self.hide()


class StatementDeeds(QObject):
    """Holds the panels, one open at a time, and carries out what they ask for.

    Attributes:
        said: what was done, or why it cannot be.
        changed: the lists want reading again.
        put_away: no panel is open any more.
    """

    said = Signal(NoticeText)
    changed = Signal()
    put_away = Signal()

    def __init__(self, page: QWidget, statements: StatementService, panels: DeedPanels) -> None:
        super().__init__(page)
        self._page, self._statements, self._panels = page, statements, panels
        panels.hold.wanted.connect(self._hold)
        panels.release.wanted.connect(self._release)
        panels.plan.wanted.connect(self._plan)
        panels.plan.ended.connect(self._end_plan)
        panels.back.wanted.connect(self._take_back)
        for panel in panels.all:
            panel.closed.connect(self.close)

    def close(self) -> None:
        """Puts an open panel away."""
        self._panels.hide_all()
        self.put_away.emit()

    def begin_hold(self, account: StatementAccount) -> None:
        """Opens the panel to hold an account, or to release one that is held."""
        standing = next((h for h in account.holds if h.stands and h.encounter_id is None), None)
        self._panels.make_room()
        if standing is None:
            self._panels.hold.begin(account.row)
        else:
            self._panels.release.begin(account.row, standing)

    def begin_plan(self, account: StatementAccount) -> None:
        """Opens the panel for a payment plan."""
        running = next((p for p in account.plans if p.ended_on is None), None)
        self._panels.make_room()
        self._panels.plan.begin(account.row, running)

    def begin_take_back(self, row: SentRow) -> None:
        """Opens the panel to take the newest statement back."""
        self._panels.make_room()
        self._panels.back.begin(row)

    # --- each one call ----------------------------------------------------------------------
    def _do(
        self,
        run: Callable[[], object],
        words: str,
        undo: Callable[[], None] | None = None,
        form: Form | None = None,
    ) -> None:
        with guard(self._page, form=form, say=self.said.emit) as call:
            run()
        if call.ok:
            self.close()
            self.changed.emit()
            self.said.emit(NoticeText(words, undo=undo))

    def _hold(self, command: HoldAccount) -> None:
        kept: list[int] = []

        def undo() -> None:
            self._do(lambda: self._statements.release(kept[0], "taken back"), "Hold taken back.")

        words = "On hold: nothing is sent to this account until it is released (F4)."
        form = self._panels.hold.form
        self._do(lambda: kept.append(self._statements.hold(command)), words, undo, form)

    def _release(self, asked: tuple[HoldRow, str]) -> None:
        hold, why = asked
        guarantor_id = self._panels.release.guarantor_id

        def undo() -> None:
            again = HoldAccount(guarantor_id, hold.kind, hold.note, until=hold.until)
            self._do(lambda: self._statements.hold(again), "On hold again.")

        self._do(lambda: self._statements.release(hold.hold_id, why), "Released.", undo)

    def _plan(self, command: SavePlan) -> None:
        kept: list[int] = []

        def undo() -> None:
            self._do(lambda: self._statements.end_plan(kept[0], "taken back"), "Plan taken back.")

        words = f"Plan agreed: {format_cents(command.installment_cents)} a month."
        form = self._panels.plan.form
        self._do(lambda: kept.append(self._statements.save_plan(command)), words, undo, form)

    def _end_plan(self, plan_id: int) -> None:
        words = "The plan has ended; the whole balance is asked for again."
        self._do(lambda: self._statements.end_plan(plan_id), words)

    def _take_back(self, asked: tuple[int, str]) -> None:
        statement_id, why = asked
        words = "Taken back: it counts as never sent, and stays in the history."
        form = self._panels.back.form
        self._do(lambda: self._statements.unsend(statement_id, why), words, form=form)

    def reset_count(self, guarantor_id: int) -> None:
        """The next statement is the first again."""
        words = "The next statement is the first again."
        self._do(lambda: self._statements.reset_count(guarantor_id, "by hand"), words)
