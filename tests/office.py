"""A practice for tests: real services on a real encrypted file, cheap key, a clock that is set."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from app.db.header import KdfCost
from app.domain.claim_form import Address
from app.services.claim_commands import PassEdit
from app.services.clock import SetClock
from app.services.door import Door, Services
from app.services.people_commands import SaveFacility, SavePractice, SaveProvider

CHEAP = KdfCost(memory_kib=8, passes=1, lanes=1)
USER = "Dana Biller"
PASSPHRASE = "correct horse battery staple"

OFFICE = Address("40 Main St", "Suite 2", "Salem", "VA", "24153-0040")


def door(clock: SetClock, codes: Path | None = None) -> Door:
    """A door whose keys are cheap. ``codes``: folder of the code sets, else the practice's own."""
    return Door(clock=clock, cost=CHEAP, floor=CHEAP, codes=codes)


@contextmanager
def open_office(
    day: date, folder: Path | None = None, codes: Path | None = None
) -> Iterator[tuple[Services, SetClock]]:
    """A fresh practice, closed and thrown away at the end."""
    clock = SetClock(day)
    with TemporaryDirectory() as place:
        services, _ = door(clock, codes).create(
            folder or Path(place) / "practice", USER, PASSPHRASE
        )
        try:
            yield services, clock
        finally:
            _put_windows_away()
            services.close()


def _put_windows_away() -> None:
    """As when the program ends: no window asks a practice that is closed."""
    qt = sys.modules.get("PySide6.QtWidgets")
    for window in qt.QApplication.topLevelWidgets() if qt else ():
        window.hide()


def set_up(services: Services) -> int:
    """The practice's own data, its office and one provider; returns the provider's id."""
    services.setup.save_practice(
        SavePractice(
            name="Larkfield Family Practice",
            address=OFFICE,
            phone="5405550140",
            npi="1245319599",
            tax_id="54-1234567",
        )
    )
    services.setup.save_facility(
        SaveFacility("Larkfield Family Practice", OFFICE, "11", npi="1245319599")
    )
    return services.setup.save_provider(
        SaveProvider(last="Cole", first="Imani", credentials="MD", npi="1679576722")
    )


def office_place(services: Services) -> int:
    """Id of the practice's own office, where the services of the tests are rendered."""
    return services.directory.facilities()[0].facility_id or 0


def let_all_pass(services: Services, claim_id: int, why: str = "not what is tested") -> None:
    """Lets every error of a claim pass, as a biller would one by one."""
    for check in services.claims.show(claim_id).checks:
        if check.stops:
            services.claims.let_pass(PassEdit(claim_id, check.finding.edit_id, why, check.place))
