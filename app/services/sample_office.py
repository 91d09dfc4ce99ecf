"""The sample practice while it is lived through: who is there, and what is due on which day."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from app.domain.claim_form import PayerType
from app.services.clock import SetClock
from app.services.door import Services
from app.services.people_commands import SavePayer, SaveProcedure, SaveReferring
from app.services.sample_data import SampleBook, SamplePayer


@dataclass(frozen=True, slots=True)
class Registered:
    """A patient of the sample, once registered. ``policies``: policy id by the payer's key."""

    patient_id: int
    guarantor_id: int
    policies: dict[str, int]


@dataclass(slots=True)
class SampleOffice:
    """The practice, its clock and its agenda. All chance comes from ``rng``, drawn in one order."""

    services: Services
    clock: SetClock
    rng: random.Random
    book: SampleBook
    last_day: date
    payers: dict[str, int] = field(default_factory=dict)
    providers: list[int] = field(default_factory=list)
    ordering: list[int] = field(default_factory=list)  # the providers once more, for item 17
    facilities: list[int] = field(default_factory=list)
    agenda: dict[date, list[Callable[[], object]]] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)

    @property
    def today(self) -> date:
        """The day being lived."""
        return self.clock.day

    def later(self, days: int, action: Callable[[], object]) -> None:
        """Puts an action on the agenda, ``days`` from today, Monday when that is a weekend."""
        self.on(self.today + timedelta(days=max(days, 1)), action)

    def on(self, day: date, action: Callable[[], object]) -> None:
        """Puts an action on the agenda of a day; what lies after the last day never happens."""
        self.agenda.setdefault(office_day(day), []).append(action)

    def chance(self, percent: int) -> bool:
        """True in ``percent`` of a hundred draws."""
        return self.rng.randrange(100) < percent

    def once(self, what: str) -> bool:
        """True the first time it is asked: things that happen once in the sample."""
        if what in self.done:
            return False
        self.done.add(what)
        return True

    def payer(self, payer_id: int) -> SamplePayer:
        """The sample's payer behind an id."""
        key = next(k for k, v in self.payers.items() if v == payer_id)
        return next(p for p in self.book.payers if p.key == key)


def office_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 else day


def set_up_office(office: SampleOffice) -> None:
    """Practice, providers, places, payers and charges, as the biller enters them on day one."""
    setup, book = office.services.setup, office.book
    setup.save_practice(book.practice)
    office.providers = [setup.save_provider(p) for p in book.providers]
    # Own providers order the tests done in the house, so they stand among the ordering ones too.
    office.ordering = [
        setup.save_referring(SaveReferring(p.last, p.first, p.middle, "", p.credentials, p.npi))
        for p in book.providers
    ]
    for outside in book.referring:
        setup.save_referring(outside)
    office.facilities = [setup.save_facility(f) for f in book.facilities]
    office.payers = {p.key: setup.save_payer(_with_days(p)) for p in book.payers}
    for c in book.charges.values():
        setup.save_procedure(SaveProcedure(c.code, c.charge_cents, c.wording))


def _with_days(payer: SamplePayer) -> SavePayer:
    """Follow-up when an answer is overdue: the payer's slowest, and a week."""
    slow = payer.command.type in (PayerType.WORKERS_COMP, PayerType.AUTO)
    return replace(payer.command, follow_up_days=45 if slow else payer.terms.days[1] + 7)
