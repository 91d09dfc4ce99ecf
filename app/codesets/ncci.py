"""NCCI procedure-to-procedure edits for practitioners: tab-separated text in four parts a quarter.

Columns: column 1 code, column 2 code, ``*`` if before 1996, effective and deletion day (YYYYMMDD,
``*`` none), modifier indicator (0 never, 1 with a modifier, 9 void), rationale. The headings stand
over several lines, so that rows are told by their codes. Rows that never held (9, or deleted before
they began) and those deleted long ago are read, counted, and left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from app.codesets.reading import CODE, Heard, day_of
from app.codesets.text_rows import Table
from app.domain.errors import Refused
from app.domain.reference import PAIR_DAY_ZERO, PairRow, code_number

PART = re.compile(r"[-_]f(\d)(?!\d)", re.IGNORECASE)
HOSPITAL = re.compile(r"ccioph|hospital|opps", re.IGNORECASE)
_NO_DAY = "*"
_NEVER = 9


def is_title(cells: tuple[str, ...]) -> bool:
    """True for the title that stands above the headings."""
    return bool(cells) and re.sub(r"\W", "", cells[0]).lower() == "column1column2edits"


def is_pair(cells: tuple[str, ...]) -> bool:
    """True for a row of data."""
    return (
        len(cells) >= 6
        and CODE.fullmatch(cells[0]) is not None
        and CODE.fullmatch(cells[1]) is not None
        and len(cells[3]) == 8
        and cells[5] in ("0", "1", "9")
    )


def part_of(name: str) -> int:
    """The part that a file's name tells; 0 when it tells none."""
    found = PART.findall(name)
    return int(found[-1]) if found else 0


def refuse_hospital(name: str) -> None:
    """Stops the hospital's edits, which look the same.

    Raises:
        Refused: ``not_practitioner``.
    """
    if HOSPITAL.search(name):
        raise Refused(
            "not_practitioner",
            f"{name.rsplit('/', 1)[-1]} holds the edits for hospitals. A practice wants the "
            "practitioner edits (ccipra).",
        )


def read(table: Table, heard: Heard, since: date | None = None) -> Iterator[PairRow | None]:
    """Pairs in the order of the file; None for a row that was read and is left out.

    Args:
        table: the file.
        heard: takes refused lines and the latest day.
        since: pairs deleted before this day are left out; None keeps all that ever held.

    Raises:
        Refused: what the row reader refuses.
    """
    days = _Days()
    floor = (since - PAIR_DAY_ZERO).days if since else None
    latest = -1
    for number, cells in table.rows():
        if not is_pair(cells):
            # Notices and headings stand above the first pair only.
            if latest >= 0:
                heard.refuse(number, cells, _why(cells))
            continue
        starts, ends = days.of(cells[3]), days.end(cells[4])
        if starts is None or ends == _BAD:
            heard.refuse(number, cells, "its dates cannot be read")
            continue
        latest = max(latest, starts)
        yield _pair(cells, starts, ends, floor)
    if latest >= 0:
        heard.begins(PAIR_DAY_ZERO + timedelta(days=latest))


_BAD = -1


def _pair(
    cells: tuple[str, ...], starts: int, ends: int | None, floor: int | None
) -> PairRow | None:
    indicator = int(cells[5])
    if indicator == _NEVER or (ends is not None and (ends <= starts or (floor or 0) > ends)):
        return None
    first, second = code_number(cells[0]), code_number(cells[1])
    assert first is not None and second is not None  # noqa: S101, PT018 - ``is_pair`` looked
    return PairRow(first, second, starts, ends, indicator)


class _Days:
    """Days as numbers; a file has a few hundred different ones in a million rows."""

    def __init__(self) -> None:
        self._known: dict[str, int | None] = {}

    def of(self, text: str) -> int | None:
        """A day's number; None when it is no day."""
        if text not in self._known:
            day = day_of(text)
            self._known[text] = max((day - PAIR_DAY_ZERO).days, 0) if day else None
        return self._known[text]

    def end(self, text: str) -> int | None:
        """A deletion day's number, None for none, ``_BAD`` when it is no day."""
        if text in (_NO_DAY, ""):
            return None
        found = self.of(text)
        return _BAD if found is None else found


def _why(cells: tuple[str, ...]) -> str:
    if len(cells) < 6:
        return "the line breaks off"
    if not all(CODE.fullmatch(code) for code in cells[:2]):
        return "it does not have two procedure codes"
    return "its dates or its modifier indicator cannot be read"
