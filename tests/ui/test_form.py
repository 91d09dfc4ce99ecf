from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain.findings import Finding, Severity
from app.ui.form import Form, Slot
from app.ui.widgets.choice import TextArea
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.field import LineField
from app.ui.widgets.money import MoneyEdit
from app.ui.widgets.results import SearchRow
from app.ui.widgets.search import SearchField
from tests.ui.conftest import TODAY, Host

CTRL = Qt.KeyboardModifier.ControlModifier


def make_form() -> Form:
    form = Form()
    form.add_section("Charge")
    form.add_row(
        Slot("name", "&Name", LineField(), 4, "Enter the name."),
        Slot("amount", "Amount", MoneyEdit(), 4),
        Slot("day", "Date", DateEdit(today=lambda: TODAY), 4),
    )
    form.add_row(Slot("note", "Note", TextArea(), 12))
    return form


def shown_marks(form: Form) -> list[str]:
    labels = form.findChildren(QLabel)
    return [w.text() for w in labels if w.property("look") == "fieldmark" and w.isVisible()]


def keyboard() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_values_come_back_by_name(qapp: QApplication) -> None:
    form = make_form()
    assert form.values() == {"name": "", "amount": None, "day": None, "note": ""}
    form.set_values({"name": "Ames", "amount": 6500, "day": TODAY})
    assert form.values() == {"name": "Ames", "amount": 6500, "day": TODAY, "note": ""}
    with pytest.raises(KeyError):
        form.set_values({"nobody": 1})


def test_enter_moves_on_in_reading_order_and_breaks_lines_in_text(host: Host) -> None:
    form = make_form()
    host(form)
    form.go_to("name")
    for name in ("amount", "day", "note"):
        QTest.keyClick(keyboard(), Qt.Key.Key_Return)
        assert keyboard() is form.widget(name)
    QTest.keyClick(keyboard(), Qt.Key.Key_Return)
    assert keyboard() is form.widget("note")
    QTest.keyClick(keyboard(), Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert keyboard() is form.widget("day")


@pytest.mark.parametrize("key", [Qt.Key.Key_F9, Qt.Key.Key_Return])
def test_submit_keys_work_from_any_field(host: Host, qtbot: QtBot, key: Qt.Key) -> None:
    form = make_form()
    host(form)
    form.set_values({"name": "Ames"})
    for name in ("name", "note"):
        form.go_to(name)
        with qtbot.waitSignal(form.submitted, timeout=500):
            QTest.keyClick(keyboard(), key, CTRL if key == Qt.Key.Key_Return else _PLAIN)


_PLAIN = Qt.KeyboardModifier.NoModifier


def test_unreadable_text_is_marked_on_leaving_and_holds_the_submit(
    host: Host, qtbot: QtBot
) -> None:
    form = make_form()
    host(form)
    form.go_to("amount")
    QTest.keyClicks(keyboard(), "abc")
    assert shown_marks(form) == []
    QTest.keyClick(keyboard(), Qt.Key.Key_Tab)
    assert len(shown_marks(form)) == 1
    QTest.keyClicks(keyboard(), "02/31/2026")
    with qtbot.assertNotEmitted(form.submitted):
        form.submit()
    assert len(shown_marks(form)) == 3  # name is needed, amount and day cannot be read
    assert keyboard() is form.widget("name")


def test_value_being_typed_is_tidied_by_the_submit(host: Host, qtbot: QtBot) -> None:
    form = make_form()
    host(form)
    form.set_values({"name": "Ames"})
    form.go_to("amount")
    QTest.keyClicks(keyboard(), "65")
    with qtbot.waitSignal(form.submitted):
        QTest.keyClick(keyboard(), Qt.Key.Key_F9)
    assert form.values()["amount"] == 6500
    assert form.widget("amount").property("text") == "65.00"


def test_findings_mark_fields_and_hand_back_the_rest(host: Host) -> None:
    form = make_form()
    host(form)
    elsewhere = Finding("claim", "The claim is held.")
    left = form.show_findings(
        [
            elsewhere,
            Finding("day", "Too late.", Severity.WARNING),
            Finding("amount", "Too much."),
            Finding("amount", "And uneven."),
        ]
    )
    assert left == (elsewhere,)
    assert shown_marks(form) == ["Too much. And uneven.", "Too late."]
    assert keyboard() is form.widget("amount")
    assert form.widget("amount").property("mark") == "error"
    assert form.widget("day").property("mark") == "warning"
    assert form.widget("amount").accessibleDescription() == "Too much. And uneven."
    QTest.keyClicks(keyboard(), "1")
    assert shown_marks(form) == ["Too late."]
    form.clear_findings()
    assert shown_marks(form) == []


def test_dirty_is_told_once_and_forgotten_when_clean(host: Host) -> None:
    form = make_form()
    told: list[bool] = []
    host(form)
    form.dirty.connect(told.append)
    form.set_values({"name": "Ames"})
    assert told == []
    form.go_to("name")
    QTest.keyClicks(keyboard(), "xy")
    assert (told, form.is_dirty()) == ([True], True)
    form.set_clean()
    assert (told, form.is_dirty()) == ([True, False], False)


def test_labels_name_their_fields(qapp: QApplication) -> None:
    form = make_form()
    buddies = {w.buddy(): w.text() for w in form.findChildren(QLabel) if w.buddy()}
    assert buddies[form.widget("name")] == "&Name"
    assert form.widget("name").accessibleName() == "Name"
    assert [form.widget(n).objectName() for n in form.names()] == list(form.names())


def test_a_form_refuses_what_cannot_be_laid_out(qapp: QApplication) -> None:
    form = make_form()
    with pytest.raises(ValueError, match="two fields"):
        form.add_row(Slot("name", "Again", LineField()))
    with pytest.raises(ValueError, match="twelve"):
        form.add_row(Slot("a", "A", LineField(), 7), Slot("b", "B", LineField(), 6))


def test_a_search_field_in_a_form_chooses_then_moves_on(host: Host) -> None:
    payer = SearchField(lambda _t: [SearchRow(7, "Blue Ridge PPO")])
    form = Form()
    form.add_row(Slot("payer", "Payer", payer, 6), Slot("member", "Member", LineField(), 6))
    host(form)
    form.go_to("payer")
    QTest.keyClicks(payer, "bl")
    QTest.keyClick(payer, Qt.Key.Key_Return)
    assert form.values()["payer"] == 7
    assert keyboard() is form.widget("member")
    form.go_to("payer")
    QTest.keyClick(payer, Qt.Key.Key_Return)
    assert keyboard() is form.widget("member")
