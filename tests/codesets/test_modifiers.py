"""The modifiers that come with the program: every one with words of our own."""

from __future__ import annotations

import re

from app.codesets.modifiers import ModifierKind, modifiers

NCCI = (
    "E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 T9 LT RT LC LD RC LM RI"
    " 24 25 27 57 58 59 78 79 91 XE XP XS XU"
)
# Words that only the AMA's own descriptors put together.
OF_THE_AMA = ("significant", "separately identifiable", "distinct procedural", "by the same phys")


def test_every_modifier_has_two_signs_and_words() -> None:
    assert len(modifiers()) >= 60
    for code, row in modifiers().items():
        assert re.fullmatch(r"[0-9A-Z]{2}", code)
        assert 5 <= len(row.wording) <= 80
        assert not any(words in row.wording.lower() for words in OF_THE_AMA)


def test_those_that_set_two_services_apart_are_all_there() -> None:
    assert set(NCCI.split()) <= set(modifiers())


def test_the_kind_says_what_is_paid_otherwise() -> None:
    known = modifiers()
    paid = [c for c in ("22", "26", "50", "51", "62", "80", "TC") if known[c].kind == "pricing"]
    assert len(paid) == 7
    assert known["25"].kind is known["RT"].kind is ModifierKind.INFORMATIONAL
