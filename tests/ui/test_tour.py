"""The tour itself: a whole day through the real windows, its pictures, PDFs and budgets."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.ui.tour import run_tour
from tests.acceptance.printed_boxes import own_layout, read_sheets


def test_the_day_keeps_its_budgets_and_its_books(qtbot: QtBot, tmp_path: Path) -> None:
    assert run_tour(tmp_path) == 0
    summary = (tmp_path / "summary.txt").read_text(encoding="utf-8")
    assert "Books verified: no problem." in summary
    assert "EXCEEDED" not in summary
    pictures = sorted(tmp_path.glob("*.png"))
    assert len(pictures) == 32
    assert all(picture.stat().st_size > 5000 for picture in pictures)
    assert (tmp_path / "claim.pdf").read_bytes().startswith(b"%PDF")
    [sheet] = read_sheets((tmp_path / "claim-stock.pdf").read_bytes(), own_layout())
    assert not sheet.problems
    assert sheet.boxes["2"] == "AMES, RUTH, E"
    assert sheet.boxes["24_4_D_cpt"] == "93000"
    assert sheet.boxes["32_name"] == "LARKFIELD FAMILY PRACTICE"
