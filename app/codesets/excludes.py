"""The codes that an Excludes1 note names, and which pairs it keeps apart (guideline I.A.12.a)."""

from __future__ import annotations

import re

_PARENTHESES = re.compile(r"\(([^()]*)\)")
_CODE = re.compile(r"[A-Z][0-9A][0-9A-Z](?:\.[0-9A-Z]{0,4})?-?")
_RANGE = re.compile(rf"({_CODE.pattern})\s*-\s*({_CODE.pattern})")
_MANIFESTATION = re.compile(
    r"in (other )?(specified )?diseases classified elsewhere", re.IGNORECASE
)
EXTERNAL_CAUSES = "VWXY"


def named_codes(note: str) -> list[tuple[str, str]]:
    """The codes in a note's parentheses as (first, last), without points.

    ``(E08.-)`` is (``E08``, ``E08``): every code that begins so. ``(P35-P39)`` is a stretch.
    """
    found: list[tuple[str, str]] = []
    for inside in _PARENTHESES.findall(note):
        rest = inside
        for first, last in _RANGE.findall(inside):
            found.append((_bare(first), _bare(last)))
        rest = _RANGE.sub(" ", rest)
        found += [(_bare(code), _bare(code)) for code in _CODE.findall(rest)]
    return found


def keeps_apart(note: str, code: str) -> bool:
    """True when a note names ``code`` (without point), or a heading above it."""
    return any(
        first <= code[: len(first)] and code[: len(last)] <= last
        for first, last in named_codes(note)
    )


def may_be_first(code: str, title: str) -> bool:
    """False for external causes and manifestations, which follow another code (I.A.13, I.C.20)."""
    return code[:1] not in EXTERNAL_CAUSES and not _MANIFESTATION.search(title)


def _bare(code: str) -> str:
    return code.rstrip("-").replace(".", "")
