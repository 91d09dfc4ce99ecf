"""What day and moment it is. Handed in, so that a test can decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol


class Clock(Protocol):
    """Today by the wall calendar, now in UTC."""

    def today(self) -> date:
        """The practice's calendar day."""
        ...

    def now(self) -> datetime:
        """This moment, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def today(self) -> date:
        """The local calendar day."""
        return datetime.now().astimezone().date()

    def now(self) -> datetime:
        """This moment, in UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class SetClock:
    """A clock that stands where it was set; for tests, samples and the tour."""

    day: date

    def today(self) -> date:
        """The day it was set to."""
        return self.day

    def now(self) -> datetime:
        """Noon of that day, UTC."""
        return datetime(self.day.year, self.day.month, self.day.day, 12, tzinfo=UTC)
