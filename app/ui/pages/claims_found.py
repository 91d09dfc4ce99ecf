"""What stands before printing: each finding with the way to its box, and the way past it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.findings import Severity
from app.services.claim_commands import ClaimCheck
from app.ui.theme import dp
from app.ui.widgets.field import LineField, set_mark
from app.ui.widgets.panel import Panel, label
from app.ui.widgets.pill import Pill


class FoundPanel(Panel):
    """The findings of the claim shown, what stops it first; hidden while there are none.

    Attributes:
        followed: the box of a finding is wanted; carries the ``ClaimCheck``.
        passed: an error may go out for a reason; carries the ``ClaimCheck`` and the reason.
    """

    followed = Signal(object)
    passed = Signal(object, str)

    def __init__(self) -> None:
        super().__init__("Before it prints")
        self._stop, self._look = Pill("0 to fix", "bad"), Pill("0 to look at", "warn")
        self.add_beside_title(self._stop)
        self.add_beside_title(self._look)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(dp(8))
        self.body.addLayout(self._rows)
        self._reason = LineField(hint="Why it may go out; Enter keeps it")
        self._reason.setAccessibleName("Reason why the finding may pass")
        self._reason.returnPressed.connect(self._submit)
        self._asks = label("", "muted", wrap=True)
        for part in (self._asks, self._reason):
            part.hide()
            self.add(part)
        self._checks: Sequence[ClaimCheck] = ()
        self._asked: ClaimCheck | None = None
        self.hide()

    def show_checks(self, checks: Sequence[ClaimCheck], *, sent: bool) -> None:
        """Shows findings. ``sent``: the claim is out, nothing can be let pass any more."""
        self.set_title("When it was printed" if sent else "Before it prints")
        self._checks, self._asked = checks, None
        self._reason.hide()
        self._asks.hide()
        stops = sum(c.stops for c in checks)
        self._stop.show_status(f"{stops} to fix", "bad")
        self._stop.setVisible(bool(stops))
        self._look.show_status(f"{len(checks) - stops} to look at", "warn")
        self._look.setVisible(len(checks) > stops)
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for check in checks:
            self._rows.addWidget(self._row(check, sent=sent))
        self.setVisible(bool(checks))

    def _row(self, check: ClaimCheck, *, sent: bool) -> QWidget:
        line = QWidget()
        column = QVBoxLayout(line)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(2))
        head = QHBoxLayout()
        finding = check.shown
        box = f"box {finding.box}" if finding.box and finding.box != "claim" else "claim"
        head.addWidget(Pill(box, "bad" if finding.severity is Severity.ERROR else "warn"))
        head.addWidget(label(finding.edit_id, "muted"))
        head.addStretch(1)
        if finding.field:
            head.addWidget(_link("Show", lambda: self.followed.emit(check)))
        if check.stops and finding.edit_id and not sent:
            head.addWidget(_link("Let pass …", lambda: self.ask(check)))
        column.addLayout(head)
        column.addWidget(label(finding.message, "", wrap=True))
        return line

    def ask(self, check: ClaimCheck | None = None) -> None:
        """Asks for the reason why a finding may go out; without one, the first that stops."""
        check = check or next((c for c in self._checks if c.stops and c.finding.edit_id), None)
        if check is None:
            return
        self._asked = check
        self._asks.setText(f"Let {check.finding.edit_id} pass: {check.finding.message}")
        self._reason.set_value("")
        set_mark(self._reason, None)
        self._asks.show()
        self._reason.show()
        self._reason.setFocus()

    def _submit(self) -> None:
        if self._asked is None:
            return
        if reason := self._reason.value():
            self.passed.emit(self._asked, reason)
        else:
            set_mark(self._reason, Severity.ERROR)
            self._asks.setText("Say why this may go out as it is; it is kept with the claim.")


def _link(words: str, act: Callable[[], object]) -> QPushButton:
    button = QPushButton(words)
    button.setProperty("look", "link")
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.clicked.connect(act)
    return button
