"""Dresses the application: Fusion, own palette, bundled fonts, one style sheet.

Lengths in the style sheet are written ``12dp`` and grow with the scale; the scale itself lives in
the application font, so that whoever paints by hand asks ``dp`` and is right at 100 and at 200 %.
"""

from __future__ import annotations

import re
from functools import cache

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.paths import resource
from app.ui.tokens import DARK, LIGHT, Tokens

BASE_PX = 13  # body text at 100 %
UI_FAMILY = "Inter"
MONO_FAMILY = "Liberation Mono"
FONT_FILES = (
    "Inter-Regular.otf",
    "Inter-Medium.otf",
    "Inter-SemiBold.otf",
    "Inter-Bold.otf",
    "LiberationMono-Regular.ttf",
)
# tnum: figures of one width, so columns foot by eye; cv05, cv08: l and I told apart in codes.
_FEATURES = ("tnum", "cv05", "cv08")


def apply_theme(app: QApplication, dark: bool = False, scale: float = 1.0) -> None:
    """Dresses every window of ``app``; may be called again to change scheme or scale.

    Args:
        app: the running application.
        dark: the dark scheme, else the light one.
        scale: 1.0 to 2.0; anything beyond is brought back into that range.
    """
    scale = min(2.0, max(1.0, scale))
    tokens = DARK if dark else LIGHT
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    load_fonts()
    app.setStyle("Fusion")
    app.setPalette(palette_of(tokens))
    app.setFont(ui_font(round(BASE_PX * scale)))
    app.setStyleSheet(style_sheet(tokens, scale))
    app.setEffectEnabled(Qt.UIEffect.UI_AnimateCombo, False)


@cache
def load_fonts() -> tuple[str, ...]:
    """Registers the bundled fonts once and answers their families.

    Raises:
        RuntimeError: when a font file is missing or broken; the installation is incomplete.
    """
    families: list[str] = []
    for name in FONT_FILES:
        number = QFontDatabase.addApplicationFont(str(resource(f"fonts/{name}")))
        if number < 0:
            raise RuntimeError(f"The font {name} cannot be loaded; install the program again.")
        families += QFontDatabase.applicationFontFamilies(number)
    return tuple(dict.fromkeys(families))


def ui_font(pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The interface font with tabular figures, ``pixels`` high (already scaled)."""
    font = QFont(UI_FAMILY)
    font.setPixelSize(pixels)
    font.setWeight(weight)
    for feature in _FEATURES:
        font.setFeature(QFont.Tag(feature), 1)
    return font


def mono_font(pixels: int) -> QFont:
    """The fixed-pitch font (600/1000 wide) for the claim form and crash details."""
    font = QFont(MONO_FAMILY)
    font.setPixelSize(pixels)
    font.setStyleHint(QFont.StyleHint.Monospace)
    return font


def scale_now() -> float:
    """The scale in force, 1.0 to 2.0, read off the application font."""
    return max(1.0, QApplication.font().pixelSize() / BASE_PX)


def dp(pixels: float) -> int:
    """``pixels`` of the 100 % drawing at the scale in force."""
    return round(pixels * scale_now())


def tokens_now() -> Tokens:
    """The scheme in force, read off the application palette."""
    return DARK if QApplication.palette().window().color().lightness() < 128 else LIGHT


def colour(role: str) -> QColor:
    """The colour of ``role`` (a field of ``Tokens``) in the scheme in force."""
    return QColor(getattr(tokens_now(), role))


def repolish(widget: QWidget) -> None:
    """Lets the style sheet look again after a dynamic property has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def style_sheet(tokens: Tokens, scale: float) -> str:
    """``resources/qss/house.qss`` with roles (``@accent``) and lengths (``12dp``) filled in.

    Raises:
        AttributeError: when the sheet names a role that does not exist.
    """
    sheet = resource("qss/house.qss").read_text(encoding="utf-8")
    sheet = sheet.replace("@scheme", "dark" if tokens == DARK else "light")
    sheet = re.sub(r"@([a-z_]+)\b(?!\()", lambda m: str(getattr(tokens, m[1])), sheet)
    sheet = re.sub(r"(\d+(?:\.\d+)?)dp", lambda m: f"{round(float(m[1]) * scale)}px", sheet)
    # Icons last: a folder's name may hold anything.
    return re.sub(r"@icon\((\w+)\)", lambda m: f'url("{_icon(m[1])}")', sheet)


def _icon(name: str) -> str:
    return resource(f"icons/{name}.svg").as_posix()


def palette_of(tokens: Tokens) -> QPalette:
    """The Qt palette of a scheme, for everything the style sheet does not speak of."""
    palette = QPalette()
    for role, name in _PALETTE.items():
        palette.setColor(role, QColor(getattr(tokens, name)))
    for role in (_ROLE.WindowText, _ROLE.Text, _ROLE.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.muted))
    return palette


_ROLE = QPalette.ColorRole
_PALETTE = {
    _ROLE.Window: "window",
    _ROLE.WindowText: "text",
    _ROLE.Base: "panel",
    _ROLE.AlternateBase: "shade",
    _ROLE.Text: "text",
    _ROLE.Button: "panel",
    _ROLE.ButtonText: "text",
    _ROLE.BrightText: "bad",
    _ROLE.ToolTipBase: "side",
    _ROLE.ToolTipText: "side_text",
    _ROLE.PlaceholderText: "muted",
    _ROLE.Highlight: "accent_fill",
    _ROLE.HighlightedText: "accent_text",
    _ROLE.Link: "accent",
    _ROLE.LinkVisited: "accent",
    _ROLE.Light: "panel",
    _ROLE.Midlight: "shade",
    _ROLE.Mid: "line",
    _ROLE.Dark: "field_line",
    _ROLE.Accent: "accent",
}
