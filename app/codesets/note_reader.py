"""Reads a chart note for diagnoses: what is said of the patient, now, without doubt.

Pure: text and a lexicon in, terms with their places out. It would rather miss a term than offer a
wrong one: what is denied, suspected, in the family or in the past is passed over.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.codesets import _note_words as said
from app.codesets.note_context import Clause, Word, announced, silenced
from app.codesets.words import STOP, fold, stem

LONGEST = 7  # words of the lexicon's longest term that are compared
MOST_TEXT = 20_000  # characters of a note that are read
_WORD = re.compile(r"[^\W_]+(?:['’][sS]\b)?")
_BREAK = re.compile(r"[\n;!]+|\.(?=\s|$)|\?")
_CODE = re.compile(r"(?<![\w.])[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4}|[0-9A-Z]{1,4})?(?![\w]|\.\d)")
_PROCEDURE = re.compile(r"(?<![\w.$#-])(?:\d{4}[0-9FTUAM]|[A-V]\d{4})(?![\w]|[.,/-]\d)")
_NUMBER_LIKE = re.compile(r"[A-V]\d{4}")  # an HCPCS code, unless written with a point
Key = frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """A term found in a clause.

    Attributes:
        kind: ``term``, ``icd`` or ``procedure``.
        meaning: what the lexicon says of it; the code itself where one was written.
        start, end: characters from the clause's beginning.
        side: right, left, bilateral or empty.
        near: roots of the words it stands among, for telling one site from another.
    """

    kind: str
    meaning: str
    start: int
    end: int
    side: str = ""
    near: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Terms that may be taken at their word: roots of the words, in any order → code.

    ``opened``: an abbreviation → the words it stands for.
    """

    terms: Mapping[Key, str]
    opened: Mapping[str, tuple[str, ...]]


def root(word: str) -> str:
    """What words of one family share; a number or a short word is its own."""
    return stem(word)


def key_of(term: Sequence[str]) -> Key:
    """The key of a term in the lexicon: roots of the words that tell something."""
    return frozenset(root(w) for w in term if w not in said.FILLERS and w not in said.SIDES)


def may_stand_alone(term: Sequence[str], *, abbreviation: bool) -> bool:
    """Whether a term of our tables may be taken at its word in running text."""
    if abbreviation:
        return tuple(term) in said.SAFE
    if len(term) == 1:
        return len(term[0]) > 3 and (term[0] not in said.DOUBTFUL or term[0] in said.COMPLAINTS)
    return not set(term) <= STOP


# --- clauses ----------------------------------------------------------------------------------
def clauses(text: str) -> list[Clause]:
    """The note in sentences and lines, each with the section it stands in."""
    found: list[Clause] = []
    section = ""
    for start, part in _parts(text[:MOST_TEXT]):
        heading, rest = _heading(part)
        if heading is not None:
            section = heading
        elif not part.strip() and "\n\n" in text[start - 2 : start + len(part) + 2]:
            section = ""
        body = part[rest:]
        if body.strip():
            found.append(Clause(body, start + rest, section))
    return found


def _parts(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for mark in _BREAK.finditer(text):
        # A question mark stays with its words: it says that they are not certain.
        end = mark.end() if mark.group() == "?" else mark.start()
        yield at, text[at:end]
        if mark.group().count("\n") > 1:
            yield mark.end(), ""
        at = mark.end()
    yield at, text[at:]


def _heading(part: str) -> tuple[str | None, int]:
    """The section that ``Family history: …`` begins, and where its text starts."""
    head, colon, _ = part.partition(":")
    if not colon or len(head) > 40:
        return None, 0
    name = tuple(fold(w.group()) for w in _WORD.finditer(head))
    if name in said.HEADINGS:
        return said.HEADINGS[name], len(head) + 1
    return None, 0


# --- terms of a clause ------------------------------------------------------------------------
def read_clause(clause: Clause, lexicon: Lexicon, procedures: frozenset[str]) -> list[Found]:
    """What a clause says of the patient, in its order; nothing in a section about others."""
    if clause.section in ("family", "allergies", "past", "plan"):
        return []
    words = [Word(fold(m.group()), m.start(), m.end()) for m in _WORD.finditer(clause.text)]
    silent = silenced(words, clause)
    codes = [f for f in _codes(clause.text, procedures) if not _hit(words, f, silent)]
    return sorted([*codes, *_terms(words, clause, lexicon, silent)], key=lambda f: f.start)


def _codes(text: str, procedures: frozenset[str]) -> Iterator[Found]:
    for match in _PROCEDURE.finditer(text):
        if match.group() in procedures:
            yield Found("procedure", match.group(), match.start(), match.end())
    for match in _CODE.finditer(text):
        written = match.group()
        if "." in written or not (_NUMBER_LIKE.fullmatch(written) or written in procedures):
            yield Found("icd", written, match.start(), match.end())


def _hit(words: Sequence[Word], found: Found, silent: Sequence[bool]) -> bool:
    starts = [word.start for word in words]
    return silent[max(0, bisect_right(starts, found.start) - 1)] if words else False


def _terms(
    words: Sequence[Word], clause: Clause, lexicon: Lexicon, silent: Sequence[bool]
) -> Iterator[Found]:
    at = 0
    told = announced(words)
    while at < len(words):
        best = _longest(words, at, clause.text, lexicon)
        if best is None:
            at += 1
            continue
        last, code = best
        alone = last == at and words[at].text in said.DOUBTFUL and clause.section != "visit"
        taken = not any(silent[at : last + 1]) or _owns_history(words[at : last + 1], silent, at)
        if taken and (not alone or told[at]):
            yield _with_side(words, at, last, code, clause.text)
        at = last + 1


def _owns_history(term: Sequence[Word], silent: Sequence[bool], at: int) -> bool:
    """Whether the term says itself that it is past ("history of heart attack" has its code)."""
    first = term[0].text
    return (
        first in ("history", "hx", "personal", "status", "long", "former", "old") and not silent[at]
    )


def _longest(words: Sequence[Word], at: int, text: str, lexicon: Lexicon) -> tuple[int, str] | None:
    """The longest term that begins at ``at``: its last word, and its code."""
    if words[at].text in said.FILLERS or words[at].text in said.SIDES:
        return None
    roots: set[str] = set()
    best: tuple[int, str] | None = None
    count = 0
    for here in range(at, min(at + LONGEST + 4, len(words))):
        word = words[here].text
        if here > at and not _joined(text[words[here - 1].end : words[here].start]):
            break
        if word in said.FILLERS or word in said.SIDES:
            continue
        count += 1
        if count > LONGEST:
            break
        roots.update(root(w) for w in lexicon.opened.get(word, (word,)))
        code = lexicon.terms.get(frozenset(roots))
        if code is None and count == 1:  # the abbreviation itself is listed
            code = lexicon.terms.get(frozenset((root(word),)))
        best = best if code is None else (here, code)
    return best


def _joined(between: str) -> bool:
    """True where nothing but blanks, a hyphen or a slash parts two words."""
    return not between.strip(" \t-/'’()")


def _with_side(words: Sequence[Word], at: int, last: int, code: str, text: str) -> Found:
    """The term with the side said inside it or right beside it."""
    side = next((said.SIDES[w.text] for w in words[at : last + 1] if w.text in said.SIDES), "")
    first, end = at, last
    if not side and at and words[at - 1].text in said.SIDES and _near(text, words, at - 1):
        first, side = at - 1, said.SIDES[words[at - 1].text]
    elif not side:
        end, side = _side_after(words, last, text)
    if first and words[first - 1].text == "type":
        first -= 1
    around = words[max(0, first - 3) : end + 4]
    near = {root(more) for w in around for more in (w.text, *said.SITE_WORDS.get(w.text, ()))}
    return Found("term", code, words[first].start, words[end].end, side, frozenset(near))


def _side_after(words: Sequence[Word], last: int, text: str) -> tuple[int, str]:
    """The side said after a term, perhaps with the site between; the term's end without one."""
    here = last
    while here + 1 < len(words) and here - last < 4 and _near(text, words, here):
        here += 1
        word = words[here].text
        if word in said.SIDES and (len(word) > 1 or text[words[here].start].isupper()):
            return here, said.SIDES[word]
        if word not in said.SITES and word not in said.FILLERS:
            break
    return last, ""


def _near(text: str, words: Sequence[Word], at: int) -> bool:
    return not text[words[at].end : words[at + 1].start].strip(" \t,-(/")


def belongs_to(symptom: str, disease: str) -> bool:
    """True when a sign or symptom is part of a disease, both codes without points."""
    return any(
        symptom.startswith(sign) and disease.startswith(causes) and symptom != disease
        for sign, causes in said.BELONGS
    )
