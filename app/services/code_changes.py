"""What changes in October, April and each quarter: the practice's codes that an edition touches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

from app.codesets.validity import FIRST, LAST
from app.domain.icd import YEAR_START
from app.domain.reference import FileKind, fiscal
from app.scrub.edits_bundling import told_apart
from app.services import _code_change_rows as rows
from app.services import _code_change_uses as uses_of
from app.services._code_change_judging import Judging, Verdict
from app.services._code_change_rows import Listed, OpenItem
from app.services._code_change_uses import Use
from app.services.code_change_rows import (
    OPEN,
    STOPS,
    CodeChange,
    OpenTouched,
    Place,
    Touched,
    Turn,
    What,
)
from app.services.codesets import CodeSetService
from app.services.desk import Desk
from app.services.reference import ReferenceService
from app.services.setup import read_setting

LOOK_BACK = timedelta(days=731)  # how long a use counts: 24 months
PAST = timedelta(days=366)  # editions whose claims may still be filed
SOON = timedelta(days=45)
_ON_LINES = (FileKind.HCPCS, FileKind.NCCI, FileKind.MUE, FileKind.RVU, FileKind.GPCI)
_SHORT = {
    FileKind.ICD: "ICD-10-CM",
    FileKind.HCPCS: "HCPCS",
    FileKind.NCCI: "NCCI",
    FileKind.MUE: "MUE",
    FileKind.RVU: "fee schedule",
    FileKind.GPCI: "localities",
}
_WORST = list(What)
_FIRST = list(Place)


class CodeChangeService:
    """Compares the day an edition takes effect with the day before, for the practice's codes."""

    def __init__(self, desk: Desk, codesets: CodeSetService, reference: ReferenceService) -> None:
        self._desk, self._codesets, self._reference = desk, codesets, reference
        self._judging = Judging(codesets, reference)

    def turns(self) -> tuple[Turn, ...]:
        """Days on which editions take effect: those of the last year, and all to come.

        A fiscal year whose files are not imported counts where the codes alone are known.
        """
        today, days = self._desk.today, dict[date, list[str]]()
        for edition in self._reference.editions():
            if edition.kind in _ON_LINES and edition.starts is not None:
                days.setdefault(edition.starts, []).append(f"{_SHORT[edition.kind]} {edition.name}")
        bare: set[date] = set()
        if self._codesets.ready:
            for day, name, known in self._diagnosis_turns(today):
                days.setdefault(day, []).insert(0, f"{_SHORT[FileKind.ICD]} {name}")
                if not known:
                    bare.add(day)
        return tuple(
            Turn(day, tuple(days[day]), day in bare) for day in sorted(days) if day >= today - PAST
        )

    def _diagnosis_turns(self, today: date) -> list[tuple[date, str, bool]]:
        editions = self._codesets.editions()
        if not editions:
            return []
        first = editions[0].starts
        found = [(e.starts, e.name, True) for e in editions[1:]]
        for year in range(today.year - 1, today.year + 2):
            day = date(year, *YEAR_START)
            own = any(e.starts <= day <= e.ends for e in editions)
            if first < day and FIRST <= day <= LAST and not own:
                found.append((day, fiscal(year + 1).name, False))
        return found

    def preview(self, day: date, kind: FileKind | None = None) -> tuple[CodeChange, ...]:
        """What editions that take effect on a day change of the practice's codes.

        Its codes are those used in the last 24 months, its charges and favourites, and the codes
        of recurring visits, drafts and claims not out yet; these count only with services on or
        after that day. Worst first, then the most used. Statements: at most 20, whatever the size.

        Args:
            day: first date of service of the editions.
            kind: one table only; None: all.
        """
        self._judging.begin()
        since = self._desk.today - LOOK_BACK
        with self._desk.read() as session:
            locality = str(read_setting(session, "medicare_locality") or "")
            used_dx, used_px = uses_of.used(session, since)
            lists = rows.listed(session, self._desk.today)
            items = [i for i in rows.open_items(session, day, self._desk.today) if _reaches(i, day)]
        dx, px = rows.codes_of(items, lists)
        verdicts = self._verdicts(day, dx | used_dx.keys(), px | used_px.keys(), lists, locality)
        verdicts = [v for v in verdicts if kind in (None, v.kind)]
        pairs = [(v.codes[0], v.codes[1]) for v in verdicts if v.what is What.PAIR]
        with self._desk.read() as session:
            together = uses_of.used_together(session, pairs, since)
        uses: dict[tuple[str, ...], Use] = dict(together.items())
        uses |= {(code,): use for code, use in (used_px | used_dx).items()}
        found = [
            _change(v, uses.get(v.codes), self._touched(v, day, items, lists)) for v in verdicts
        ]
        return tuple(sorted(found, key=_order))

    def _verdicts(
        self,
        day: date,
        dx: Iterable[str],
        px: Iterable[str],
        lists: Sequence[Listed],
        locality: str,
    ) -> list[Verdict]:
        found: list[Verdict] = []
        if self._codesets.ready:
            judged = (self._judging.diagnosis(code, day) for code in sorted(dx))
            found += [verdict for verdict in judged if verdict is not None]
        codes = sorted(px)
        charges = {row.px[0]: row.cents for row in reversed(lists) if row.place is Place.CHARGE}
        for code in codes:
            found += self._judging.procedure(code, day, locality, charges.get(code))
        return found + self._judging.pairs(codes, day)

    def open_touched(self) -> OpenTouched:
        """Open work whose codes an edition takes away, within 45 days or already; for Today.

        No statement where no edition is near, and nothing is judged where nothing is open.
        """
        today = self._desk.today
        turns = [turn.day for turn in self.turns() if turn.day <= today + SOON]
        if not turns:
            return OpenTouched()
        self._judging.begin()
        with self._desk.read() as session:
            items = rows.open_items(session, turns[0], today)
        spoiled = [(item, self._spoiled_on(item, turns)) for item in items]
        hit = [item for item, day in spoiled if day]
        visits, claims, recurring = (sum(i.place is place for i in hit) for place in OPEN)
        oldest = min((item.day for item in hit), default=None)
        newest = max((day for _, day in spoiled if day), default=None)
        return OpenTouched(visits, claims, recurring, oldest, newest)

    def _spoiled_on(self, item: OpenItem, turns: Sequence[date]) -> date | None:
        near = (day for day in reversed(turns) if _reaches(item, day))
        return next((day for day in near if self._breaks(item, day)), None)

    def _breaks(self, item: OpenItem, day: date) -> bool:
        """True when an edition of ``day`` makes a claim of the item fail."""
        judging = self._judging
        lines = [line for line in item.lines if line.day >= day]
        codes = {line.code for line in lines}
        verdicts: list[Verdict] = []
        if self._codesets.ready and item.day >= day:
            bad = [c for c in item.dx if not judging.standing(c, item.day).billable]
            verdicts += [v for c in bad if (v := judging.diagnosis(c, day)) is not None]
        for code in codes:
            verdicts += judging.procedure(code, day, "", None)
        verdicts += judging.pairs(codes, day)
        return any(v.what in STOPS and self._stands(v, item, day) for v in verdicts)

    # --- where a changed code stands ----------------------------------------------------------
    def _touched(
        self, verdict: Verdict, day: date, items: Sequence[OpenItem], lists: Sequence[Listed]
    ) -> list[Touched]:
        found = [
            Touched(item.place, item.key, item.title, item.detail, item.day)
            for item in items
            if self._stands(verdict, item, day)
        ]
        if verdict.what is not What.PAIR:
            code = verdict.codes[0]
            found += [
                Touched(row.place, row.key, row.title, row.detail)
                for row in lists
                if code in (row.dx if verdict.kind is FileKind.ICD else row.px)
            ]
        return sorted(found, key=lambda t: (_FIRST.index(t.place), t.day or date.max, t.title))

    def _stands(self, verdict: Verdict, item: OpenItem, day: date) -> bool:
        """True when the change bites on an item, judged by its own days of service."""
        code = verdict.codes[0]
        if verdict.kind is FileKind.ICD:
            here = item.day >= day and code in item.dx
            fails = verdict.what in STOPS
            return here and not (fails and self._judging.standing(code, item.day).billable)
        lines = [line for line in item.lines if line.day >= day and line.code in verdict.codes]
        if verdict.what is What.DEAD:
            return any(not self._judging.active(code, line.day) for line in lines)
        if verdict.what is What.LIMIT:
            return self._above(code, lines)
        if verdict.what is What.PAIR:
            return self._both(verdict.codes, lines)
        return bool(lines) and verdict.what is not What.PRICE

    def _both(self, codes: tuple[str, ...], lines: Sequence[rows.Line]) -> bool:
        """Both of a pair on one day, and nothing that tells them apart (as the edit E079)."""
        one, two = ([line for line in lines if line.code == code] for code in codes)
        for first, second in product(one, two):
            found = (
                self._judging.pair(codes[0], codes[1], first.day)
                if first.day == second.day
                else None
            )
            apart = found == 1 and told_apart(first.modifiers, second.modifiers)
            if found is not None and not apart:
                return True
        return False

    def _above(self, code: str, lines: Sequence[rows.Line]) -> bool:
        """More units than the limit of the day of service (as the edit E080)."""
        units: dict[date, list[Decimal]] = {}
        for line in lines:
            units.setdefault(line.day, []).append(line.units)
        for day, counts in units.items():
            limit = self._judging.limit(code, day)
            most = sum(counts) if limit and limit.indicator != 1 else max(counts)
            if limit is not None and most > limit.units:
                return True
        return False


def _reaches(item: OpenItem, day: date) -> bool:
    return item.day >= day or any(line.day >= day for line in item.lines)


def _change(verdict: Verdict, use: Use | None, touched: Sequence[Touched]) -> CodeChange:
    change = CodeChange(
        verdict.kind, verdict.what, verdict.codes, verdict.wording, verdict.says, verdict.instead,
        touched=tuple(touched),
    )  # fmt: skip
    listed = next((t.detail for t in touched if t.place is Place.CHARGE and t.detail), "")
    change = replace(change, wording=change.wording or listed)
    return change if use is None else replace(change, uses=use.count, last_used=use.last)


def _order(change: CodeChange) -> tuple[bool, int, int, tuple[str, ...]]:
    return not change.open, _WORST.index(change.what), -change.uses, change.codes
