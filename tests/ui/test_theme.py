from __future__ import annotations

import re
from dataclasses import fields

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit

from app.domain.paths import resource
from app.ui.theme import (
    FONT_FILES,
    apply_theme,
    dp,
    load_fonts,
    scale_now,
    style_sheet,
    tokens_now,
    ui_font,
)
from app.ui.tokens import DARK, LIGHT, SHAPE_PAIRS, TEXT_PAIRS, Tokens, contrast
from tests.ui.conftest import Host

SCHEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


def test_contrast_of_black_on_white_and_of_equals() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ABCDEF", "#ABCDEF") == 1


@SCHEMES
def test_words_stand_out_from_their_ground(tokens: Tokens) -> None:
    weak = [
        (word, ground, round(ratio, 2))
        for word, ground in TEXT_PAIRS
        if (ratio := contrast(getattr(tokens, word), getattr(tokens, ground))) < 4.5
    ]
    assert weak == []


@SCHEMES
def test_shapes_stand_out_from_their_ground(tokens: Tokens) -> None:
    weak = [pair for pair in SHAPE_PAIRS if contrast(*(getattr(tokens, role) for role in pair)) < 3]
    assert weak == []


@SCHEMES
def test_every_colour_is_six_hex_digits(tokens: Tokens) -> None:
    for field in fields(tokens):
        assert re.fullmatch(r"#[0-9A-F]{6}", getattr(tokens, field.name)), field.name


@SCHEMES
@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_style_sheet_is_filled_in(tokens: Tokens, scale: float) -> None:
    sheet = style_sheet(tokens, scale)
    assert "@" not in re.sub(r'url\("[^"]*"\)', "", sheet)
    assert not re.search(r"\ddp\b", sheet)
    assert tokens.accent in sheet
    assert f"min-height: {round(20 * scale)}px" in sheet


def test_fonts_come_along_with_their_licences(qapp: QApplication) -> None:
    assert {"Inter", "Liberation Mono"} <= set(load_fonts())
    licences = [
        resource(f"fonts/{n}-OFL.txt").read_text("utf-8") for n in ("Inter", "LiberationMono")
    ]
    assert all("SIL OPEN FONT LICENSE" in text for text in licences)
    assert sum(resource(f"fonts/{name}").stat().st_size for name in FONT_FILES) < 3_000_000


def test_figures_have_one_width(qapp: QApplication) -> None:
    metrics = QFontMetricsF(ui_font(13))
    assert len({round(metrics.horizontalAdvance(d * 10), 3) for d in "0123456789"}) == 1


def test_widgets_on_the_screen_take_the_new_palette(host: Host, qapp: QApplication) -> None:
    words, window = host(QLineEdit()), QPalette.ColorRole.Window
    try:
        apply_theme(qapp, dark=True)
        assert words.palette().color(window).name().upper() == DARK.window
    finally:
        apply_theme(qapp)
    assert words.palette().color(window).name().upper() == LIGHT.window


def test_scheme_and_scale_can_change_while_running(qapp: QApplication) -> None:
    try:
        apply_theme(qapp, dark=True, scale=1.5)
        assert scale_now() == pytest.approx(1.5, abs=0.05)
        assert dp(8) == 12
        assert tokens_now() == DARK
        apply_theme(qapp, dark=False, scale=9)
        assert scale_now() == 2.0
    finally:
        apply_theme(qapp)
    assert tokens_now() == LIGHT
    assert dp(8) == 8


def test_american_formats_whatever_the_machine_says(qapp: QApplication) -> None:
    assert QLocale().name() == "en_US"
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == LIGHT.window
