from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.findings import Severity
from app.domain.money import Cents
from app.ui.widgets.choice import CheckField, Choice, ChoiceEdit, TextArea
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.field import (
    CodeEdit,
    LineField,
    NumberEdit,
    PhoneEdit,
    StateEdit,
    ZipEdit,
    set_mark,
)
from app.ui.widgets.money import MoneyEdit
from tests.ui.conftest import TODAY, Host


def type_into(field: QWidget, text: str) -> None:
    field.setFocus()
    QTest.keyClicks(field, text)


@pytest.mark.parametrize(
    ("typed", "cents", "shown"),
    [
        ("65", 6500, "65.00"),
        ("65.5", 6550, "65.50"),
        ("1234.56", 123456, "1,234.56"),
        ("0", 0, "0.00"),
    ],
)
def test_money_is_tidied_on_leaving(host: Host, typed: str, cents: int, shown: str) -> None:
    money, other = MoneyEdit(), LineField()
    host(money, other)
    type_into(money, typed)
    assert money.text() == typed
    other.setFocus()
    assert (money.text(), money.value()) == (shown, cents)
    assert money.alignment() & Qt.AlignmentFlag.AlignRight


def test_blank_money_is_none_and_zero_is_zero(qapp: QApplication) -> None:
    money = MoneyEdit()
    assert money.value() is None
    assert money.problem() == ""
    money.set_value(Cents(0))
    assert (money.text(), money.value()) == ("0.00", 0)
    money.set_value(None)
    assert money.text() == ""


@pytest.mark.parametrize("typed", ["abc", "1.005", "-5", "1e3"])
def test_unreadable_money_stays_as_typed_and_says_why(host: Host, typed: str) -> None:
    money, other = MoneyEdit(), LineField()
    host(money, other)
    type_into(money, typed)
    other.setFocus()
    assert money.text() == typed
    assert money.value() is None
    assert money.problem().endswith(".")


@given(cents=st.integers(-99_999_999_999, 99_999_999_999))
def test_any_amount_survives_the_field(qapp: QApplication, cents: int) -> None:
    money = MoneyEdit(negative=True)
    money.set_value(Cents(cents))
    assert money.value() == cents


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("t", TODAY),
        ("y", TODAY - timedelta(days=1)),
        ("+3", TODAY + timedelta(days=3)),
        ("-3", TODAY - timedelta(days=3)),
        ("0105", date(2026, 1, 5)),
        ("010526", date(2026, 1, 5)),
        ("1/5", date(2026, 1, 5)),
        ("1/5/26", date(2026, 1, 5)),
        ("2026-01-05", date(2026, 1, 5)),
    ],
)
def test_dates_as_a_biller_types_them(host: Host, typed: str, meant: date) -> None:
    field, other = DateEdit(today=lambda: TODAY), LineField()
    host(field, other)
    type_into(field, typed)
    assert field.value() == meant
    other.setFocus()
    assert field.text() == meant.strftime("%m/%d/%Y")


def test_date_steps_by_day_and_retypes_over_today(host: Host) -> None:
    field = DateEdit(today=lambda: TODAY)
    host(field)
    type_into(field, "t")
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.value() == TODAY + timedelta(days=1)
    QTest.keyClicks(field, "y")
    assert field.text() == "11/22/2026"
    assert field.value() == TODAY - timedelta(days=1)


def test_impossible_day_is_a_problem(host: Host) -> None:
    field, other = DateEdit(today=lambda: TODAY), LineField()
    host(field, other)
    type_into(field, "02/31/2026")
    other.setFocus()
    assert field.value() is None
    assert "02/31/2026" in field.problem()


def test_birth_date_lies_in_the_past(qapp: QApplication) -> None:
    field = DateEdit(today=lambda: TODAY, birth=True)
    field.setText("03/07/51")
    assert field.value() == date(1951, 3, 7)


@pytest.mark.parametrize(
    ("field", "typed", "value", "shown"),
    [
        (CodeEdit, " m17. 11 ", "M17.11", "M17.11"),
        (PhoneEdit, "1-540-555-0118", "5405550118", "(540) 555-0118"),
        (StateEdit, "va", "VA", "VA"),
        (ZipEdit, "240381200", "240381200", "24038-1200"),
        (ZipEdit, "24153", "24153", "24153"),
        (NumberEdit, "12", 12, "12"),
        (LineField, "  Åsa ", "Åsa", "Åsa"),
    ],
)
def test_one_line_fields(
    host: Host, field: type[LineField], typed: str, value: object, shown: str
) -> None:
    made, other = field(), LineField()
    host(made, other)
    type_into(made, typed)
    assert made.value() == value
    other.setFocus()
    assert made.text() == shown
    assert made.problem() == ""


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (PhoneEdit, "555-0118"),
        (StateEdit, "ZZ"),
        (ZipEdit, "2415"),
        (NumberEdit, "1.5"),
        (NumberEdit, "99999"),
    ],
)
def test_unreadable_text_is_a_sentence(
    qapp: QApplication, field: type[LineField], typed: str
) -> None:
    made = field()
    made.setText(typed)
    assert made.problem().endswith(".")
    made.setText("")
    assert made.problem() == ""


SEXES = (Choice("F", "Female"), Choice("M", "Male"), Choice("U", "Unknown", "X"))


def test_choice_takes_letters_and_its_own_key(host: Host, qtbot: QtBot) -> None:
    field = ChoiceEdit(SEXES)
    host(field)
    assert field.value() is None
    with qtbot.waitSignal(field.edited):
        type_into(field, "m")
    assert field.value() == "M"
    with qtbot.waitSignal(field.edited):
        QTest.keyClicks(field, "x")
    assert field.value() == "U"
    QTest.keyClick(field, Qt.Key.Key_Delete)
    assert field.value() is None


def test_choice_keeps_its_answer_when_choices_change_and_ignores_the_wheel(host: Host) -> None:
    field = ChoiceEdit(SEXES)
    host(field)
    field.set_value("M")
    field.set_choices(SEXES[1:])
    assert field.value() == "M"
    where, none = QPointF(5, 5), QPoint(0, 0)
    wheel = QWheelEvent(
        where,
        where,
        none,
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(field, wheel)
    assert field.value() == "M"
    field.set_value("nobody")
    assert field.value() is None


def test_check_has_a_third_state_only_when_asked(qapp: QApplication) -> None:
    plain, three = CheckField("Signed"), CheckField("Employment", three=True)
    plain.set_value(None)
    three.set_value(None)
    assert plain.value() is False
    assert three.value() is None
    three.set_value(True)
    assert three.value() is True


def test_text_area_tells_only_edits_by_hand(host: Host) -> None:
    area, told = TextArea(), []
    host(area)
    area.edited.connect(lambda: told.append(1))
    area.set_value("kept ")
    assert told == []
    assert area.value() == "kept"
    type_into(area, "x")
    assert told == [1]


def test_mark_is_drawn_and_taken_away(qapp: QApplication) -> None:
    field = LineField()
    set_mark(field, Severity.ERROR)
    assert field.property("mark") == "error"
    set_mark(field, None)
    assert field.property("mark") == ""


def test_undo_key_goes_to_the_window_when_nothing_was_typed(host: Host) -> None:
    field, undone = LineField(), []
    window = host(field)
    QShortcut(QKeySequence.StandardKey.Undo, window).activated.connect(lambda: undone.append(1))
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [1]
    QTest.keyClicks(field, "ab")
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [1]
    assert field.text() == ""
