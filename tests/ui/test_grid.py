from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.modeltest import ModelTester

from app.ui.grid import EntryGrid
from app.ui.grid_model import GridColumn, GridModel, GridRow, Kind
from app.ui.widgets.field import LineField
from tests.ui.conftest import Host

COLUMNS = (
    GridColumn("dos", "Service"),
    GridColumn("allowed", "Allowed", Kind.MONEY),
    GridColumn("copay", "Copay", Kind.MONEY),
    GridColumn("reason", "Reason", Kind.CODE),
    GridColumn("hold", "Hold", Kind.CHOICE, choices=("write off", "hold", "transfer")),
    GridColumn("left", "Left over", Kind.COMPUTED, numeric=True),
)


def make_rows() -> list[GridRow]:
    return [
        GridRow({"dos": "10/22", "copay": "20.00"}, {"allowed": "128.40"}),
        GridRow({"dos": "10/22"}, {"allowed": "96.10"}, locked=frozenset({"reason"})),
        GridRow({"dos": "10/22"}, state="done"),
        GridRow({"dos": "10/23"}),
    ]


class Desk:
    """A page in small: takes commits into its lines, as a page would."""

    def __init__(self) -> None:
        self.rows = make_rows()
        self.heard: list[tuple[int, str, str]] = []
        self.refused: list[tuple[int, str, str]] = []
        self.keys: list[tuple[int, int]] = []
        self.ends = 0
        self.grid = EntryGrid(COLUMNS)
        self.grid.set_rows(self.rows)
        self.grid.cell_committed.connect(self.take)
        self.grid.cell_refused.connect(lambda *said: self.refused.append(said))
        self.grid.function_key.connect(lambda *said: self.keys.append(said))
        self.grid.left_end.connect(self.end)

    def take(self, row: int, key: str, text: str) -> None:
        self.heard.append((row, key, text))
        line = self.rows[row]
        self.rows[row] = replace(line, cells={**line.cells, key: text})
        self.grid.set_row(row, self.rows[row])

    def end(self) -> None:
        self.ends += 1

    def at(self) -> tuple[int, str] | None:
        return self.grid.current()

    def type(self, keys: str) -> None:
        """Types as hands do; a line break is Enter, a tab is Tab."""
        for letter in keys:
            key = {"\n": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab}.get(letter)
            if key is None:
                QTest.keyClicks(keyboard(), letter)
            else:
                QTest.keyClick(keyboard(), key)


def keyboard() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


@pytest.fixture
def desk(host: Host) -> Desk:
    made = Desk()
    host(made.grid, LineField())
    made.grid.setFocus()
    return made


def test_model_is_sound(qtmodeltester: ModelTester, qapp: QApplication) -> None:
    model = GridModel(COLUMNS)
    model.set_rows(make_rows())
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]


def test_typing_starts_and_enter_goes_to_the_next_cell_that_takes_typing(desk: Desk) -> None:
    assert desk.at() == (0, "allowed")
    desk.type("128.4\n\nco-45\nh\n")
    assert desk.heard == [(0, "allowed", "128.40"), (0, "reason", "CO-45"), (0, "hold", "hold")]
    assert desk.at() == (1, "allowed")
    desk.type("\n\n")  # reason is locked on this line
    assert desk.at() == (1, "hold")
    desk.type("\t")  # and the done line is passed over
    assert desk.at() == (3, "allowed")


def test_back_tab_goes_back_and_enter_at_the_end_tells_it(desk: Desk) -> None:
    desk.grid.go_to(3, "hold")
    desk.type("\n")
    assert (desk.ends, desk.at()) == (1, (3, "hold"))
    desk.grid.go_to(3, "allowed")
    QTest.keyClick(keyboard(), Qt.Key.Key_Backtab)
    assert desk.at() == (1, "hold")


@pytest.mark.parametrize("sign", ["=", "*"])
def test_computed_value_is_taken_by_one_key(desk: Desk, sign: str) -> None:
    desk.type(sign)
    assert desk.heard == [(0, "allowed", "128.40")]
    assert desk.at() == (0, "copay")
    desk.type(sign)  # nothing is worked out for a copay
    assert (len(desk.heard), desk.at()) == (1, (0, "copay"))


def test_plus_takes_the_value_of_the_line_above(desk: Desk) -> None:
    desk.grid.go_to(1, "copay")
    desk.type("+")
    assert desk.heard == [(1, "copay", "20.00")]
    desk.grid.go_to(0, "copay")
    desk.type("+")
    assert len(desk.heard) == 1


def test_typing_what_stands_there_already_is_no_news(desk: Desk) -> None:
    desk.grid.go_to(0, "copay")
    desk.type("20\n")
    assert desk.heard == []
    assert desk.at() == (0, "reason")


def test_arrows_keep_the_column_and_keep_what_was_typed(desk: Desk) -> None:
    desk.type("5")
    QTest.keyClick(keyboard(), Qt.Key.Key_Down)
    assert desk.heard == [(0, "allowed", "5.00")]
    assert desk.at() == (1, "allowed")
    QTest.keyClick(keyboard(), Qt.Key.Key_Up)
    assert desk.at() == (0, "allowed")


def test_unreadable_text_holds_the_cell_open_until_mended(desk: Desk) -> None:
    desk.type("4x\n")
    assert desk.heard == []
    assert [(row, key) for row, key, _ in desk.refused] == [(0, "allowed")]
    assert desk.refused[0][2].endswith(".")
    editor = keyboard()
    assert isinstance(editor, QLineEdit)
    assert editor.property("mark") == "error"
    desk.type("41\n")
    assert desk.heard == [(0, "allowed", "41.00")]
    assert desk.at() == (0, "copay")


def test_escape_leaves_the_cell_as_it_was_and_delete_empties_it(desk: Desk) -> None:
    desk.grid.go_to(0, "copay")
    desk.type("9")
    QTest.keyClick(keyboard(), Qt.Key.Key_Escape)
    assert desk.heard == []
    QTest.keyClick(keyboard(), Qt.Key.Key_Delete)
    assert desk.heard == [(0, "copay", "")]


def test_function_keys_are_handed_on_with_what_was_typed(desk: Desk) -> None:
    desk.type("5")
    QTest.keyClick(keyboard(), Qt.Key.Key_F6)
    assert desk.heard == [(0, "allowed", "5.00")]
    assert desk.keys == [(6, 0)]


def test_going_elsewhere_keeps_readable_text_once(desk: Desk) -> None:
    desk.type("7")
    other = desk.grid.window().findChild(LineField)
    assert isinstance(other, LineField)
    other.setFocus()
    assert desk.heard == [(0, "allowed", "7.00")]


def test_read_only_done_and_computed_cells_take_nothing(desk: Desk) -> None:
    for row, key in ((0, "dos"), (0, "left"), (2, "allowed"), (1, "reason")):
        desk.grid.go_to(row, key)
        desk.type("9")
        QTest.keyClick(keyboard(), Qt.Key.Key_Delete)
    assert desk.heard == []


def test_refresh_of_as_many_lines_leaves_the_cursor(desk: Desk) -> None:
    desk.grid.go_to(1, "copay")
    desk.grid.set_rows([replace(row, state="warn") for row in make_rows()])
    assert desk.at() == (1, "copay")
    desk.grid.set_rows(make_rows()[:1])
    assert desk.at() != (1, "copay")


def test_whole_line_as_expected_costs_two_keys(desk: Desk) -> None:
    keys = "=\n"
    desk.type(keys)
    assert desk.rows[0].cells["allowed"] == "128.40"
    assert desk.at() == (0, "reason")


def test_totals_and_states_are_painted(desk: Desk) -> None:
    plain = desk.grid.grab().toImage()
    desk.grid.set_totals({"dos": "4 lines", "left": "2.00"}, {"left": "bad"})
    desk.grid.set_row(0, replace(desk.rows[0], state="error", looks={"dos": "bad"}))
    desk.grid.fit()
    assert desk.grid.grab().toImage() != plain
    desk.grid.set_totals({})
    assert desk.grid._footer.isHidden()
