"""The pages in the order of the sidebar, each handed only the services it uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.services.door import Services
from app.services.find import Found
from app.ui.jobs import Jobs
from app.ui.page import Go, Page, PageSpec
from app.ui.palette import FoundItem, Provider
from app.ui.pages.today import TodayPage

_KINDS = {"patient": "Patients", "claim": "Claims", "check": "Checks"}


@dataclass(frozen=True, slots=True)
class Rooms:
    """Builds pages for one open practice."""

    services: Services
    jobs: Jobs

    def specs(self) -> tuple[PageSpec, ...]:
        """Every page, built on its first visit."""
        return (PageSpec(TodayPage.NAME, TodayPage.TITLE, self._today),)

    def providers(self) -> tuple[Provider, ...]:
        """What Ctrl+K asks besides pages and commands."""
        return (self._find,)

    def _find(self, text: str) -> Sequence[FoundItem]:
        return [_item(found) for found in self.services.find.find(text)]

    def _day(self) -> date:
        return self.services.desk.today

    def _today(self) -> Page:
        day = self._day()
        line = f"{day:%A}, {day:%B} {day.day}, {day.year}"
        return TodayPage(self.services.today, self.services.reports, self.jobs, line)


def _item(found: Found) -> FoundItem:
    return FoundItem(_KINDS[found.kind], found.title, found.detail, Go(found.page, found.key))
