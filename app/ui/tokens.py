"""The colours of the house, light and dark, by role. Code names roles, never colours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """One colour scheme; every value is ``#RRGGBB``.

    Attributes:
        window: behind the panels.
        panel: panels, tables, fields.
        shade: computed columns, headers, hover; a step away from ``panel``.
        line: thin separators.
        field_line: border of what can be typed into (3:1 against its ground, WCAG 1.4.11).
        text, muted: words, and words that may be read second.
        accent: the one accent, for focus, links and figures.
        accent_fill, accent_text: the one primary button.
        accent_soft: the chosen row.
        ok, warn, bad, neutral: words of a status; ``*_soft`` the ground they stand on.
        side*: the sidebar.
    """

    window: str
    panel: str
    shade: str
    line: str
    field_line: str
    text: str
    muted: str
    accent: str
    accent_fill: str
    accent_hover: str
    accent_text: str
    accent_soft: str
    accent_light: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    neutral: str
    neutral_soft: str
    side: str
    side_text: str
    side_muted: str
    side_on: str
    side_count: str


LIGHT = Tokens(
    window="#F3F4F2",
    panel="#FFFFFF",
    shade="#F2F3F1",
    line="#E2E5E2",
    field_line="#868F8A",
    text="#17201C",
    muted="#58645E",
    accent="#1D6A57",
    accent_fill="#1D6A57",
    accent_hover="#17584A",
    accent_text="#FFFFFF",
    accent_soft="#E4EFEB",
    accent_light="#9CC5B8",
    ok="#1B6450",
    ok_soft="#DDEEE7",
    warn="#7D4F00",
    warn_soft="#F7EBD3",
    bad="#A62929",
    bad_soft="#F9E3E1",
    neutral="#3E4843",
    neutral_soft="#EBEDEA",
    side="#22312D",
    side_text="#DCE4E0",
    side_muted="#A6B5AF",
    side_on="#38534B",
    side_count="#F5CB82",
)

DARK = Tokens(
    window="#151A18",
    panel="#1E2522",
    shade="#262E2A",
    line="#323B37",
    field_line="#75827B",
    text="#E7ECE9",
    muted="#A3B0AA",
    accent="#63C2A6",
    accent_fill="#23725D",
    accent_hover="#2B846C",
    accent_text="#FFFFFF",
    accent_soft="#233C35",
    accent_light="#28604F",
    ok="#85D6B9",
    ok_soft="#1F3B32",
    warn="#ECC678",
    warn_soft="#3E331A",
    bad="#F5A59D",
    bad_soft="#472624",
    neutral="#CCD4D0",
    neutral_soft="#313935",
    side="#101513",
    side_text="#D7DFDB",
    side_muted="#98A7A1",
    side_on="#28403A",
    side_count="#F0C577",
)

# Words and the ground they stand on: every pair is held to 4.5:1 (WCAG 2.2 AA, 1.4.3).
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((word, ground) for word in ("text", "muted") for ground in ("window", "panel", "shade")),
    *((word, "accent_soft") for word in ("text", "muted", "accent")),
    *((word, ground) for word in ("accent", "bad", "warn", "ok") for ground in ("window", "panel")),
    *((word, "shade") for word in ("accent", "bad", "warn")),
    ("accent_text", "accent_fill"),
    ("accent_text", "accent_hover"),
    *((role, f"{role}_soft") for role in ("ok", "warn", "bad", "neutral")),
    ("text", "bad_soft"),
    ("text", "warn_soft"),
    ("muted", "bad_soft"),
    ("side_text", "side"),
    ("side_text", "side_on"),
    ("side_muted", "side"),
    ("side_count", "side"),
    ("side_count", "side_on"),
)

# Edges and shapes that carry meaning: 3:1 (WCAG 2.2 AA, 1.4.11).
SHAPE_PAIRS: tuple[tuple[str, str], ...] = (
    ("field_line", "panel"),
    ("field_line", "window"),
    ("accent", "panel"),
    ("accent", "window"),
    ("accent", "accent_light"),
    ("bad", "panel"),
)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two ``#RRGGBB`` colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
