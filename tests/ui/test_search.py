from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.ui.widgets.field import LineField
from app.ui.widgets.results import ResultModel, SearchRow
from app.ui.widgets.search import SearchField
from tests.ui.conftest import Host

ROWS = (
    SearchRow(1, "E11.9", "Type 2 diabetes mellitus without complications", "used 41×"),
    SearchRow(2, "E11.65", "Type 2 diabetes mellitus with hyperglycemia"),
    SearchRow(3, "I10", "Essential (primary) hypertension"),
)


class Asked:
    """A query that remembers what it was asked."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, text: str) -> Sequence[SearchRow]:
        self.texts.append(text)
        return [row for row in ROWS if text.casefold() in f"{row.title} {row.detail}".casefold()]


def test_typing_asks_once_after_the_pause(host: Host, qtbot: QtBot) -> None:
    asked = Asked()
    field = SearchField(asked)
    host(field)
    field.setFocus()
    QTest.keyClicks(field, "e11")
    qtbot.waitUntil(lambda: len(field.rows()) == 2)
    assert asked.texts == ["e11"]


def test_enter_takes_the_first_hit_even_before_the_pause_is_over(host: Host, qtbot: QtBot) -> None:
    field = SearchField(Asked())
    host(field)
    field.setFocus()
    QTest.keyClicks(field, "diab")
    with qtbot.waitSignal(field.chosen) as caught:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert caught.args == [1]
    assert (field.value(), field.text(), field.rows()) == (1, "E11.9", ())
    assert field.problem() == ""


def test_arrows_choose_and_go_round(host: Host, qtbot: QtBot) -> None:
    field = SearchField(Asked())
    host(field)
    field.setFocus()
    QTest.keyClicks(field, "e11")
    field.search_now()
    QTest.keyClick(field, Qt.Key.Key_Up)
    with qtbot.waitSignal(field.chosen) as caught:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert caught.args == [2]


def test_escape_closes_then_clears(host: Host) -> None:
    field = SearchField(Asked())
    host(field)
    field.setFocus()
    QTest.keyClicks(field, "e11")
    field.search_now()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.rows(), field.text()) == ((), "e11")
    assert field.problem() != ""
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), field.value(), field.problem()) == ("", None, "")


def test_typing_again_forgets_the_choice_and_leaving_closes_the_list(host: Host) -> None:
    field, other = SearchField(Asked()), LineField()
    host(field, other)
    field.setFocus()
    field.set_value(ROWS[2])
    assert field.value() == 3
    QTest.keyClicks(field, "x")
    assert field.value() is None
    field.setText("e11")
    field.search_now()
    assert len(field.rows()) == 2
    other.setFocus()
    assert field.rows() == ()


def test_nothing_found_offers_what_was_typed(host: Host, qtbot: QtBot) -> None:
    field = SearchField(Asked())
    host(field)
    field.setFocus()
    QTest.keyClicks(field, "zzz")
    with qtbot.waitSignal(field.created) as caught:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert caught.args == ["zzz"]


def test_list_stays_inside_the_window(host: Host) -> None:
    window = host(LineField(), SearchField(Asked()))
    field = window.findChild(SearchField)
    assert isinstance(field, SearchField)
    window.resize(300, 120)
    field.setFocus()
    field.setText("e")
    field.search_now()
    assert field._list is not None
    assert window.rect().contains(field._list.geometry())


def test_result_model_is_sound(qtmodeltester: ModelTester) -> None:
    model = ResultModel()
    model.show_rows(ROWS)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
