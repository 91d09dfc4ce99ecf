"""The tour's morning: a new practice, its own data, a provider, a place, payers and charges."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QPushButton, QWidget

from app.services.door import Services
from app.ui.dialogs.door import DoorWindow
from app.ui.form import Form
from app.ui.tour_hands import Hands, TourStuckError
from app.ui.window import MainWindow

PASSPHRASE = "a day of the tour only"  # noqa: S105 - opens invented data, thrown away at the end

PRACTICE = {
    "name": "Larkfield Family Practice",
    "phone": "5405550140",
    "line1": "40 Main St",
    "line2": "Suite 2",
    "city": "Salem",
    "state": "VA",
    "zip": "241530040",
    "npi": "1245319599",
    "tax_id": "541234567",
}
LISTS: tuple[tuple[str, tuple[Mapping[str, str], ...]], ...] = (
    (
        "providers",
        ({"last": "Cole", "first": "Imani", "credentials": "MD", "npi": "1679576722"},),
    ),
    (
        "facilities",
        (
            {
                "name": "Larkfield Family Practice",
                "place_of_service": "11",
                "line1": "40 Main St",
                "city": "Salem",
                "state": "VA",
                "zip": "241530040",
                "npi": "1245319599",
            },
        ),
    ),
    (
        "payers",
        (
            {
                "name": "Blue Ridge PPO",
                "type": "g",
                "line1": "PO Box 81200",
                "city": "Roanoke",
                "state": "VA",
                "zip": "240381200",
            },
            {
                "name": "Harbor Mutual",
                "type": "g",
                "line1": "1 Harbor Plaza",
                "city": "Norfolk",
                "state": "VA",
                "zip": "23510",
            },
        ),
    ),
    (
        "procedures",
        (
            {"code": "99214", "charge_cents": "185", "wording": "Visit, established, moderate"},
            {"code": "20610", "charge_cents": "165", "wording": "Knee injection"},
            {"code": "J1030", "charge_cents": "62", "wording": "Steroid, 40 mg"},
            {"code": "93000", "charge_cents": "58", "wording": "ECG with reading"},
        ),
    ),
)


def unlock_scene(hands: Hands, window: DoorWindow) -> None:
    """Chooses name and passphrase, writes down the recovery key, enters."""
    hands.settle(200)
    with hands.task("Make an encrypted practice"):
        fill(hands, window, {"user": "Mara Quinn", "passphrase": PASSPHRASE, "again": PASSPHRASE})
        hands.shot(window, "new-practice")
        hands.key("F9")
        hands.until(lambda: window.findChildren(QCheckBox), "the recovery key")
        hands.shot(window, "recovery-key")
        hands.key("Space")
        button = next(b for b in window.findChildren(QPushButton) if "Open the" in b.text())
        hands.click(button)


def setup_scenes(hands: Hands, window: MainWindow, services: Services) -> None:
    """Fills Setup, list by list, through its forms."""
    hands.shot(window, "today-empty")
    with hands.task("Set up the practice, payers and charges"):
        hands.key("Ctrl+9")
        page = _page(window, "setup")
        fill(hands, page, PRACTICE)
        hands.shot(window, "setup-practice")
        hands.key("F9")
        hands.until(services.setup.practice, "the practice to be saved")
        for section, entries in LISTS:
            page.show_section(section)  # type: ignore[attr-defined]
            for entry in entries:
                hands.key("Ctrl+N")
                fill(hands, page, entry)
                hands.key("F9")
            hands.settle(500)  # the payer's sample claim is drawn a moment later
            hands.shot(window, f"setup-{section}")
    if len(services.directory.payers()) != 2 or len(services.directory.procedures()) != 4:
        raise TourStuckError("Setup did not keep what was typed")


def fill(hands: Hands, where: QWidget, values: Mapping[str, str]) -> None:
    """Types into fields by name, each one action."""
    for name, text in values.items():
        field = field_of(where, name)
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        hands.type(text)
    hands.settle()


def field_of(where: QWidget, name: str) -> QWidget:
    """The visible field of a form under ``where``.

    Raises:
        TourStuckError: when there is none.
    """
    for form in where.findChildren(Form):
        if name in form.names() and form.widget(name).isVisible():
            return form.widget(name)
    raise TourStuckError(f"no field {name} in sight")


def _page(window: MainWindow, name: str) -> QWidget:
    page = window.page(name)
    if page is None:
        raise TourStuckError(f"the page {name} did not open")
    return page
