"""The chart beside the codes: scans attached, shown, turned, removed; nothing left on the disk."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.ui.jobs import Jobs
from app.ui.page import Go
from app.ui.pages.encounters_coding_aids import CodingAids
from tests.office import open_office
from tests.ui.pages.coding_office import TODAY, coding_office
from tests.ui.pages.coding_story import ALT, CTRL, KEYS, Story
from tests.ui.pages.scans import pdf_of, png_of, tiff_of

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def story(qtbot: QtBot, tmp_path: Path) -> Iterator[Story]:
    with open_office(TODAY, folder=tmp_path / "practice") as (services, _):
        yield Story(qtbot, coding_office(services))


def aids(story: Story) -> CodingAids:
    return story.page.aids


def coding(story: Story, note: str = "") -> int:
    key = story.office.visit("Ames", TODAY, "I10", "99213:A", note=note)
    story.window.go(Go("encounters", key))
    story.settle()
    return key


def choose(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (str(path), ""))


def test_a_superbill_is_attached_read_page_by_page_and_removed_with_undo(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = coding(story)
    scan = tmp_path / "superbill.pdf"
    scan.write_bytes(pdf_of(3))
    choose(monkeypatch, scan)
    story.key(KEYS.Key_O, CTRL)
    chart = aids(story).chart
    assert story.said() == "superbill.pdf attached, encrypted with the visit."
    assert chart.is_on_scan()
    assert chart.scan.page() == (1, 3)
    story.key(KEYS.Key_PageDown, ALT)
    story.key(KEYS.Key_PageDown, ALT)
    story.key(KEYS.Key_PageDown, ALT)
    assert chart.scan.page() == (3, 3)
    story.key(KEYS.Key_PageDown, CTRL)
    assert not chart.is_on_scan()
    story.key(KEYS.Key_PageUp, CTRL)
    assert chart.is_on_scan()
    story.key(KEYS.Key_O, CTRL | SHIFT)
    assert story.services.attachments.of_encounter(key) == ()
    story.notices[-1].undo()  # type: ignore[misc]
    assert [row.name for row in chart.scans()] == ["superbill.pdf"]


def test_page_keys_zoom_and_turning_in_the_scan_itself(story: Story) -> None:
    coding(story)
    aids(story).scans._attach("scan.pdf", pdf_of(2))
    view = aids(story).chart.scan
    view.setFocus()
    wide = view.picture().width()
    for key in (KEYS.Key_PageDown, KEYS.Key_Plus, KEYS.Key_Plus):
        story.key(key)
    assert view.page() == (2, 2)
    assert view.picture().width() > wide * 1.4
    story.key(KEYS.Key_0)
    assert abs(view.picture().width() - wide) <= 1
    story.key(KEYS.Key_R)
    assert view.picture().width() > view.picture().height()
    story.key(KEYS.Key_Home)
    assert view.page() == (1, 2)


@pytest.mark.parametrize(
    ("name", "content", "pages"), [("a.png", png_of(), 1), ("b.tif", tiff_of(3), 3)]
)
def test_pictures_are_shown_page_by_page(
    story: Story, name: str, content: bytes, pages: int
) -> None:
    coding(story)
    aids(story).scans._attach(name, content)
    view = aids(story).chart.scan
    assert view.page() == (1, pages)
    shades = []
    for _ in range(pages):
        shades.append(view.picture().toImage().pixelColor(4, 4).value())
        view.turn_page(1)
    assert len(set(shades)) == pages


def test_a_picture_is_pasted_and_words_go_into_the_note(story: Story) -> None:
    coding(story)
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    QApplication.clipboard().setImage(image)
    story.key(KEYS.Key_V, CTRL | SHIFT)
    chart = aids(story).chart
    assert [row.name for row in chart.scans()] == ["Picture 1.png"]
    assert chart.is_on_scan()
    QApplication.clipboard().setText("HTN stable.")
    story.key(KEYS.Key_V, CTRL | SHIFT)
    assert story.page.bench.note.value() == "HTN stable."
    QApplication.clipboard().setImage(image)
    story.page.bench.note.setFocus()
    story.key(KEYS.Key_V, CTRL)
    assert "attached already" in story.said()


def test_files_are_dropped_on_the_chart(story: Story, tmp_path: Path) -> None:
    coding(story)
    mime = QMimeData()
    paths = [tmp_path / "one.pdf", tmp_path / "two.png", tmp_path / "bad.docx"]
    for path, content in zip(paths, (pdf_of(1), png_of(), b"PK\x03\x04xx"), strict=True):
        path.write_bytes(content)
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    actions = Qt.DropAction.CopyAction
    drop = QDropEvent(
        QPointF(5, 5), actions, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    aids(story).chart.dropEvent(drop)
    assert [row.name for row in aids(story).chart.scans()] == ["one.pdf", "two.png"]
    assert "cannot be kept here" in story.said()


def test_a_scan_of_a_new_visit_puts_the_visit_into_the_queue(story: Story) -> None:
    story.key(KEYS.Key_N, CTRL)
    with_nobody = story.services.queue.counts()
    aids(story).scans.attach_file(Path("nowhere.pdf"))
    assert story.said() == "This file cannot be read. Check that it is still there."
    story.new_for("Okafor")
    story.enter("y")
    aids(story).scans._attach("scan.pdf", pdf_of(1))
    assert story.services.queue.counts().get("draft") == with_nobody.get("draft", 0) + 1
    saved = story.saved("Okafor").command
    assert len(story.services.attachments.of_encounter(saved.encounter_id or 0)) == 1


def test_scans_stay_readable_after_posting_and_a_look_is_on_record(story: Story) -> None:
    key = coding(story)
    aids(story).scans._attach("scan.pdf", pdf_of(1))
    story.key(KEYS.Key_F9)
    assert not story.page.bench.is_coding()
    story.page.close_encounter()
    with story.services.desk.db.read() as session:
        from sqlalchemy import text

        count = text("SELECT COUNT(*) FROM audit WHERE action = 'view scan'")
        before = session.scalar(count)
    story.window.go(Go("encounters", key))
    story.settle()
    assert aids(story).chart.is_on_scan()  # nothing typed in the note: the scan comes first
    with story.services.desk.db.read() as session:
        assert session.scalar(count) == before + 1


def test_nothing_of_a_scan_is_written_outside_the_practice(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    coding(story)
    room = tmp_path / "temp"
    room.mkdir()
    monkeypatch.setenv("TMPDIR", str(room))
    monkeypatch.setattr(tempfile, "tempdir", str(room))
    opened: list[str] = []
    real = os.open

    def watched(path: object, flags: int, *more: object, **named: object) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            opened.append(str(path))
        return real(path, flags, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", watched)
    before = set(tmp_path.rglob("*"))
    for name, content in (("a.pdf", pdf_of(2)), ("b.png", png_of()), ("c.tif", tiff_of(2))):
        aids(story).scans._attach(name, content)
        aids(story).chart.scan.zoom(1)
        aids(story).chart.scan.turn_page(1)
    assert list(room.iterdir()) == []
    outside = [p for p in opened if str(tmp_path / "practice") not in p]
    assert outside == []
    new = set(tmp_path.rglob("*")) - before
    assert all(tmp_path / "practice" in path.parents for path in new)


def test_a_large_scan_is_kept_by_the_worker(story: Story, qtbot: QtBot) -> None:
    coding(story)
    acts = aids(story).scans
    acts._jobs = jobs = Jobs()
    try:
        acts._attach("big.pdf", pdf_of(1) + b"%" + os.urandom(3 * 1024 * 1024))
        assert aids(story).chart.scans() == ()
        qtbot.waitUntil(lambda: len(aids(story).chart.scans()) == 1)
        acts._attach("big.pdf", pdf_of(1) + b"%" + os.urandom(3 * 1024 * 1024))
        story.page.close_encounter()
        qtbot.waitUntil(lambda: not jobs.busy())
        assert not aids(story).chart.is_on_scan()
    finally:
        jobs.shutdown()


def test_the_chart_folds_by_key_and_keeps_its_width(story: Story, qtbot: QtBot) -> None:
    coding(story)
    frame = story.page.frame
    assert frame.chart_shown()
    frame.setSizes([430, 770])
    frame.splitterMoved.emit(430, 1)
    story.key(KEYS.Key_F3)
    assert not frame.chart_shown()
    assert story.page._chart_button.isVisible()
    assert story.office.kept == {"encounters/chart_width": 430, "encounters/chart_open": "no"}
    again = Story(qtbot, story.office)
    again.window.go(Go("encounters", story.page.bench.encounter_id()))
    assert not again.page.frame.chart_shown()
    again.key(KEYS.Key_F3)
    assert abs(again.page.frame.left.width() - 430) <= 2
    assert again.page.bench.note.hasFocus()


def test_in_a_narrow_window_the_chart_is_a_tab(story: Story) -> None:
    story.window.resize(1024, 640)
    coding(story)
    QTest.qWait(30)
    assert story.page.bench.isVisible()
    assert not aids(story).chart.isVisible()
    assert story.page._chart_button.isVisible()
    story.key(KEYS.Key_F3)
    assert aids(story).chart.isVisible()
    assert not story.page.bench.isVisible()
    story.key(KEYS.Key_F3)
    assert story.page.bench.isVisible()


def test_opening_a_visit_asks_a_bounded_number_of_questions(story: Story) -> None:
    key = coding(story)
    for grey in range(8):
        story.services.attachments.add(
            key, story.services.attachments.examine(f"{grey}.png", png_of(grey=grey))
        )
    story.page.close_encounter()
    with story.services.desk.db.query_counter() as counter:
        story.window.go(Go("encounters", key))
    assert counter.count <= 30
