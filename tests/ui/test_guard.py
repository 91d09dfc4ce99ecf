from __future__ import annotations

import logging
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.domain.errors import AppError, Conflict, Invalid, NotFound, Refused, StoreTrouble
from app.domain.findings import Finding
from app.ui.form import Form, Slot
from app.ui.guard import (
    CrashDialog,
    TroubleDialog,
    crash_text,
    guard,
    install_excepthook,
    report_crash,
)
from app.ui.widgets.field import LineField
from app.ui.widgets.notice import NoticeText
from tests.ui.conftest import Host

SECRET = "Ames, Ruth 04/17/1964"


@pytest.fixture
def page(host: Host) -> Iterator[QWidget]:
    window = host(LineField())
    yield window
    for top in QApplication.topLevelWidgets():
        if isinstance(top, CrashDialog | TroubleDialog):
            top.close()


def dialogs(kind: type[QWidget]) -> list[QWidget]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]


def _inner() -> None:
    raise ValueError(SECRET)


def _outer() -> None:
    try:
        _inner()
    except ValueError as error:
        raise KeyError(SECRET) from error


def crash() -> KeyError:
    with pytest.raises(KeyError) as caught:
        _outer()
    return caught.value


def test_nothing_raised_is_nothing_told(page: QWidget) -> None:
    said: list[NoticeText] = []
    with guard(page, say=said.append) as outcome:
        pass
    assert (outcome.ok, said) == (True, [])


def test_invalid_marks_fields_and_says_the_rest(page: QWidget) -> None:
    form = Form(page)
    said: list[NoticeText] = []
    field = LineField()
    form.add_row(Slot("npi", "NPI", field))
    with guard(page, form=form, say=said.append) as outcome:
        raise Invalid([Finding("npi", "Ten digits."), Finding("tax_id", "Enter the EIN.")])
    assert not outcome.ok
    assert field.property("mark") == "error"
    assert said == [NoticeText("Enter the EIN.", "bad")]


@pytest.mark.parametrize(
    "error",
    [
        Refused("closed", "The month is closed."),
        NotFound("It is gone."),
        Conflict("It has changed."),
    ],
)
def test_refusals_are_one_line(page: QWidget, error: AppError) -> None:
    said: list[NoticeText] = []
    with guard(page, say=said.append):
        raise error
    assert said == [NoticeText(error.message, "bad")]
    assert dialogs(TroubleDialog) == []


def test_trouble_with_the_file_is_a_dialog(page: QWidget) -> None:
    with guard(page, say=lambda _n: None):
        raise StoreTrouble("The disk is full. Free some space, then save again.")
    (dialog,) = dialogs(TroubleDialog)
    assert isinstance(dialog, TroubleDialog)
    assert dialog.sentence.startswith("The disk is full.")


def test_a_line_with_nobody_to_say_it_is_a_dialog(page: QWidget) -> None:
    with guard(page):
        raise NotFound("It is gone.")
    assert len(dialogs(TroubleDialog)) == 1


def test_our_mistake_is_one_dialog_and_a_log_without_personal_data(
    page: QWidget, logged: list[logging.LogRecord]
) -> None:
    for _ in range(3):
        with guard(page):
            raise ValueError(SECRET)
    (dialog,) = dialogs(CrashDialog)
    assert isinstance(dialog, CrashDialog)
    text = dialog.details.toPlainText()
    assert "builtins.ValueError" in text
    assert "tests/ui/test_guard.py:" in text
    everything = text + "".join(record.getMessage() for record in logged)
    assert "Ames" not in everything
    assert len(logged) == 3
    assert all(record.exc_info is None for record in logged)
    copy = next(b for b in dialog.findChildren(QPushButton) if "Copy" in b.text())
    copy.click()
    assert QApplication.clipboard().text() == text


def test_crash_text_names_kinds_and_places_of_the_whole_chain() -> None:
    lines = crash_text(crash()).splitlines()
    kinds = [line for line in lines if not line.startswith(" ")]
    assert kinds == ["builtins.KeyError", "builtins.ValueError"]
    assert any(line.endswith(" _inner") for line in lines)
    assert not any(line.strip().startswith("/") for line in lines)


def test_what_escapes_a_slot_goes_the_same_way(
    page: QWidget, logged: list[logging.LogRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    install_excepthook(lambda: page)
    error = crash()
    sys.excepthook(type(error), error, error.__traceback__)
    assert len(dialogs(CrashDialog)) == 1
    assert len(logged) == 1
    trouble = StoreTrouble("The disk is full.")
    sys.excepthook(type(trouble), trouble, None)
    assert len(dialogs(TroubleDialog)) == 1
    QTest.qWait(1)


def test_next_mistake_opens_again_after_the_first_was_closed(
    page: QWidget, logged: list[logging.LogRecord]
) -> None:
    for _ in range(2):
        report_crash(crash(), page)
        (dialog,) = dialogs(CrashDialog)
        dialog.close()
    assert len(logged) == 2
