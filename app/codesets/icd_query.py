"""What she typed, as groups of words to find: abbreviations opened, slips mended, words alike."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from math import log

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.codesets.icd_tables import Phrase, SearchTables
from app.codesets.words import SOFT, STOP, stem, words

# Said of many codes, or by a 7th character that a base title does not hold: welcome, not required.
_OPTIONAL_WORDS = """
right left bilateral initial subsequent sequela unspecified disease disorder syndrome condition
problem without uncomplicated complication chronicity closed open routine nonunion malunion delayed
healing
"""
OPTIONAL = frozenset(_OPTIONAL_WORDS.split())
LONGEST_PHRASE = 5
MOST_READINGS = 6
MOST_WORDS = 12
# A slip is looked for in words this long; a third of a shorter one could be anything.
SHORTEST_SLIP = 4
_GLUED = re.compile(r"([a-z]{2,})(\d{1,2}[ab]?)")
CODE_LIKE = re.compile(r"[A-Za-z][0-9Aa][0-9A-Za-z]?\.?[0-9A-Za-z]{0,4}")

EXACT, KIN, BEGUN, NEAR, ALIKE, SLIP = 1.0, 0.96, 0.9, 0.75, 0.88, 0.72


@dataclass(frozen=True, slots=True)
class Group:
    """One word to find.

    Attributes:
        word: as typed, folded.
        worth: every word that answers it → how well, 0 to 1.
        weight: how much it tells, 0 to 1.
        beginnings: what an index is asked for, each the beginning of a word.
        required: a term without it does not answer.
    """

    word: str
    worth: dict[str, float]
    weight: float
    beginnings: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the query. ``trust`` 1 for the typed words and for what they stand for."""

    phrase: Phrase
    groups: tuple[Group, ...]
    trust: float

    @property
    def required(self) -> tuple[Group, ...]:
        """The words a term must hold."""
        return tuple(g for g in self.groups if g.required)


class Vocabulary:
    """The words of an edition's terms, and how much each tells."""

    def __init__(self, counted: Iterable[tuple[str, int]]) -> None:
        pairs = sorted(counted)
        self._words = [word for word, _ in pairs]
        top = log(1 + max((n for _, n in pairs), default=1) * 2)
        self._weight = {word: self._told(word, 1 - log(1 + n) / top) for word, n in pairs}
        self._mendable = [w for w, _ in pairs if len(w) >= SHORTEST_SLIP and w.isalpha()]
        self._known: dict[tuple[str, bool], Group] = {}

    @staticmethod
    def _told(word: str, rarity: float) -> float:
        if word in STOP:
            return 0.02
        return 0.25 * rarity if word in SOFT else 0.15 + 0.85 * rarity

    def __contains__(self, word: str) -> bool:
        return word in self._weight

    def weight(self, word: str) -> float:
        """How much a word tells, 0 to 1; a word nobody knows tells all."""
        return self._weight.get(word, 1.0)

    def beginning(self, text: str) -> list[str]:
        """The words that begin so."""
        place, found = bisect_left(self._words, text), []
        while place < len(self._words) and self._words[place].startswith(text):
            found.append(self._words[place])
            place += 1
        return found

    def group(self, word: str, tables: SearchTables, *, typing: bool) -> Group:
        """The group of a word; ``typing``: its end may be missing yet."""
        known = self._known.get((word, typing))
        if known is None:
            known = self._made(word, tables, typing=typing)
            if len(self._known) > 4000:
                self._known.clear()
            self._known[word, typing] = known
        return known

    def _made(self, word: str, tables: SearchTables, *, typing: bool) -> Group:
        worth: dict[str, float] = {}
        root = stem(word)
        for found in self.beginning(root) if len(root) > 2 or typing else ():
            worth[found] = self._kinship(word, root, found, typing=typing)
        if word in self._weight:
            worth[word] = EXACT
        worth = {w: q for w, q in worth.items() if q > 0}
        asked = [root if len(root) > 2 or typing else word] if worth else []
        for other in tables.alike.get(word, ()) or tables.alike.get(root, ()):
            other_root = stem(other)
            for found in self.beginning(other_root) if len(other_root) > 2 else [other]:
                kin = ALIKE * max(KIN if found != other else EXACT, 0.0)
                worth[found] = max(worth.get(found, 0.0), kin)
            asked.append(other_root if len(other_root) > 2 else other)
        if not worth:
            mended = self.mend(word)
            worth = dict(mended)
            asked = [found for found, _ in mended]
        weight = max((self.weight(w) for w, q in worth.items() if q >= BEGUN), default=0.6)
        if word in self._weight:
            weight = self._weight[word]
        return Group(word, worth, max(weight, 0.05), tuple(asked), word not in OPTIONAL)

    @staticmethod
    def _kinship(word: str, root: str, found: str, *, typing: bool) -> float:
        if found == word:
            return EXACT
        if stem(found) == root:
            return KIN
        if found.startswith(word):
            return BEGUN if typing else NEAR
        return NEAR if len(root) >= 5 and len(found) - len(root) <= 6 else 0.0

    def mend(self, word: str) -> list[tuple[str, float]]:
        """Words that a slip of the fingers may have meant, with their worth."""
        if len(word) < SHORTEST_SLIP or not word.isalpha():
            return []
        most = 1 if len(word) < 6 else 2 if len(word) < 10 else 3
        near = process.extract(
            word, self._mendable, scorer=OSA.distance, score_cutoff=most, limit=12
        )
        best = min((distance for _, distance, _ in near), default=0)
        return [
            (found, SLIP * (1 - 0.12 * distance) * (1.0 if found[0] == word[0] else 0.9))
            for found, distance, _ in near
            if distance <= best + (len(word) > 7)
        ]


class QueryReader:
    """Reads queries with the words of one edition and our own tables."""

    def __init__(
        self, vocabulary: Vocabulary, tables: SearchTables, titles: dict[Phrase, Phrase]
    ) -> None:
        """``titles``: for a term of ours that means a code, the words of that code's title."""
        self._words, self._tables, self._titles = vocabulary, tables, titles

    def read(self, text: str) -> list[Reading]:
        """The ways to read a query, the typed words first; empty when no word was typed."""
        typed = self._loosened(words(text)[:MOST_WORDS])
        if not typed:
            return []
        last = typed[-1] if text[-1:].isalnum() else ""
        choices = self._choices(typed)
        readings: list[Reading] = []
        seen: set[Phrase] = set()
        for pick in product(*choices):
            phrase = tuple(word for part, _ in pick for word in part)
            trust = 1.0
            for _, doubt in pick:
                trust *= doubt
            if phrase not in seen:
                seen.add(phrase)
                readings.append(self._reading(phrase, last, trust))
            if len(readings) >= MOST_READINGS:
                break
        return readings

    def _reading(self, phrase: Phrase, last: str, trust: float) -> Reading:
        telling = [w for w in phrase if w not in STOP] or list(phrase)
        groups = [
            self._words.group(w, self._tables, typing=w == last and w == phrase[-1])
            for w in dict.fromkeys(telling)
        ]
        if not any(g.required for g in groups):
            groups = [Group(g.word, g.worth, g.weight, g.beginnings, True) for g in groups]
        return Reading(phrase, tuple(groups), trust)

    def _loosened(self, typed: Sequence[str]) -> list[str]:
        """``ckd3`` becomes two words where it is none itself."""
        loose: list[str] = []
        for word in typed:
            parts = _GLUED.fullmatch(word)
            known = (word,) in self._tables.abbreviations or word in self._words
            if parts and not known and self._is_word(parts[1]):
                loose += [parts[1], parts[2]]
            else:
                loose.append(word)
        return loose

    def _is_word(self, word: str) -> bool:
        return (word,) in self._tables.abbreviations or word in self._words

    def _choices(self, typed: Sequence[str]) -> list[list[tuple[Phrase, float]]]:
        """For each stretch of the query: itself and what else it may stand for, with trust."""
        choices: list[list[tuple[Phrase, float]]] = []
        place = 0
        while place < len(typed):
            length = next(
                (
                    n
                    for n in range(min(LONGEST_PHRASE, len(typed) - place), 0, -1)
                    if self._stands_for(tuple(typed[place : place + n]))
                ),
                1,
            )
            part = tuple(typed[place : place + length])
            others = self._stands_for(part)
            itself = (part, 1.0)
            short = part in self._tables.abbreviations
            said = self._tables.phrases.get(part, ())
            rest = [
                (other, (0.98 if short else 0.94) if other in said else 0.9) for other in others[:3]
            ]
            # An abbreviation that is no word of the list stands for its meaning only.
            whole = length == len(typed)
            if rest and short and not whole and not all(w in self._words for w in part):
                choices.append(rest)
            else:
                choices.append([itself, *rest])
            place += length
        return choices

    def _stands_for(self, part: Phrase) -> list[Phrase]:
        said = self._tables.phrases.get(part, ())
        title = self._titles.get(part)
        return [*said, title] if title and title not in said else list(said)


def match_expression(groups: Iterable[Group]) -> str:
    """The FTS5 expression that asks for every one of ``groups``."""
    return " AND ".join(
        "(" + " OR ".join(f'"{b}"*' for b in dict.fromkeys(g.beginnings)) + ")"
        for g in groups
        if g.beginnings
    )
