"""Header and footer of the window: where you are, find anything, what just happened."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.ui.theme import dp
from app.ui.widgets.notice import Notice
from app.ui.widgets.panel import ElidedLabel, label
from app.ui.widgets.pill import KeyHint


class FindButton(QPushButton):
    """Looks like a field, opens the palette."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Find anything", parent)
        self.setProperty("look", "find")
        self.setAccessibleName("Find anything")
        self.setToolTip("Find anything (Ctrl K)")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, dp(8), 0)
        hint = KeyHint("Ctrl+K")
        hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.addWidget(hint, 0, Qt.AlignmentFlag.AlignRight)

    def sizeHint(self) -> QSize:
        """As wide as a good search box."""
        return QSize(dp(280), dp(32))

    def minimumSizeHint(self) -> QSize:
        """It gives way to the page's own pills before they are cut."""
        return QSize(dp(168), dp(32))


class Header(QFrame):
    """Title, subtitle, the page's own pills and buttons, and the way to everything.

    Attributes:
        find_wanted: the find box was pressed.
    """

    find_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "header")
        self.setFixedHeight(dp(56))
        row = QHBoxLayout(self)
        row.setContentsMargins(dp(24), 0, dp(24), 0)
        row.setSpacing(dp(16))
        self._title, self._subtitle = label("", "title"), ElidedLabel("", "muted")
        # A stack would keep room for the widest page's pills on every page.
        self._extras = QHBoxLayout()
        self._shown: QWidget | None = None
        row.addWidget(self._title)
        row.addWidget(self._subtitle)
        row.addLayout(self._extras)
        row.addStretch(1)
        button = FindButton()
        button.clicked.connect(self.find_wanted)
        row.addWidget(button)

    def show_title(self, title: str, subtitle: str = "") -> None:
        """Shows where the biller is."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self._subtitle.setVisible(bool(subtitle))

    def title(self) -> str:
        """The title shown."""
        return self._title.text()

    def subtitle(self) -> str:
        """The subtitle shown."""
        return self._subtitle.text()

    def show_extras(self, widget: QWidget | None) -> None:
        """Shows a page's own pills and buttons; None for none."""
        if self._shown is not None:
            self._shown.hide()
        self._shown = widget
        if widget is not None:
            self._extras.addWidget(widget)
            widget.show()


class Footer(QFrame):
    """Quiet facts at the left, running work and the notice with Undo at the right."""

    def __init__(self, strip: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "footer")
        self.setFixedHeight(dp(32))
        row = QHBoxLayout(self)
        row.setContentsMargins(dp(24), 0, dp(24), 0)
        row.setSpacing(dp(24))
        self._status = ElidedLabel("")
        self.notice = Notice()
        row.addWidget(self._status)
        row.addStretch(1)
        if strip is not None:
            row.addWidget(strip)
        row.addWidget(self.notice)

    def show_status(self, text: str) -> None:
        """Shows quiet facts of the page in front."""
        self._status.setText(text)

    def status(self) -> str:
        """The facts shown."""
        return self._status.text()
