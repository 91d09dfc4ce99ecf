from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.domain.money import Cents, format_cents
from app.ui.table_view import TableView
from app.ui.tables import LOOK_ROLE, PILL_ROLE, ROW_ROLE, Column, RowProxy, TableModel
from tests.ui.conftest import Host


@dataclass(frozen=True, slots=True)
class Claim:
    number: int
    name: str
    cents: Cents | None


CLAIMS = (
    Claim(10421, "Chen, Wei-Lin", Cents(9600)),
    Claim(10418, "Ames, Ruth", Cents(41200)),
    Claim(10419, "Baptiste, Noel", None),
    Claim(10422, "Archer, Ida", Cents(100000)),
)
COLUMNS: tuple[Column[Claim], ...] = (
    Column("name", "Patient", lambda r: r.name, width=0, look=lambda r: "bold" * (r.cents is None)),
    Column("number", "Claim", lambda r: str(r.number), lambda r: r.number, muted=True),
    Column(
        "cents",
        "Open",
        lambda r: "" if r.cents is None else format_cents(r.cents),
        lambda r: r.cents,
        numeric=True,
        pill=lambda r: None if r.cents else ("to fix", "bad"),
        tooltip=lambda r: f"claim {r.number}",
    ),
)


def make_view() -> TableView[Claim]:
    view = TableView(COLUMNS, lambda r: r.number, empty="No claims. Code an encounter first.")
    view.set_rows(CLAIMS)
    return view


_PLAIN = Qt.KeyboardModifier.NoModifier


def names(view: TableView[Claim]) -> list[str]:
    return [row.name.split(",")[0] for row in view.rows()]


def test_models_are_sound(qtmodeltester: ModelTester, qapp: QApplication) -> None:
    model: TableModel[Claim] = TableModel(COLUMNS, lambda r: r.number)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.set_rows(CLAIMS)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    proxy = RowProxy()
    proxy.setSourceModel(model)
    qtmodeltester.check(proxy)  # type: ignore[no-untyped-call]


def test_roles_of_a_cell(qapp: QApplication) -> None:
    model: TableModel[Claim] = TableModel(COLUMNS, lambda r: r.number)
    model.set_rows(CLAIMS)
    cell = model.index(2, 2)
    assert cell.data(ROW_ROLE) == CLAIMS[2]
    assert cell.data(PILL_ROLE) == ("to fix", "bad")
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole) == "to fix"
    assert cell.data(Qt.ItemDataRole.ToolTipRole) == "claim 10419"
    assert cell.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight.value
    assert model.index(2, 0).data(LOOK_ROLE) == "bold"
    assert model.index(0, 1).data(LOOK_ROLE) == "muted"
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Patient"
    assert model.index(9, 9).data() is None


def test_figures_are_ordered_as_figures_with_blanks_last(host: Host) -> None:
    view = make_view()
    host(view)
    assert names(view) == ["Chen", "Ames", "Baptiste", "Archer"]
    view.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert names(view) == ["Chen", "Ames", "Archer", "Baptiste"]
    view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert names(view)[0] == "Ames"


def test_selection_stays_with_its_row_over_a_refresh(host: Host) -> None:
    view = make_view()
    host(view)
    assert view.select_key(10419)
    view.set_rows(tuple(reversed(CLAIMS)))
    assert view.row() == CLAIMS[2]
    assert view.chosen() == (CLAIMS[2],)
    view.set_rows(CLAIMS[:1])
    assert view.row() == CLAIMS[0]
    assert not view.select_key(10419)


@given(numbers=st.lists(st.integers(1, 30), unique=True, max_size=20), key=st.integers(1, 30))
def test_a_kept_row_is_kept_whatever_else_changes(
    qapp: QApplication, numbers: list[int], key: int
) -> None:
    view = make_view()
    rows = tuple(Claim(n, f"N{n}", Cents(n)) for n in range(1, 31))
    view.set_rows(rows)
    view.select_key(key)
    view.set_rows([rows[n - 1] for n in numbers])
    found = view.row()
    if key in numbers:
        assert found == rows[key - 1]
    else:
        assert (found is None) == (not numbers)


def test_enter_and_double_click_open(host: Host, qtbot: QtBot) -> None:
    view = make_view()
    host(view)
    view.setFocus()
    view.select_key(10418)
    with qtbot.waitSignal(view.activated_row) as caught:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert caught.args == [CLAIMS[1]]
    spot = view.visualRect(view.model().index(3, 0)).center()
    with qtbot.waitSignal(view.activated_row) as caught:
        for press in (QTest.mouseClick, QTest.mouseDClick):
            press(view.viewport(), Qt.MouseButton.LeftButton, _PLAIN, spot)
    assert caught.args == [CLAIMS[3]]


def test_typing_jumps_to_the_row_that_begins_so(host: Host) -> None:
    view = make_view()
    host(view)
    view.setFocus()
    QTest.keyClicks(view, "ar")
    assert view.row() == CLAIMS[3]
    view._pause.stop()
    QTest.keyClicks(view, "c")
    assert view.row() == CLAIMS[0]


def test_copy_is_tab_separated_with_headings(host: Host) -> None:
    view = make_view()
    host(view)
    view.select_key(10418)
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QApplication.clipboard().text()
    assert copied == "Patient\tClaim\tOpen\nAmes, Ruth\t10418\t412.00"


def test_filter_by_words_in_any_column(host: Host) -> None:
    view = make_view()
    host(view)
    view.filter_words("fix bap")
    assert names(view) == ["Baptiste"]
    view.filter_words("nobody")
    assert names(view) == []
    assert view.row() is None
    view.grab()  # paints the empty sentence
    view.filter_words("")
    assert len(view.rows()) == 4


def test_widths_and_order_are_given_and_taken_back(host: Host) -> None:
    view, other = make_view(), make_view()
    host(view, other)
    view.setColumnWidth(1, 77)
    view.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    other.restore_layout({**view.layout_state(), "unknown": 1})
    assert other.layout_state() == view.layout_state()
    assert names(other) == names(view)


@pytest.mark.parametrize("size", [0, 1, 5000])
def test_any_number_of_rows_is_shown(host: Host, size: int) -> None:
    view = make_view()
    host(view)
    view.set_rows([Claim(n, f"Name {n}", Cents(n)) for n in range(size)])
    assert len(view.rows()) == size
    view.grab()
