"""What tests of the reference service share: made-up files taken in, and all it says of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import Refused
from app.domain.reference import FileKind
from app.services.reference import ReferenceService
from tests.codesets.official_files import (
    FILES,
    Official,
)

SUMMER = date(2026, 8, 3)
EDITIONS = {
    FileKind.HCPCS: ("2026Q3", date(2026, 7, 1), date(2026, 9, 30)),
    FileKind.NCCI: ("2026Q3", date(2026, 7, 1), date(2026, 9, 30)),
    FileKind.MUE: ("2026Q3", date(2026, 7, 1), date(2026, 9, 30)),
    FileKind.RVU: ("2026Q3", date(2026, 7, 1), date(2026, 9, 30)),
    FileKind.GPCI: ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    FileKind.TAXONOMY: ("26.0", date(2026, 4, 1), None),
    FileKind.PAYERS: ("of one clearinghouse", None, None),
    FileKind.AGES: ("FY2027", date(2026, 10, 1), date(2027, 9, 30)),
    FileKind.SEXES: ("before 2024-10-01", None, date(2024, 9, 30)),
    FileKind.PLACES: ("places", None, None),
}
DATED = (FileKind.HCPCS, FileKind.NCCI, FileKind.MUE, FileKind.RVU, FileKind.GPCI)
EVERY = pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.kind))


class NoDiagnoses:
    """The code sets where no test asks for diagnoses."""

    ready = False


def opened(folder: Path) -> ReferenceService:
    """A service of its own, without diagnoses."""
    return ReferenceService(NoDiagnoses(), folder)  # type: ignore[arg-type]


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def take(reference: ReferenceService, folder: Path, file: Official, **how: Any) -> Any:
    return reference.import_file(put(folder, file.name, file.data()), **how)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.message.endswith(".")
    return refusal.value.code


def state(reference: ReferenceService) -> tuple[object, ...]:
    """Everything the lookups say of the made-up files."""
    return (
        reference.editions(),
        reference.code("J1234", SUMMER),
        reference.pair("20610", "36000", SUMMER),
        reference.unit_limit("96372", SUMMER),
        reference.fee_line("99213", "", SUMMER),
        reference.localities(SUMMER),
        reference.search_taxonomy(""),
        reference.search_payers(""),
        reference.diagnosis_ages("F0390", date(2026, 10, 2)),
        reference.diagnosis_sex("N400", date(2024, 1, 1)),
        reference.place("95"),
    )
