from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.errors import Refused
from app.ui.changes import Changes
from app.ui.page import Go
from app.ui.theme import apply_theme
from app.ui.widgets.notice import NoticeText
from app.ui.window import MainWindow
from tests.ui.gallery import ENDS, GalleryPage, make_window

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def changes(qapp: QApplication) -> Changes:
    return Changes()


@pytest.fixture
def window(qtbot: QtBot, changes: Changes) -> MainWindow:
    made = make_window(changes)
    made.resize(1280, 860)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def gallery(window: MainWindow, name: str = "gallery") -> GalleryPage:
    page = window.page(name)
    assert isinstance(page, GalleryPage)
    return page


def keyboard() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_pages_are_built_on_the_first_visit_and_read_once(window: MainWindow) -> None:
    assert window.current_page() == "gallery"
    assert gallery(window).refreshed == 1
    assert window.page("patients") is None
    QTest.keyClick(keyboard(), Qt.Key.Key_2, CTRL)
    assert window.current_page() == "patients"
    assert (gallery(window, "patients").refreshed, gallery(window).left) == (1, 1)
    QTest.keyClick(keyboard(), Qt.Key.Key_1, CTRL)
    assert gallery(window).refreshed == 1
    with pytest.raises(KeyError):
        window.show_page("nowhere")


def test_only_watchers_read_again_and_hidden_ones_when_shown(
    window: MainWindow, changes: Changes, qtbot: QtBot
) -> None:
    first = gallery(window)
    window.show_page("patients")
    second = gallery(window, "patients")
    with qtbot.waitSignal(changes.happened):
        changes.publish(frozenset({"claim", "posting"}))
    assert (first.refreshed, second.refreshed) == (1, 1)
    with qtbot.waitSignal(changes.happened):
        changes.publish(frozenset({"patient"}))
    assert (first.refreshed, second.refreshed) == (1, 2)
    window.show_page("gallery")
    window.show_page("patients")
    assert (first.refreshed, second.refreshed) == (2, 2)


def test_a_hidden_window_catches_up_when_shown(
    window: MainWindow, changes: Changes, qtbot: QtBot
) -> None:
    window.hide()
    with qtbot.waitSignal(changes.happened):
        changes.publish(frozenset({"claim"}))
    assert gallery(window).refreshed == 1
    window.show()
    assert gallery(window).refreshed == 2


def test_a_jump_opens_its_target_and_alt_left_goes_back(window: MainWindow) -> None:
    gallery(window).go.emit(Go("patients", 17))
    assert gallery(window, "patients").opened == [17]
    QTest.keyClick(keyboard(), Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.current_page() == "gallery"
    window.go_back()
    assert window.current_page() == "gallery"


def test_titles_counters_and_status_belong_to_their_page(window: MainWindow) -> None:
    assert window._header.title() == "Today"
    assert window._footer.status().startswith("Books verified")
    assert window._sidebar.count("gallery") == 14
    window.show_page("claims")
    assert (window._header.title(), window._footer.status()) == ("Claims", "")
    gallery(window).title_changed.emit("Ames, Ruth", "10/22/2026")
    assert window._header.title() == "Claims"
    window.show_page("gallery")
    assert window._header.subtitle() == "10/22/2026"


def test_title_of_the_window_names_the_practice_only(window: MainWindow) -> None:
    gallery(window).title_changed.emit("Ames, Ruth", "")
    assert window.windowTitle() == "Larkfield Family Practice – CleanClaim"


def test_ctrl_z_undoes_what_the_notice_speaks_of_once(window: MainWindow) -> None:
    undone: list[int] = []
    window.notify(NoticeText("Posted 65.00", "", lambda: undone.append(1)))
    for _ in range(2):
        QTest.keyClick(keyboard(), Qt.Key.Key_Z, CTRL)
    assert undone == [1]
    window.notify(NoticeText("Printed claim 10418"))
    QTest.keyClick(keyboard(), Qt.Key.Key_Z, CTRL)
    assert (undone, window._footer.notice.text()) == ([1], "Printed claim 10418")


def test_a_refusal_while_reading_becomes_a_line(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = gallery(window)

    def refuse(_target: object) -> None:
        raise Refused("closed", "The month is closed. Post it to the next one.")

    monkeypatch.setattr(page, "open", refuse)
    window.go(Go("gallery", 1))
    assert window._footer.notice.text() == "The month is closed. Post it to the next one."


def test_ctrl_k_finds_pages_people_and_commands(window: MainWindow, qtbot: QtBot) -> None:
    before = keyboard()
    QTest.keyClick(before, Qt.Key.Key_K, CTRL)
    palette = window._palette
    assert keyboard() is palette.input
    QTest.keyClicks(palette.input, "ames")
    QTest.keyClick(palette.input, Qt.Key.Key_Return)
    assert window.current_page() == "patients"
    assert gallery(window, "patients").opened == ["Ames, Ruth"]
    assert palette.isHidden()


def test_ctrl_k_groups_wraps_and_gives_the_keyboard_back(window: MainWindow) -> None:
    before = keyboard()
    window.find_anything()
    palette = window._palette
    groups = [row.group for row in palette.list.rows()]
    assert groups == sorted(groups, key=groups.index)
    assert groups.count("Pages") == 6  # more typing narrows it
    QTest.keyClick(palette.input, Qt.Key.Key_Up)
    current = palette.list.current()
    assert current is not None
    assert current.group == "Commands"
    QTest.keyClicks(palette.input, "zzz")
    palette.search_now()
    assert palette.list.rows() == ()
    QTest.keyClick(palette.input, Qt.Key.Key_Escape)
    assert keyboard() is before


def test_ctrl_k_runs_a_command_of_the_front_page(window: MainWindow) -> None:
    ran: list[int] = []
    gallery(window).save.triggered.connect(lambda: ran.append(1))
    window.find_anything()
    QTest.keyClicks(window._palette.input, "post")
    QTest.keyClick(window._palette.input, Qt.Key.Key_Return)
    assert len(ran) == 1


def test_sidebar_is_one_tab_stop_and_takes_arrows(window: MainWindow) -> None:
    buttons = window._sidebar._buttons.values()
    stops = [b for b in buttons if b.focusPolicy() != Qt.FocusPolicy.NoFocus]
    assert [b.text() for b in stops] == ["Today"]
    stops[0].setFocus()
    QTest.keyClick(stops[0], Qt.Key.Key_Down)
    assert window.current_page() == "patients"


def test_closing_keeps_drafts_and_tells_the_builder(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.closing):
        window.close()
    assert gallery(window).left == 1


@pytest.mark.parametrize(("dark", "scale"), [(False, 1.0), (True, 1.0), (False, 2.0), (True, 1.5)])
def test_gallery_paints_in_every_scheme_and_size(
    qapp: QApplication, qtbot: QtBot, dark: bool, scale: float
) -> None:
    try:
        apply_theme(qapp, dark, scale)
        made = make_window(Changes())
        qtbot.addWidget(made)
        made.resize(1280, 860)
        made.show()
        image = made.grab().toImage()
        sidebar = image.pixelColor(2, 400).lightness()
        body = image.pixelColor(image.width() - 4, image.height() // 2).lightness()
        assert sidebar < 60
        assert (body < 60) is dark
        assert gallery(made).table.rows() == ENDS
    finally:
        apply_theme(qapp)
