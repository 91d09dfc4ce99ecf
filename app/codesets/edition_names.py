"""Which edition a file is of: what its name, its content and the user say, brought together."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from app.codesets.reading import Heard
from app.domain.errors import Refused
from app.domain.reference import FileKind, Span, calendar_year, fiscal, quarter

_MONTHS = {"jan": 1, "apr": 2, "jul": 3, "oct": 4}
_MONTH = r"(jan|apr|jul|oct)[a-z]*"
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_VERSION_YEAR = 1994  # NCCI's version 32 is 2026

QUARTERLY = (FileKind.HCPCS, FileKind.NCCI, FileKind.MUE, FileKind.RVU)


def _version(found: re.Match[str]) -> Span:
    return quarter(_VERSION_YEAR + int(found[1]), int(found[2]) + 1)


def _numbered(found: re.Match[str]) -> Span:
    return quarter(int(found[1]), int(found[2]))


def _named(found: re.Match[str]) -> Span:
    year, month = (found[1], found[2]) if found[1].isdigit() else (found[2], found[1])
    return quarter(int(year), _MONTHS[month[:3].lower()])


def _effective(found: re.Match[str]) -> Span:
    return quarter(int(found[3]), (int(found[1]) + 2) // 3)


def _lettered(found: re.Match[str]) -> Span:
    return quarter(2000 + int(found[1]), "abcd".index(found[2].lower()) + 1)


_NAMES: tuple[tuple[str, Callable[[re.Match[str]], Span]], ...] = (
    (r"(?<![a-z0-9])v([23]\d)([0-3])(?:r\d+)?(?!\d)", _version),
    (r"(20\d\d)[-_ ]?q([1-4])(?!\d)", _numbered),
    (r"eff[-_ ](0[1-9]|1[0-2])-([0-3]\d)-(20\d\d)", _effective),
    (rf"(20\d\d)[-_ ]?{_MONTH}", _named),
    (rf"(?<![a-z]){_MONTH}[-_ ]?(20\d\d)", _named),
    (r"(?<![a-z])rvu(\d\d)([a-d])", _lettered),
)


def quarter_in(text: str) -> Span | None:
    """The quarter that a file's name (or the user) tells; None when it tells none."""
    for pattern, span in _NAMES:
        if found := re.search(pattern, text, re.IGNORECASE):
            return span(found)
    return None


def year_in(text: str) -> int | None:
    """The year that a text tells, as four digits."""
    found = re.findall(r"(?<!\d)(20\d\d)(?!\d)", text)
    return int(found[-1]) if found else None


def edition_of(kind: FileKind, name: str, asked: str | None) -> Span | None:
    """The edition by the user's word or the file's name, without its content.

    Args:
        kind: of the file.
        name: of the file, with the zips it lies in.
        asked: what the user typed: ``2026Q3``, ``2026``, ``FY2027``, ``25.1``, or words.

    Raises:
        Refused: ``wrong_year`` when both tell and differ; ``bad_edition`` when what she typed is
            no edition of this kind.
    """
    told = _told(kind, name)
    if asked is None or not asked.strip():
        return told
    wanted = _told(kind, asked.strip(), typed=True)
    if wanted is None:
        raise Refused("bad_edition", f"“{asked}” names no edition. {ask(kind)}")
    if told is not None and kind in _DATED and told.name != wanted.name:
        raise Refused(
            "wrong_year",
            f"The file is named as of {told.name}, and {wanted.name} was asked for. Choose the "
            "other file, or correct the edition.",
        )
    return wanted


_DATED = (*QUARTERLY, FileKind.GPCI, FileKind.AGES, FileKind.ICD_CHANGES)


def _told(kind: FileKind, name: str, *, typed: bool = False) -> Span | None:
    own = name.rsplit("/", 1)[-1]
    for text in (own, name):
        if found := _TELL.get(kind, _free)(text, typed):
            return found
    return None


def _by_quarter(text: str, _: bool) -> Span | None:
    return quarter_in(text)


def _by_year(text: str, _: bool) -> Span | None:
    year = year_in(text)
    return calendar_year(year) if year else None


def _by_fiscal_year(text: str, typed: bool) -> Span | None:
    found = re.search(r"fy[-_ ]?(20\d\d)", text, re.IGNORECASE)
    year = int(found[1]) if found else (year_in(text) if typed else None)
    return fiscal(year) if year else None


def _sexes(text: str, _: bool) -> Span | None:
    if found := re.search(r"(20\d\d)-(\d\d)-(\d\d)", text):
        try:
            end = date(*map(int, found.groups()))
        except ValueError:
            return None
        return Span(f"before {end:%Y-%m-%d}", None, date.fromordinal(end.toordinal() - 1))
    return _by_fiscal_year(text, _)


def _taxonomy(text: str, _: bool) -> Span | None:
    """Version 25.1 is the second of 2025: released July 1, in use from October 1 (NUCC)."""
    found = re.search(r"(?<!\d)(\d\d)\.?([01])(?!\d)", text)
    if found is None:
        return None
    year, second = 2000 + int(found[1]), found[2] == "1"
    return Span(f"{found[1]}.{found[2]}", date(year, 10 if second else 4, 1))


def _free(text: str, _: bool) -> Span | None:
    """A name of its own: a clearinghouse's list is known by whose it is."""
    words = re.sub(r"\.(csv|txt|xlsx|tsv|zip|sample)\b", "", text, flags=re.IGNORECASE)
    words = re.sub(r"payers?[-_ ]?list|payers?\b", "", words, flags=re.IGNORECASE)
    plain = " ".join(re.findall(r"[A-Za-z0-9]+", words))
    return Span("payer list" if not plain or plain.isdecimal() else plain[:40])


_TELL: dict[FileKind, Callable[[str, bool], Span | None]] = {
    **dict.fromkeys(QUARTERLY, _by_quarter),
    FileKind.GPCI: _by_year,
    FileKind.AGES: _by_fiscal_year,
    FileKind.ICD_CHANGES: _by_fiscal_year,
    FileKind.SEXES: _sexes,
    FileKind.TAXONOMY: _taxonomy,
    FileKind.PLACES: lambda _text, _typed: Span("places"),
}


def settled(kind: FileKind, told: Span | None, heard: Heard) -> Span:
    """The edition once the whole file was read.

    Raises:
        Refused: ``quarter_unknown``, ``year_unknown`` when nothing tells it; ``wrong_year`` when
            the content does not fit what the name or the user said.
    """
    span = told or _by_content(kind, heard)
    if span is None:
        code = "quarter_unknown" if kind in QUARTERLY else "year_unknown"
        raise Refused(code, f"The file does not say of which edition it is. {ask(kind)}")
    _refuse_other_year(kind, span, heard)
    return span


def _by_content(kind: FileKind, heard: Heard) -> Span | None:
    if kind is FileKind.RVU and heard.year and heard.quarter:
        return quarter(heard.year, heard.quarter)
    if kind is FileKind.GPCI and heard.year:
        return calendar_year(heard.year)
    if kind is FileKind.TAXONOMY:
        return Span("undated")
    return None


def _refuse_other_year(kind: FileKind, span: Span, heard: Heard) -> None:
    told = ""
    if heard.latest and span.ends and heard.latest > span.ends:
        told = f"it holds codes from {heard.latest:%m/%d/%Y} on"
    elif heard.year and span.starts:
        told = _other_year(kind, span.starts, heard.year, heard.quarter)
    if told:
        raise Refused(
            "wrong_year", f"This is not the edition {span.name}: {told}. Nothing was imported."
        )


def _other_year(kind: FileKind, starts: date, year: int, release: int | None) -> str:
    """What in the content does not fit, as the end of a sentence."""
    if kind is FileKind.MUE:
        # The notice's copyright is of the year, or still of the year before.
        return "" if starts.year - year in (0, 1) else f"its notice is of {year}"
    same = starts.year == year and release in (None, (starts.month + 2) // 3)
    inside = quarter(year, release).name if release else str(year)
    return "" if same else f"it says itself that it is of {inside}"


def ask(kind: FileKind) -> str:
    """What to type for an edition of this kind."""
    if kind in QUARTERLY:
        return "Enter the quarter it is for, like 2026Q3."
    if kind in (FileKind.AGES, FileKind.ICD_CHANGES, FileKind.ICD):
        return "Enter the fiscal year it is for, like FY2027."
    if kind is FileKind.SEXES:
        return "Enter the day on which it ended, like 2024-10-01."
    return "Enter the year it is for, like 2026."
