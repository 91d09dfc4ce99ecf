"""Rows of reports know what they speak of: every one leads to a thing that is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import text

from app.domain.reports import About, Report
from app.services.clock import SetClock
from app.services.door import Services
from app.services.report_commands import ReportParameters
from app.services.sample import build_sample
from tests.office import PASSPHRASE, door

LAST_DAY = date(2026, 3, 16)
LEADING = {
    "day_sheet", "batch_proof", "deposits", "payments", "reversals", "credits", "unapplied",
    "insurance_aging", "patient_aging", "outstanding", "unbilled", "denials", "refunds",
}  # fmt: skip
_TABLES = {"check": "payment"}


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("leading") / "practice"
    own = door(SetClock(LAST_DAY))
    services = build_sample(folder, PASSPHRASE, today=LAST_DAY, patients=24, months=3, door=own)
    yield services
    services.close()


def made(services: Services) -> Iterator[Report]:
    for info in services.money.catalog():
        for detail in (False, True) if "detail" in info.takes else (False,):
            asked = ReportParameters(date(2025, 1, 1), LAST_DAY, detail=detail, payment_id=5)
            yield services.money.run(info.key, asked)


def there(services: Services, about: About) -> bool:
    table = _TABLES.get(about.kind, about.kind)
    with services.desk.read() as session:
        query = text(f"SELECT count(*) FROM {table} WHERE id = :id")
        return bool(session.execute(query, {"id": about.key}).scalar_one())


def test_every_row_leads_to_something_that_is_there(lived: Services) -> None:
    leading = set()
    for report in made(lived):
        for group in report.groups:
            assert len(group.about) in (0, len(group.rows))
            found = [about for about in group.about if about is not None]
            assert all(there(lived, about) for about in found), report.key
            if found:
                leading.add(report.key)
    assert leading <= LEADING
    missing = LEADING - leading
    empty = {report.key for report in made(lived) if not report.rows}
    assert missing <= empty, missing - empty


def test_a_claim_is_the_claim_of_its_row(lived: Services) -> None:
    for key in ("outstanding", "unbilled", "denials"):
        report = lived.money.run(key, ReportParameters(date(2025, 1, 1), LAST_DAY))
        at = report.index("claim")
        for group in report.groups:
            for row, about in zip(group.rows, group.about, strict=True):
                if about is not None and about.kind == "claim":
                    assert lived.claims.show(about.key).row.number == row[at]
