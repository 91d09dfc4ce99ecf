"""Inner part of the code changes: a code on the day before and on the day an edition begins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.domain.dates import format_date
from app.domain.icd import CodeStanding, Standing, bare
from app.domain.money import format_cents
from app.domain.reference import FileKind, UnitRow
from app.scrub.codes import ANESTHESIA
from app.services.code_change_rows import NewCode, What
from app.services.codesets import CodeSetService
from app.services.reference import ReferenceService
from app.services.reference_rows import MedicarePrice

DAY = timedelta(days=1)
MOST_INSTEAD = 12
MOST_PAIRS = 200
_MOST_REMEMBERED = 5_000
_CATEGORY = (Standing.HEADER, Standing.NEEDS_SEVENTH)
_OFFICE = "11"
_STATUS = {
    "A": "paid",
    "B": "bundled into other services",
    "C": "priced by the contractor",
    "D": "deleted",
    "E": "excluded by regulation",
    "I": "not valid for Medicare",
    "M": "for measurement only",
    "N": "not covered",
    "P": "bundled or excluded",
    "R": "of restricted coverage",
    "T": "paid only alone",
    "X": "excluded by statute",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What happens to a code, or a pair of codes, on a day."""

    kind: FileKind
    what: What
    codes: tuple[str, ...]
    wording: str
    says: str
    instead: tuple[NewCode, ...] = ()


class Judging:
    """Asks the code sets; remembers what they said of a diagnosis, which costs the most."""

    def __init__(self, codesets: CodeSetService, reference: ReferenceService) -> None:
        self._codesets, self._reference = codesets, reference
        self._known: dict[tuple[str, date], CodeStanding] = {}
        self._print: Any = None

    def begin(self) -> None:
        """Forgets what was said of editions that are no longer the same."""
        now = self._codesets.editions() if self._codesets.ready else ()
        if now != self._print or len(self._known) > _MOST_REMEMBERED:
            self._known, self._print = {}, now

    # --- diagnoses --------------------------------------------------------------------------
    def standing(self, code: str, on: date) -> CodeStanding:
        """Of a diagnosis on a day."""
        found = self._known.get((code, on))
        if found is None:
            found = self._known[code, on] = self._codesets.judge(code, on)
        return found

    def diagnosis(self, code: str, day: date) -> Verdict | None:
        """What becomes of a diagnosis on the day; None: nothing."""
        before, after = self.standing(code, day - DAY), self.standing(code, day)
        if not before.billable:
            return None
        title = before.title or after.title
        if not after.billable:
            what = What.CATEGORY if after.why in _CATEGORY else What.DEAD
            gone = after.note
            if what is What.CATEGORY:
                gone = f"From {format_date(day)} on {code} is a category only: use a longer code."
            return Verdict(FileKind.ICD, what, (code,), title, gone, self._instead(after, day))
        same = not after.title or after.title == before.title or after.note
        if same or not before.title:
            return None
        says = f"Its text is now: {after.title}."
        return Verdict(FileKind.ICD, What.TEXT, (code,), title, says)

    def _instead(self, dead: CodeStanding, day: date) -> tuple[NewCode, ...]:
        codes = dead.replacements or self._beside(dead.code, day)
        return tuple(NewCode(new, self.standing(new, day).title) for new in codes[:MOST_INSTEAD])

    def _beside(self, code: str, day: date) -> tuple[str, ...]:
        """Billable codes under the nearest heading above a code that is gone."""
        key = bare(code)
        for length in range(len(key) - 1, 2, -1):
            rows = self._codesets.children(key[:length], day)
            if found := tuple(row.code for row in rows if row.billable):
                return found
        return ()

    # --- procedures -------------------------------------------------------------------------
    def active(self, code: str, on: date) -> bool:
        """False only where a file says that a procedure may not be used on that day."""
        return self._reference.code_active(code, on) is not False

    def limit(self, code: str, on: date) -> UnitRow | None:
        """The unit limit of a day."""
        return self._reference.unit_limit(code, on)

    def pair(self, first: str, second: str, on: date) -> int | None:
        """Indicator of a pair edit on a day."""
        return self._reference.pair(first, second, on)

    def procedure(self, code: str, day: date, locality: str, charge: int | None) -> list[Verdict]:
        """What becomes of a procedure on the day.

        Args:
            code: the procedure.
            day: first day of the edition.
            locality: Medicare's, seven digits; prices are not compared without one.
            charge: what the practice charges (cents), if it does.
        """
        if self.active(code, day - DAY) and not self.active(code, day):
            return [self._ended(code, day)]
        found = (
            self._lower(code, day), self._status(code, day),
            self._price(code, day, locality, charge), self._text(code, day),
        )  # fmt: skip
        return [verdict for verdict in found if verdict is not None]

    def _ended(self, code: str, day: date) -> Verdict:
        row = self._reference.code(code, day)
        if row is None:
            says = f"{code} is not in the files of {format_date(day)}. Look up what replaced it."
            return Verdict(FileKind.HCPCS, What.DEAD, (code,), "", says)
        ended = row.ends if row.ends is not None else day - DAY
        says = f"{code} ended on {format_date(ended)} ({row.edition}). Look up what replaced it."
        return Verdict(FileKind.HCPCS, What.DEAD, (code,), row.short or row.wording, says)

    def _lower(self, code: str, day: date) -> Verdict | None:
        if code in ANESTHESIA:  # minutes are no units
            return None
        before, after = self.limit(code, day - DAY), self.limit(code, day)
        if before is None or after is None or after.units >= before.units:
            return None
        span = "on a line" if after.indicator == 1 else "on a day"
        says = f"At most {after.units} {_units(after.units)} {span}; {before.units} before."
        return Verdict(FileKind.MUE, What.LIMIT, (code,), self._reference.wording(code), says)

    def _status(self, code: str, day: date) -> Verdict | None:
        before = self._reference.fee_line(code, "", day - DAY)
        after = self._reference.fee_line(code, "", day)
        if before is None or after is None or before.status == after.status:
            return None
        old, new = (_STATUS.get(row.status, f"of status {row.status}") for row in (before, after))
        says = f"For Medicare it is {new}; it was {old}."
        return Verdict(FileKind.RVU, What.STATUS, (code,), self._reference.wording(code), says)

    def _price(self, code: str, day: date, locality: str, charge: int | None) -> Verdict | None:
        if not locality:
            return None
        before, after = self._paid(code, day - DAY, locality), self._paid(code, day, locality)
        if before is None or after is None or before.allowed_cents == after.allowed_cents:
            return None
        now, then = format_cents(after.allowed_cents), format_cents(before.allowed_cents)
        less = charge is not None and charge < after.allowed_cents
        low = f" You charge {format_cents(charge or 0)}, which is less." if less else ""
        says = f"Medicare allows {now} in the office; {then} before.{low}"
        return Verdict(FileKind.RVU, What.PRICE, (code,), self._reference.wording(code), says)

    def _paid(self, code: str, on: date, locality: str) -> MedicarePrice | None:
        return self._reference.price(code, (), on, _OFFICE, locality)

    def _text(self, code: str, day: date) -> Verdict | None:
        before, after = self._reference.code(code, day - DAY), self._reference.code(code, day)
        if before is None or after is None or before.wording == after.wording:
            return None
        says = f"Its text is now: {after.wording}"
        return Verdict(FileKind.HCPCS, What.TEXT, (code,), before.short or before.wording, says)

    def pairs(self, codes: Iterable[str], day: date) -> list[Verdict]:
        """New pair edits among the codes, and those that a modifier no longer opens."""
        every, found = sorted(set(codes)), []
        for first in every:
            for second in every:
                after = self.pair(first, second, day) if first != second else None
                if after is None:
                    continue
                before = self.pair(first, second, day - DAY)
                if before is None or after < before:
                    found.append(self._new_pair(first, second, after, tightened=before is not None))
        return found[:MOST_PAIRS]

    def _new_pair(self, first: str, second: str, indicator: int, *, tightened: bool) -> Verdict:
        says = (
            f"{second} is paid beside {first} only as a separate service, with a modifier."
            if indicator
            else f"{second} is not paid beside {first} on one day"
            + (", with a modifier neither." if tightened else ".")
        )
        wording = self._reference.wording(first)
        return Verdict(FileKind.NCCI, What.PAIR, (first, second), wording, says)


def _units(count: int) -> str:
    return "unit" if count == 1 else "units"
