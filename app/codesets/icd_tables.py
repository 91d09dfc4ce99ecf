"""Our own tables for the diagnosis search: abbreviations, everyday terms, words alike.

They hold general medical usage, gathered by us; ``resources/codes/icd10cm_*.csv``. A meaning is a
code (the term then finds that code) or words (the term is then read as those words as well).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.codesets.words import STOP, words
from app.domain.icd import bare
from app.domain.paths import resource

_CODE = re.compile(r"[A-Z][0-9A][0-9A-Z](\.[0-9A-Z]{1,4})?")
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchTables:
    """What the tables say.

    Attributes:
        codes: what she may type → codes it means, likeliest first, without points.
        phrases: what she may type → other words for it.
        alike: a word → words that mean it just as well.
        abbreviations: what is an abbreviation, and so never the beginning of a longer word.
    """

    codes: dict[Phrase, tuple[str, ...]]
    phrases: dict[Phrase, tuple[Phrase, ...]]
    alike: dict[str, tuple[str, ...]]
    abbreviations: frozenset[Phrase]


@lru_cache(maxsize=1)
def search_tables() -> SearchTables:
    """The tables, read once."""
    codes: dict[Phrase, tuple[str, ...]] = {}
    phrases: dict[Phrase, tuple[Phrase, ...]] = {}
    for name in ("abbreviations", "terms"):
        for typed, means in _rows(name):
            key = tuple(words(typed))
            meanings = means.split("|")
            found = tuple(bare(m) for m in meanings if _CODE.fullmatch(m))
            said = tuple(tuple(words(m)) for m in meanings if not _CODE.fullmatch(m))
            codes[key] = codes.get(key, ()) + tuple(c for c in found if c not in codes.get(key, ()))
            phrases[key] = phrases.get(key, ()) + said
    alike: dict[str, tuple[str, ...]] = {}
    for word, means in _rows("words"):
        alike[word] = alike.get(word, ()) + tuple(means.split())
    abbreviations = frozenset(tuple(words(typed)) for typed, _ in _rows("abbreviations"))
    return SearchTables(
        {k: v for k, v in codes.items() if v},
        {k: v for k, v in phrases.items() if v},
        alike,
        abbreviations,
    )


@lru_cache(maxsize=1)
def common_codes() -> frozenset[str]:
    """Codes that an office practice reports every week, without points."""
    with resource("codes/icd10cm_common.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(bare(row["code"]) for row in csv.DictReader(file))


def content(text: str) -> Phrase:
    """The words of a text that tell something."""
    return tuple(word for word in words(text) if word not in STOP)


def _rows(name: str) -> Iterator[tuple[str, str]]:
    with resource(f"codes/icd10cm_{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from ((typed, means) for typed, means in rows)
