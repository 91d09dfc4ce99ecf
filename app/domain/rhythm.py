"""Days that come again: every so many days, weeks or months, counted from the first."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

UNITS = ("days", "weeks", "months")
MOST_DAYS = 1000  # of one rhythm that are ever counted


@dataclass(frozen=True, slots=True)
class Rhythm:
    """``every`` 2 ``weeks`` from ``first_on``, until a day (included) or a number of times.

    Months keep the day of the first one; in a shorter month it is the last day.
    """

    first_on: date
    every: int
    unit: str
    until: date | None = None
    times: int | None = None

    def days(self, through: date) -> Iterator[date]:
        """The days up to and with ``through``, in order."""
        last = through if self.until is None else min(through, self.until)
        most = MOST_DAYS if self.times is None else min(self.times, MOST_DAYS)
        for number in range(most):
            day = self._day(number)
            if day is None or day > last:
                return
            yield day

    def next_after(self, day: date) -> date | None:
        """The first day later than ``day``; None when the rhythm has ended."""
        most = MOST_DAYS if self.times is None else min(self.times, MOST_DAYS)
        for number in range(most):
            found = self._day(number)
            if found is None or (self.until is not None and found > self.until):
                return None
            if found > day:
                return found
        return None

    def _day(self, number: int) -> date | None:
        try:
            if self.unit == "months":
                months = self.first_on.month - 1 + number * self.every
                year, month = self.first_on.year + months // 12, months % 12 + 1
                return date(year, month, min(self.first_on.day, monthrange(year, month)[1]))
            step = 7 if self.unit == "weeks" else 1
            return self.first_on + timedelta(days=number * self.every * step)
        except (OverflowError, ValueError):
            return None

    def words(self) -> str:
        """``every 2 weeks, 6 times`` or ``every month until 03/01/2027``."""
        one = {"days": "day", "weeks": "week", "months": "month"}[self.unit]
        often = f"every {one}" if self.every == 1 else f"every {self.every} {self.unit}"
        if self.times is not None:
            return f"{often}, {self.times} time{'s' * (self.times != 1)}"
        return f"{often} until {self.until:%m/%d/%Y}" if self.until else often
