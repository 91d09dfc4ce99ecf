"""Inner functions: prices from a file into a schedule. The plan says what the import does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.findings import Finding
from app.models.fees import Fee, FeeSchedule
from app.models.visits import Procedure
from app.services import _fee_prices, _fee_rows
from app.services._fee_file import CellReader, row_of
from app.services.fee_commands import Fate, Field, ImportFees, ImportPlan, ImportRow

_DAY = timedelta(days=1)
_Key = tuple[str, str]


def plan(session: Session, command: ImportFees, today: date) -> ImportPlan:
    """What each row would do, in the order of the file; nothing is changed.

    Raises:
        Invalid: no column is the code's, or the fee's, or one is two things.
        NotFound: the schedule is gone.
    """
    return _in_file_order(_judged(session, command, today))


@dataclass(frozen=True, slots=True)
class _Judged:
    """A row with its fate; ``prices``: it brings a price, not just wording or units."""

    row: ImportRow
    prices: bool


def _in_file_order(judged: Iterable[_Judged]) -> ImportPlan:
    return ImportPlan(tuple(sorted((j.row for j in judged), key=lambda row: row.line)))


def _judged(session: Session, command: ImportFees, today: date) -> list[_Judged]:
    """The rows with their fates, in the order in which they are kept: older days first."""
    columns = dict(command.columns)
    missing = [f for f in (Field.CODE, Field.FEE) if f not in columns]
    found = [Finding(str(f), f"Say which column holds the {f}.") for f in missing]
    if len(set(columns.values())) < len(columns):
        found.append(Finding("columns", "A column can only be one thing."))
    if found:
        raise Invalid(found)
    judge = _Judge.of(session, command.schedule_id)
    read = []
    for line, cells in command.file.rows:
        reader = CellReader(columns, cells)
        read.append((row_of(reader, line, command.starts, today), reader.wrong))
    read.sort(key=lambda pair: (pair[0].starts or date.min, pair[0].line))
    return [judge.fate(row, wrong) for row, wrong in read]


@dataclass(slots=True)
class _Span:
    """A price and its days, as they will be while the file is read on."""

    cents: int
    starts: date | None
    ends: date | None

    def holds(self, on: date | None) -> bool:
        """True when it covers the day; None is before all days."""
        early = self.starts is None or (on is not None and self.starts <= on)
        return early and (self.ends is None or on is None or on <= self.ends)

    def covers(self, row: ImportRow) -> bool:
        """True when the row asks for nothing that does not hold already."""
        whole = self.ends is None or (row.ends is not None and row.ends <= self.ends)
        return self.cents == row.cents and self.holds(row.starts) and whole


@dataclass(slots=True)
class _Judge:
    """What stands in the schedule, and will while the file is read: no query for a row."""

    usual: bool
    listed: dict[_Key, tuple[str, str]]  # wording and units of the charge list
    spans: dict[_Key, list[_Span]]
    seen: dict[tuple[str, str, date | None], int] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, schedule_id: int) -> _Judge:
        schedule = session.get(FeeSchedule, schedule_id)
        if schedule is None:
            raise NotFound("This fee schedule is no longer there. Refresh the list.")
        spans: dict[_Key, list[_Span]] = {}
        query = select(Fee).where(Fee.schedule_id == schedule_id).order_by(Fee.starts)
        for fee in session.scalars(query):
            span = _Span(fee.cents, fee.starts, fee.ends)
            spans.setdefault((fee.code, fee.modifiers), []).append(span)
        listed: dict[_Key, tuple[str, str]] = {}
        for key, row in (_fee_rows.listed(session) if schedule.usual else {}).items():
            listed[key] = row.wording or "", row.units or "1"
            _add_plain(spans.setdefault(key, []), row.charge_cents)
        return cls(schedule.usual, listed, spans)

    def fate(self, row: ImportRow, wrong: list[str]) -> _Judged:
        """The row with its fate, and the reason when it is refused."""
        key = (row.code, row.modifiers, row.starts)
        if not wrong and key in self.seen:
            wrong.append(f"The same code stands in line {self.seen[key]} already.")
        if wrong:
            why = " ".join(dict.fromkeys(wrong))
            return _Judged(replace(row, fate=Fate.REFUSED, why=why), prices=False)
        self.seen[key] = row.line
        priced = self._priced(row)
        prices = priced.fate in (Fate.NEW, Fate.CHANGED)
        return _Judged(self._worded(priced), prices)

    def _priced(self, row: ImportRow) -> ImportRow:
        spans = self.spans.setdefault((row.code, row.modifiers), [])
        twin = _twin(spans, row)
        before = twin or next((s for s in spans if s.holds(row.starts)), None)
        told = replace(row, before=before.cents if before else None)
        if before is not None and before.covers(row):
            return replace(told, fate=Fate.SAME)
        if twin is not None and twin.cents == row.cents:
            return replace(told, fate=Fate.SAME, ends=twin.ends)
        why = _in_the_way(spans, row, twin)
        if why:
            return replace(row, fate=Fate.REFUSED, why=why)
        if twin is not None:
            twin.cents = row.cents or 0
        else:
            self._put(spans, row)
        fate = Fate.NEW if before is None else Fate.CHANGED
        return replace(told, fate=fate, ends=twin.ends if twin else row.ends)

    def _put(self, spans: list[_Span], row: ImportRow) -> None:
        for span in spans:
            if row.starts and span.holds(row.starts):
                span.ends = row.starts - _DAY
        spans.append(_Span(row.cents or 0, row.starts, row.ends))
        if self.usual and (row.code, row.modifiers) not in self.listed:
            _add_plain(spans, row.cents or 0)

    def _worded(self, row: ImportRow) -> ImportRow:
        """A row of the charge list may change its wording or units, too."""
        key = row.code, row.modifiers
        if not self.usual or row.fate is Fate.REFUSED:
            return row
        known = self.listed.get(key)
        wording, units = known or ("", "1")
        self.listed[key] = row.wording or wording, row.units or units
        if row.fate is not Fate.SAME or known is None or self.listed[key] == known:
            return row
        return replace(row, fate=Fate.CHANGED, why="Wording or units change.")


def _add_plain(spans: list[_Span], cents: int) -> None:
    """The plain charge of the charge list holds until the first dated fee begins."""
    first = min(spans, key=lambda s: s.starts or date.min, default=None)
    if first is None:
        spans.append(_Span(cents, None, None))
    elif first.starts is not None:
        spans.append(_Span(cents, None, first.starts - _DAY))


def _twin(spans: Iterable[_Span], row: ImportRow) -> _Span | None:
    """The price that begins the same day and, where the row names one, ends the same day."""
    begins = [span for span in spans if span.starts == row.starts]
    exact = next((span for span in begins if span.ends == row.ends), None)
    return exact or next((span for span in begins if row.ends is None), None)


def _in_the_way(spans: Iterable[_Span], row: ImportRow, twin: _Span | None) -> str:
    if twin is not None:
        if row.starts is None and row.ends is None and twin.ends is not None:
            return "This code has dated fees. Say from which day."
        return ""
    for span in spans:
        before = row.starts is not None and span.ends is not None and span.ends < row.starts
        after = row.ends is not None and span.starts is not None and span.starts > row.ends
        if before or after or _fee_prices.gives_way(span, row.starts, row.ends):
            continue
        return _fee_prices.clash_words(row.code, span)
    return ""


def apply(session: Session, command: ImportFees, today: date) -> ImportPlan:
    """Does what the plan says, all of it; answers the plan.

    Raises:
        Invalid, NotFound: as ``plan``.
        Refused: ``nothing_to_import`` when no row is new or changed.
    """
    judged = _judged(session, command, today)
    kept = [j for j in judged if j.row.fate in (Fate.NEW, Fate.CHANGED)]
    if not kept:
        raise Refused("nothing_to_import", "No row of this file is new or changed.")
    usual = session.get_one(FeeSchedule, command.schedule_id).usual
    listed = _fee_rows.listed(session) if usual else {}
    dated: dict[_Key, list[Fee]] = {}
    for fee in session.scalars(select(Fee).where(Fee.schedule_id == command.schedule_id)):
        dated.setdefault((fee.code, fee.modifiers), []).append(fee)
    for j in kept:
        known = _list(session, listed, j.row) if usual else None
        if j.prices:
            among = dated.setdefault((j.row.code, j.row.modifiers), [])
            _price(session, command.schedule_id, j.row, among, known)
    session.flush()
    return _in_file_order(judged)


def _price(
    session: Session, schedule_id: int, row: ImportRow, among: list[Fee], known: Procedure | None
) -> None:
    cents = row.cents or 0
    twin = next((fee for fee in among if fee.starts == row.starts), None)
    if twin is not None:
        twin.cents = cents
    elif known is not None and row.starts is None:
        known.charge_cents = cents
    else:
        span = row.starts, row.ends
        _fee_prices.put(session, schedule_id, row.code, row.modifiers, cents, span, among)


def _list(session: Session, listed: dict[_Key, Procedure], row: ImportRow) -> Procedure:
    """The row of the charge list, made where it is missing; wording and units follow the file."""
    known = listed.get((row.code, row.modifiers))
    if known is None:
        known = Procedure(code=row.code, modifiers=row.modifiers or None, charge_cents=row.cents)
        session.add(known)
        listed[row.code, row.modifiers] = known
    known.wording = row.wording or known.wording
    known.units = (None if row.units == "1" else row.units) if row.units else known.units
    return known
