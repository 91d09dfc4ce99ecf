"""Where a note takes back what it says: denied, doubted, somebody else's, or past."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.codesets import _note_words as said


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a note: folded, and where it stands (characters from the clause's beginning)."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence or line. ``section``: empty, or what its heading makes of it."""

    text: str
    start: int
    section: str = ""


def silenced(words: Sequence[Word], clause: Clause) -> list[bool]:
    """For each word: whether it is denied, doubted, somebody else's or past."""
    texts = [word.text for word in words]
    silent = [clause.text.rstrip().endswith("?") or clause.section == "review"] * len(texts)
    spared = {n for a, b in _places(texts, said.NOT_DENIED) for n in range(a, b)}
    cuts = [a for a, _ in _places(texts, said.CUTS)]
    states = [a for a, _ in _places(texts, said.STATES)]
    for start, after in _places(texts, said.AFTER):
        if start not in spared:
            stop = _reach(words, clause.text, after, cuts, states)
            for n in range(start + (texts[start] in _OWN), stop):
                silent[n] = True
    for start, _ in _places(texts, said.FAMILY):
        for n in range(start, len(texts)):
            silent[n] = True
    for start, _ in _places(texts, said.BEFORE):
        if start not in spared:
            for n in range(_comma_before(words, clause.text, start), start):
                silent[n] = True
    return silent


_OWN = frozenset(("history", "hx", "old"))  # may begin a term of their own


def _reach(
    words: Sequence[Word], text: str, after: int, cuts: Sequence[int], states: Sequence[int]
) -> int:
    """How far a word that takes back reaches: up to a "but", or the item that is "stable"."""
    stop = next((c for c in cuts if c >= after), len(words))
    for state in states:
        if after <= state < stop:
            item = _comma_before(words, text, state)
            if item > after:
                return item
    return stop


def _comma_before(words: Sequence[Word], text: str, at: int) -> int:
    """The first word of the item of a list that the word ``at`` stands in."""
    while at and "," not in text[words[at - 1].end : words[at].start]:
        if words[at - 1].text in ("and", "but"):
            break
        at -= 1
    return at


def announced(words: Sequence[Word]) -> list[bool]:
    """For each word: whether the clause says before it that this is what the visit is for."""
    texts = [word.text for word in words]
    heard = [False] * len(texts)
    for _, after in _places(texts, said.ANNOUNCES):
        for n in range(after, min(after + 8, len(texts))):
            heard[n] = True
    return heard


def _places(texts: Sequence[str], phrases: Iterable[tuple[str, ...]]) -> list[tuple[int, int]]:
    """Where phrases stand, longest first at each place, none inside another."""
    known = phrases if isinstance(phrases, frozenset) else frozenset(phrases)
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(texts):
        size = next((n for n in (4, 3, 2, 1) if tuple(texts[at : at + n]) in known), 0)
        if size:
            found.append((at, at + size))
        at += max(1, size)
    return found
