"""How well a term answers a query: words held, words left over, and what is usually meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.codesets.icd_query import Reading, Vocabulary
from app.codesets.icd_terms import ALSO, INCLUSION, INDEX, OURS, TITLE
from app.codesets.words import SOFT, STOP, words

# What a query must say for these chapters to come first: codes of external causes, pregnancy and
# newborns answer many plain words, and are hardly ever meant by them.
_DISTANT = {"V": 0.2, "W": 0.12, "X": 0.12, "Y": 0.14, "O": 0.1, "P": 0.08, "Q": 0.02, "T": 0.03}
_PREGNANT = """
pregnancy pregnant labor delivery puerperium puerperal postpartum maternal fetal trimester
gestational obstetric antepartum childbirth
"""
_ASKED = {
    "O": frozenset(_PREGNANT.split()),
    "P": frozenset(("newborn", "neonatal", "birth", "perinatal", "infant", "fetal", "preterm")),
    "Q": frozenset(("congenital",)),
}
_KIND = {TITLE: 0.0, OURS: 0.04, ALSO: -0.02, INCLUSION: -0.03, INDEX: -0.03}
COMMON, UNSPECIFIED, OTHER, ELSEWHERE, WHOLE = 0.06, 0.035, -0.05, -0.12, 0.12
# After ``without`` a title says what is not there, up to the next of these.
_ABSENCE_ENDS = frozenset(("of", "with", "due", "in", "and", "to"))
ABSENT = 0.2
FAVOURITE, PAST = 0.08, 0.14


@dataclass(slots=True)
class Ranker:
    """Scores terms for the readings of one query; higher is better, 1 is a full answer."""

    vocabulary: Vocabulary
    common: frozenset[str]
    favourites: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()
    _weights: dict[str, float] = field(default_factory=dict)

    def score(self, reading: Reading, key: str, kind: str, said: str) -> float:
        """How well the term ``said`` of the node ``key`` answers ``reading``."""
        term = said.split()
        covered, used = _held(reading, term)
        if not used:
            return 0.0
        score = covered * covered * (1 - 0.5 * self._spare(term, used)) * reading.trust
        score += _KIND[kind]
        if tuple(term) == reading.phrase:
            score += WHOLE if reading.trust == 1 else WHOLE / 2
            if kind == OURS:
                return score
        return score + self._chapter(reading, key[0])

    def _spare(self, term: list[str], used: set[str]) -> float:
        """How much of what a term tells was not asked for, 0 to 1."""
        weights = self._weights
        left = have = 0.0
        absent = False
        for word in term:
            if word not in weights:
                weights[word] = self.vocabulary.weight(word)
            absent = word == "without" or (absent and word not in _ABSENCE_ENDS)
            if word in used:
                have += weights[word]
            else:
                left += weights[word] * (ABSENT if absent else 1.0)
        return left / (have + left)

    def prior(self, key: str, title: str) -> float:
        """What a code is worth before anything was typed."""
        plain = title.lower()
        worth = COMMON if key in self.common else 0.0
        if "unspecified" in plain or "not specified" in plain:
            worth += UNSPECIFIED
        elif plain.startswith("other "):
            worth += OTHER
        if "classified elsewhere" in plain and "not elsewhere" not in plain:
            worth += ELSEWHERE
        return worth

    def known(self, code: str) -> float:
        """What a code, or the node its 7th character was added to, is worth for its past uses."""
        return PAST * (code in self.past) + FAVOURITE * (code in self.favourites)

    def _chapter(self, reading: Reading, letter: str) -> float:
        wanted = _ASKED.get(letter)
        if wanted is not None and not wanted.isdisjoint(reading.phrase):
            return 0.0
        return -_DISTANT.get(letter, 0.0)


def _held(reading: Reading, term: list[str]) -> tuple[float, set[str]]:
    """How much of a reading a term holds, 0 to 1, and by which of its words."""
    held = asked = 0.0
    used: set[str] = set()
    for group in reading.groups:
        best, worth = "", 0.0
        for word in term:
            quality = group.worth.get(word, 0.0)
            if quality > worth:
                best, worth = word, quality
        weight = group.weight if group.required else 0.4 * group.weight
        asked += weight
        held += weight * worth
        if best:
            used.add(best)
    return (held / asked if asked else 0.0), used


def best_child(children: Mapping[str, str], header: str = "") -> list[str]:
    """Billable codes of a category, the ones meant by its bare name first (code → title)."""
    named = set(words(header))

    def place(code: str) -> tuple[int, int, str]:
        title = children[code].lower()
        said = words(title)
        more = sum(w not in named and w not in STOP and w not in SOFT for w in said)
        if "unspecified" in title or "not specified" in title:
            return 0, 2 * more + (not code.endswith("9")), code
        if title.startswith("other ") or " other " in title or "in diseases classified" in title:
            return 3, 2 * more, code
        return (0 if more == 0 else 1), 2 * more + (not code.endswith("9")), code

    return sorted(children, key=place)
