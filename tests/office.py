"""A practice for tests: real services on a real encrypted file, cheap key, a clock that is set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from app.db.header import KdfCost
from app.domain.claim_form import Address
from app.services.clock import SetClock
from app.services.door import Door, Services
from app.services.people_commands import SavePractice, SaveProvider

CHEAP = KdfCost(memory_kib=8, passes=1, lanes=1)
USER = "Dana Biller"
PASSPHRASE = "correct horse battery staple"

OFFICE = Address("40 Main St", "Suite 2", "Salem", "VA", "24153-0040")


def door(clock: SetClock) -> Door:
    """A door whose keys are cheap."""
    return Door(clock=clock, cost=CHEAP, floor=CHEAP)


@contextmanager
def open_office(day: date, folder: Path | None = None) -> Iterator[tuple[Services, SetClock]]:
    """A fresh practice, closed and thrown away at the end."""
    clock = SetClock(day)
    with TemporaryDirectory() as place:
        services, _ = door(clock).create(folder or Path(place) / "practice", USER, PASSPHRASE)
        try:
            yield services, clock
        finally:
            services.close()


def set_up(services: Services) -> int:
    """The practice's own data and one provider; returns the provider's id."""
    services.setup.save_practice(
        SavePractice(
            name="Larkfield Family Practice",
            address=OFFICE,
            phone="5405550140",
            npi="1245319599",
            tax_id="54-1234567",
        )
    )
    return services.setup.save_provider(
        SaveProvider(last="Cole", first="Imani", credentials="MD", npi="1679576722")
    )
