"""Inner functions: the terms a note is read with, and the code a term means on a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.codesets.icd_tables import common_codes, search_tables
from app.codesets.note_reader import LONGEST, Key, Lexicon, key_of, may_stand_alone
from app.codesets.words import STOP, stem, words
from app.domain.icd import CodeStanding, Standing, bare, dotted
from app.services.codesets import CodeSetService

STRIDE = 6  # terms taken in one step: some milliseconds
Titled = tuple[str, str]  # a code with its point, its title
_SIDED = ("right", "left", "bilateral")
# External causes, and reasons for a visit, are looked up, never read out of a note.
_CHAPTERS_NEVER_OFFERED = "VWXYZ"


def build(codesets: CodeSetService, on: date) -> Iterator[Lexicon]:
    """The lexicon, growing; what is yielded last is whole.

    Our own tables first; then the titles of codes that an office reports every week.
    """
    tables = search_tables()
    terms: dict[Key, str] = {}
    opened = {
        short[0]: tables.phrases[short][0]
        for short in tables.abbreviations
        if len(short) == 1 and short in tables.phrases and may_stand_alone(short, abbreviation=True)
    }
    lexicon = Lexicon(terms, opened)
    for number, (phrase, codes) in enumerate(tables.codes.items()):
        if codes[0][0] in _CHAPTERS_NEVER_OFFERED:
            continue
        if may_stand_alone(phrase, abbreviation=phrase in tables.abbreviations):
            _take(terms, phrase, codes[0])
        if number % (STRIDE * 60) == 0:
            yield lexicon
    for number, (code, title) in enumerate(_everyday(codesets, on)):
        _take_title(terms, code, title)
        if number % STRIDE == 0:
            yield lexicon
    yield lexicon


def _everyday(codesets: CodeSetService, on: date) -> Iterator[Titled]:
    """Codes an office reports every week, and then what else their categories hold."""
    known = sorted(c for c in common_codes() if c[0] not in _CHAPTERS_NEVER_OFFERED)
    for code in known:
        yield code, codesets.judge(code, on).title
    for category in sorted({code[:3] for code in known}):
        yield from _under(codesets, category, on)


def _under(codesets: CodeSetService, header: str, on: date) -> Iterator[Titled]:
    """Every billable code below a heading, without those that differ by a 7th character only."""
    for row in codesets.children(header, on):
        if row.billable:
            yield row.code, row.title
        elif len(bare(row.code)) < 6:
            yield from _under(codesets, row.code, on)


def _take_title(terms: dict[Key, str], code: str, title: str) -> None:
    plain = title.lower()
    if not title or title.startswith("Other ") or " other " in plain or len(bare(code)) == 7:
        return
    if any(side in plain for side in _SIDED):
        return
    said = [w for w in words(title) if w not in STOP]
    if len(said) >= 2 or (said and may_stand_alone(said, abbreviation=False)):
        _take(terms, said, code)


def _take(terms: dict[Key, str], phrase: tuple[str, ...] | list[str], code: str) -> None:
    key = key_of(phrase)
    if key and len(key) <= LONGEST:
        terms.setdefault(key, code)


def resolve(
    codesets: CodeSetService, code: str, side: str, near: frozenset[str], on: date
) -> CodeStanding | None:
    """The billable code that a term means on a day, on the side said; None when there is none.

    ``near``: roots of the words around it; a code that says more than they do is not meant.
    """
    standing = codesets.judge(code, on)
    title = standing.title.lower()
    if side and not any(word in title for word in _SIDED):
        sided = _with_side(codesets, standing, code, side, near, on)
        if sided is not None:
            return sided
    if standing.billable:
        return standing
    for other in standing.replacements[:1]:
        found = codesets.judge(other, on)
        return found if found.billable else None
    return None


def _with_side(
    codesets: CodeSetService,
    standing: CodeStanding,
    code: str,
    side: str,
    near: frozenset[str],
    on: date,
) -> CodeStanding | None:
    """Among the codes beside it, the one that says the same of the side asked for."""
    said = _telling(standing.title)
    best: tuple[int, bool, str] | None = None
    for header in _headers(code, billable=standing.billable):
        for other, full in _sided(codesets, header, on):
            if len(bare(code)) == 7 and other[-1] != code[-1]:
                continue  # another episode of care
            title, told = full.lower(), _telling(full)
            if side not in title or not _only(side, title):
                continue
            if not said <= told or not told - said <= near:
                continue
            fit = len(told - said), "primary" not in title, other
            if best is None or fit < best:
                best = fit
        if best is not None:
            return codesets.judge(best[2], on)
    return None


def _sided(codesets: CodeSetService, header: str, on: date) -> Iterator[Titled]:
    standing = codesets.judge(header, on)
    if len(header) == 3 and standing.why is Standing.HEADER:
        yield from _under(codesets, header, on)
    else:
        for code in standing.replacements:
            yield code, codesets.judge(code, on).title


def _headers(code: str, *, billable: bool) -> Iterator[str]:
    if not billable:
        yield dotted(code)
    base = code[:6].rstrip("X") if len(code) == 7 else code
    for length in range(len(base) - 1, 2, -1):
        yield dotted(base[:length])


def _only(side: str, title: str) -> bool:
    return not any(other in title for other in _SIDED if other != side)


def _telling(title: str) -> frozenset[str]:
    passed = STOP | {"unilateral", "primary", "initial", "side", *_SIDED}
    return frozenset(stem(word) for word in words(title) if word not in passed)
