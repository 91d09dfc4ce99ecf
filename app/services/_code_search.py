"""The search of one edition's file: terms asked of the index, ranked, turned into codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from app.codesets.icd_query import (
    CODE_LIKE,
    Group,
    QueryReader,
    Reading,
    Vocabulary,
    match_expression,
)
from app.codesets.icd_rank import Ranker, best_child
from app.codesets.icd_tables import common_codes, content, search_tables
from app.codesets.icd_terms import base_of
from app.codesets.words import stem, words
from app.db.codes_file import CodesFile
from app.domain.icd import IcdNode, bare

CANDIDATES = 250  # terms looked at for one reading; they come likeliest first
NODES = 48
HEADERS = 8
KNOWN = 400  # codes used before that are looked at
MOST_UNDER = 160  # codes of one category that are weighed
CHILDREN = 14  # codes shown of one category
FULL = 0.45  # a score from which an answer holds the words, if among many others


@dataclass(frozen=True, slots=True)
class Hit:
    """A code found. ``by``: the term it was found by, empty when its title or code did."""

    node: IcdNode
    score: float
    by: str = ""


class CodeSearch:
    """Searches one edition; holds its words in memory (a few MB) and reads the rest from disk."""

    def __init__(self, file: CodesFile) -> None:
        self.file = file
        tables = search_tables()
        self._words = Vocabulary(file.vocabulary())
        firsts = {phrase: codes[0] for phrase, codes in tables.codes.items()}
        wanted = sorted({k for c in firsts.values() for k in (c, c[:6], c[:6].rstrip("X"))})
        nodes = file.nodes(wanted)
        titles = {
            phrase: content(node.title)[:6]
            for phrase, code in firsts.items()
            if (node := base_of(code, nodes)) is not None
        }
        self._reader = QueryReader(self._words, tables, titles)

    def search(
        self,
        text: str,
        limit: int,
        *,
        favourites: frozenset[str] = frozenset(),
        past: frozenset[str] = frozenset(),
        wanted: Callable[[IcdNode], bool] = lambda _node: True,
    ) -> list[Hit]:
        """The codes meant by ``text``, likeliest first; codes without points.

        Args:
            text: as typed.
            limit: most codes answered.
            favourites: codes the practice uses.
            past: codes this patient had.
            wanted: false for a code that may not be shown.
        """
        ranker = Ranker(self._words, common_codes(), _bases(favourites), _bases(past))
        hits: dict[str, Hit] = {}
        if CODE_LIKE.fullmatch(text.strip()):
            for hit in self._by_code(bare(text), limit, ranker):
                hits[hit.node.key] = hit
        if len(hits) < limit and not (hits and "." in text):
            for hit in self._by_words(text, limit, ranker):
                hits.setdefault(hit.node.key, hit)
        best = sorted(hits.values(), key=lambda hit: -hit.score)
        return _first(best, limit, wanted)

    def _by_code(self, typed: str, limit: int, ranker: Ranker) -> list[Hit]:
        """Codes that begin so: the code itself, then known ones, then in the list's order."""
        nodes = self.file.beginning(typed, 1)
        if not nodes:
            return []
        known = [c for c in ranker.past | ranker.favourites if c.startswith(typed)]
        used = [n for n in self.file.nodes(known[:KNOWN]).values() if n.billable]
        found = [n for n in nodes if n.key == typed] + used + self.file.under(typed, limit + 20)
        found = list({node.key: node for node in found}.values())
        return [
            Hit(node, (10 if node.key == typed else 3) + ranker.known(node.key) - place / 1e4)
            for place, node in enumerate(found)
        ]

    def _by_words(self, text: str, limit: int, ranker: Ranker) -> list[Hit]:
        readings = self._reader.read(text)
        scored: dict[str, tuple[float, str]] = {}
        for reading in readings:
            self._look(reading, reading.required, ranker, scored)
        full = sum(score >= FULL for score, _ in scored.values())
        if full < limit:
            for reading in readings[:3]:
                for some in _fewer(reading.required):
                    self._look(reading, some, ranker, scored)
        if len(scored) < limit and readings:
            self._look_for_any(readings[-1], ranker, scored)
        self._look_at_known(readings, ranker, scored)
        return self._codes(scored, set(words(text)), ranker)

    def _look(
        self,
        reading: Reading,
        groups: Sequence[Group],
        ranker: Ranker,
        scored: dict[str, tuple[float, str]],
    ) -> None:
        expression = match_expression(groups)
        if not expression or any(not group.beginnings for group in groups):
            return
        for _, key, kind, said in self.file.terms(expression, CANDIDATES):
            _keep(scored, key, ranker.score(reading, key, kind, said), kind, said)

    def _look_for_any(
        self, reading: Reading, ranker: Ranker, scored: dict[str, tuple[float, str]]
    ) -> None:
        for group in sorted(reading.required, key=lambda g: -g.weight)[:3]:
            self._look(reading, [group], ranker, scored)

    def _look_at_known(
        self, readings: Iterable[Reading], ranker: Ranker, scored: dict[str, tuple[float, str]]
    ) -> None:
        """Codes used before are looked at even where the index stopped before reaching them."""
        keys = sorted((ranker.past | ranker.favourites) - scored.keys())
        if not keys:
            return
        rows = self.file.terms_of(keys[:KNOWN])
        for reading in readings:
            for _, key, kind, said in rows:
                held = set(said.split())
                if all(not held.isdisjoint(g.worth) for g in reading.required):
                    _keep(scored, key, ranker.score(reading, key, kind, said), kind, said)

    def _codes(
        self, scored: dict[str, tuple[float, str]], typed: set[str], ranker: Ranker
    ) -> list[Hit]:
        top = sorted(scored.items(), key=lambda item: -item[1][0])[:NODES]
        nodes = self.file.nodes([key for key, _ in top])
        headers = {child.parent for child in self.file.children(*nodes) if not child.base}
        hits: dict[str, Hit] = {}
        opened = 0
        for key, (score, by) in top:
            node = nodes.get(key)
            if node is not None and key not in headers:
                worth = score + ranker.prior(key, node.title) + ranker.known(key)
                _better(hits, Hit(node, worth + _side(node.title, typed), by))
            elif node is not None and opened < HEADERS:
                opened += 1
                self._open(node, score, by, typed, ranker, hits)
        return self._completed(sorted(hits.values(), key=lambda hit: -hit.score)[:NODES], typed)

    def _open(
        self,
        header: IcdNode,
        score: float,
        by: str,
        typed: set[str],
        ranker: Ranker,
        hits: dict[str, Hit],
    ) -> None:
        """A category answers with its codes, the unspecified one first."""
        under = {node.key: node for node in self.file.leaves(header.key, MOST_UNDER)}
        titles = {key: node.title for key, node in under.items()}
        for place, key in enumerate(best_child(titles, header.title)[:CHILDREN]):
            worth = score - 0.02 - 0.012 * place + ranker.known(key) + _side(titles[key], typed)
            common = 0.04 if key in ranker.common else 0.0
            _better(hits, Hit(under[key], worth + common, by))

    def _completed(self, hits: Sequence[Hit], typed: set[str]) -> list[Hit]:
        """The hits with a 7th character where one is wanted."""
        short = [hit.node.key for hit in hits if not hit.node.billable]
        made: dict[str, list[IcdNode]] = {}
        for node in self.file.children(*short) if short else ():
            made.setdefault(node.parent, []).append(node)
        return [
            hit if hit.node.billable else replace(hit, node=_extension(made[hit.node.key], typed))
            for hit in hits
            if hit.node.billable or hit.node.key in made
        ]


def _bases(codes: frozenset[str]) -> frozenset[str]:
    """Codes, and for those with a 7th character the node it was added to."""
    return codes | {code[:6].rstrip("X") for code in codes if len(code) == 7}


def _keep(
    scored: dict[str, tuple[float, str]], key: str, score: float, kind: str, said: str
) -> None:
    if score > scored.get(key, (0.0, ""))[0]:
        scored[key] = score, "" if kind == "t" else said


def _better(hits: dict[str, Hit], hit: Hit) -> None:
    if hit.node.key not in hits or hit.score > hits[hit.node.key].score:
        hits[hit.node.key] = hit


def _fewer(groups: Sequence[Group]) -> list[list[Group]]:
    """All words but one, the one that tells least left out first."""
    if len(groups) < 2:
        return []
    order = sorted(groups, key=lambda g: g.weight if g.beginnings else -1.0)
    return [[g for g in groups if g is not out] for out in order[:4]]


def _extension(made: Sequence[IcdNode], typed: set[str]) -> IcdNode:
    """The 7th character asked for; without a word of it, the first encounter, unspecified."""
    roots = {stem(word) for word in typed}

    def fit(node: IcdNode) -> float:
        said = _roots(node.extra)
        told = len(roots & said) + len(roots & said & _EPISODES)
        return told + 0.5 * ("unspecified" in said) + 0.4 * (_INITIAL in said)

    return max(made, key=fit)


_INITIAL = stem("initial")
_EPISODES = frozenset((stem("subsequent"), stem("sequela")))  # said for their own sake


@lru_cache(maxsize=512)
def _roots(extra: str) -> frozenset[str]:
    said = words(extra)
    return frozenset(stem(word) for word in said) | ({"unspecified"} & set(said))


def _side(title: str, typed: set[str]) -> float:
    """The side asked for comes first; a code of the other side hardly at all."""
    asked = next((side for side, said in _SIDES if not said.isdisjoint(typed)), "")
    if not asked:
        return 0.0
    plain = title.lower()
    if asked in plain:
        return 0.3
    return -0.1 if any(side in plain for side, _ in _SIDES) else 0.0


_SIDES = (
    ("bilateral", frozenset(("bilateral", "bilat", "bl", "both", "ou"))),
    ("right", frozenset(("right", "rt", "r", "rle", "rue", "od"))),
    ("left", frozenset(("left", "lt", "l", "lle", "lue", "os"))),
)


def _first(hits: Sequence[Hit], limit: int, wanted: Callable[[IcdNode], bool]) -> list[Hit]:
    found: list[Hit] = []
    for hit in hits:
        if len(found) == limit:
            break
        if wanted(hit.node):
            found.append(hit)
    return found
