"""The terms an edition is searched by, in the order in which they are likely to be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from app.codesets.icd_tables import SearchTables, common_codes
from app.codesets.words import words
from app.domain.icd import EditionRows, IcdNode, NoteKind

TITLE, INCLUSION, INDEX, OURS, ALSO = "t", "i", "x", "o", "p"
_IN_TERMS = (NoteKind.INCLUSION, NoteKind.INCLUDES)
_CODES_IN_TEXT = re.compile(r"\([A-Z][0-9A][^)]*\)")

# How far down a chapter stands when nothing in the query asks for it: external causes, pregnancy,
# newborns and birth defects are looked up by their own words.
_CHAPTER = {"V": 9, "W": 7, "X": 8, "Y": 9, "O": 4, "P": 4, "Q": 2, "T": 3, "S": 1, "Z": 1, "U": 1}
_RANK_OF = {TITLE: 0, OURS: 0, ALSO: 1, INCLUSION: 2, INDEX: 3}

TermRow = tuple[str, str, str]


def terms_of(rows: EditionRows, tables: SearchTables) -> list[TermRow]:
    """Rows of (key of the node, kind, folded words), likeliest first.

    A node that 7th characters were added to stands for the codes made of it.
    """
    nodes = {node.key: node for node in rows.nodes if node.is_code and not node.base}
    seen: dict[TermRow, int] = {}
    for node, kind, text in _terms(rows, nodes, tables):
        said = " ".join(words(text))
        row = (node.key, kind, said)
        if said and row not in seen:
            seen[row] = _place(node, kind, said)
    return sorted(seen, key=seen.__getitem__)


def _terms(
    rows: EditionRows, nodes: Mapping[str, IcdNode], tables: SearchTables
) -> Iterator[tuple[IcdNode, str, str]]:
    for node in nodes.values():
        yield node, TITLE, node.title
        for note in node.notes:
            if note.kind in _IN_TERMS:
                yield node, INCLUSION, _CODES_IN_TEXT.sub(" ", note.text)
    for typed, codes in tables.codes.items():
        for place, code in enumerate(codes):
            if (found := base_of(code, nodes)) is not None:
                yield found, ALSO if place else OURS, " ".join(typed)
    for term, code in rows.index:
        if (found := base_of(code, nodes)) is not None:
            yield found, INDEX, term


def base_of(code: str, nodes: Mapping[str, IcdNode]) -> IcdNode | None:
    """The node that a code stands under in the list of terms; None when there is none."""
    node = nodes.get(code)
    if node is None and len(code) == 7:
        node = nodes.get(code[:6]) or nodes.get(code[:6].rstrip("X"))
    return node


def _place(node: IcdNode, kind: str, said: str) -> int:
    """Small is early: short, common, unspecified, of a chapter that is often meant."""
    title = node.title.lower()
    place = 4 * said.count(" ") + 4 * _CHAPTER.get(node.key[0], 0) + 2 * _RANK_OF[kind]
    if node.key in common_codes():
        place -= 14
    if "unspecified" in title:
        place -= 5
    elif title.startswith("other "):
        place += 4
    return place
