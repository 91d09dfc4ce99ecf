"""What Setup's code sets need, the columns of their lists, and words that several of them share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from app.domain.dates import format_date
from app.domain.reference import FileKind, RefusedLine
from app.services.code_change_rows import CodeChange, Place, Touched, What
from app.services.code_changes import CodeChangeService
from app.services.code_file_rows import CodeTableRow, TableState
from app.services.code_files import CodeFileService
from app.ui.jobs import Jobs
from app.ui.page import Go
from app.ui.pages.patients_figures import Width
from app.ui.tables import Column

AMA_NOTICE = (
    "CPT © American Medical Association. All rights reserved. Descriptors were imported by the "
    "practice, which states that it holds a licence; they stay on this computer."
)
_PILLS = {
    TableState.MISSING: ("Missing", "bad"),
    TableState.OLD: ("Old", "warn"),
    TableState.PART: ("Not whole", "warn"),
    TableState.CURRENT: ("Current", "ok"),
    TableState.COMING: ("Coming", "neutral"),
    TableState.EARLIER: ("Earlier", "neutral"),
}
_STATES = tuple(_PILLS)
_BAD = (What.DEAD, What.CATEGORY)
_WARN = (What.PAIR, What.LIMIT, What.STATUS)
_WHATS = tuple(What)


@dataclass(frozen=True, slots=True)
class CodesRoom:
    """What the section needs; handed to Setup as one."""

    files: CodeFileService
    changes: CodeChangeService
    jobs: Jobs
    today: Callable[[], date]


def table_columns() -> tuple[Column[CodeTableRow], ...]:
    """Of the list of tables."""
    return (
        Column("title", "Table", lambda r: r.title, width=0, tooltip=lambda r: r.where),
        Column(
            "state",
            "",
            lambda _: "",
            lambda r: _STATES.index(r.state),
            width=104,
            pill=lambda r: _PILLS[r.state],
            tooltip=lambda r: r.advice,
        ),
        Column("edition", "Edition", lambda r: r.edition, width=104, tooltip=lambda r: r.edition),
        _day("starts", "From", lambda r: r.starts),
        _day("ends", "To", lambda r: r.ends),
        Column(
            "rows",
            "Rows",
            lambda r: f"{r.rows:,}" if r.rows else "",
            lambda r: r.rows,
            numeric=True,
            width=92,
        ),
        Column(
            "sleeping",
            "Edits asleep",
            lambda r: " ".join(r.sleeping),
            lambda r: len(r.sleeping),
            width=168,
            look=lambda _: "warn",
            tooltip=lambda r: " ".join(r.sleeping),
        ),
    )


TABLE_WIDTHS = (
    Width("sleeping", 760),
    Width("starts", 640),
    Width("rows", 520),
    Width("ends", 600),
)


def _day(key: str, title: str, day: Callable[[CodeTableRow], date | None]) -> Column[CodeTableRow]:
    return Column(
        key,
        title,
        lambda r: format_date(day(r)),
        lambda r: day(r) or date.min,
        width=100,
        muted=True,
    )


def table_words(row: CodeTableRow) -> tuple[str, ...]:
    """The row told in full: its state, where it is to be had, what waits for it."""
    words = [row.advice, f"Where to get it: {row.where}."]
    if row.sleeping:
        words.append(f"Claim edits that stay silent for want of it: {', '.join(row.sleeping)}.")
    elif row.edits:
        words.append(f"Claim edits that ask it: {', '.join(row.edits)}.")
    if row.removable and row.source:
        words.append(f"From: {row.source.removeprefix('imported: ')}.")
    if row.kind is FileKind.RVU and row.edition:
        words.append(AMA_NOTICE)
    return tuple(word for word in words if word)


def line_columns() -> tuple[Column[RefusedLine], ...]:
    """Of the lines of a file that were not taken."""
    return (
        Column("number", "Line", lambda r: str(r.number or ""), lambda r: r.number, True, 72),
        Column("why", "Why it was not taken", lambda r: r.why, width=0, tooltip=lambda r: r.why),
        Column("text", "Text", lambda r: r.text, width=240, muted=True, tooltip=lambda r: r.text),
    )


# --- what changes -------------------------------------------------------------------------------
def change_columns() -> tuple[Column[CodeChange], ...]:
    """Of the list of changes."""
    return (
        Column("codes", "Code", lambda r: " + ".join(r.codes), width=128),
        Column(
            "what",
            "",
            lambda _: "",
            lambda r: _WHATS.index(r.what),
            width=148,
            pill=lambda r: (r.what.value, _role(r.what)),
        ),
        Column(
            "says",
            "What happens",
            lambda r: r.says,
            width=0,
            tooltip=lambda r: r.says,
        ),
        _number("open", "Open", lambda r: len(r.open)),
        _number("uses", "Used", lambda r: r.uses),
        Column(
            "last",
            "Last",
            lambda r: format_date(r.last_used),
            lambda r: r.last_used or date.min,
            width=100,
            muted=True,
        ),
    )


CHANGE_WIDTHS = (Width("last", 720), Width("uses", 600))


def _number(key: str, title: str, count: Callable[[CodeChange], int]) -> Column[CodeChange]:
    return Column(key, title, lambda r: str(count(r) or ""), count, numeric=True, width=64)


def _role(what: What) -> str:
    return "bad" if what in _BAD else "warn" if what in _WARN else "neutral"


def touched_columns() -> tuple[Column[Touched], ...]:
    """Of the places of one code."""
    return (
        Column("place", "Where it stands", lambda r: r.place.value, width=140),
        Column("title", "", lambda r: r.title, width=0, look=lambda _: "bold"),
        Column("detail", "", lambda r: r.detail, width=220, muted=True, tooltip=lambda r: r.detail),
        Column(
            "day", "Service", lambda r: format_date(r.day), lambda r: r.day or date.max, width=100
        ),
    )


TOUCHED_WIDTHS = (Width("detail", 560),)


def jump_of(touched: Touched) -> Go:
    """Where a place is worked on."""
    if touched.place is Place.ENCOUNTER:
        return Go("encounters", touched.key)
    if touched.place is Place.CLAIM:
        return Go("claims", touched.key)
    if touched.place is Place.CHARGE:
        return Go("setup", ("procedures", touched.key, "code"))
    if touched.place is Place.FAVOURITE:
        return Go("setup", ("favourites", touched.key, "name"))
    return Go("encounters", ("show", "recurring"))


def instead_words(change: CodeChange) -> str:
    """What to use in place of a code; empty when nothing is known."""
    if not change.instead:
        return ""
    codes = "; ".join(f"{new.code} {new.title}".strip() for new in change.instead)
    return f"Use instead: {codes}."
