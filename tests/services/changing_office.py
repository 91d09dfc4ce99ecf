"""A practice with code sets of its own, and editions made up for one day, for stories of change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from app.domain.reference import FileKind
from app.services.door import Services
from tests.codesets.official_files import (
    GPCI_HEAD,
    GPCI_ROWS,
    HCPCS_ROWS,
    MUE_ROWS,
    NCCI_ROWS,
    RVU_STACK,
    official,
    rvu_row,
)

OCTOBER, JULY = date(2026, 10, 1), date(2026, 7, 1)
NAMES = {
    FileKind.HCPCS: "HCPC2026_OCT_ANWEB.csv",
    FileKind.NCCI: "ccipra-v323r0.txt",
    FileKind.MUE: "MCR_MUE_PractitionerServices_Eff_10-01-2026.csv",
    FileKind.RVU: "PPRRVU2026_Oct_nonQPP.csv",
}


def hcpcs(code: str, wording: str = "Made up", ended: str = "") -> tuple[str, ...]:
    """A row of HCPCS, in use since 2015."""
    action = "D" if ended else "N"
    words = (wording, wording[:20])
    return (code, "0100", "3", *words, "", "C", "20150101", "20150101", ended, action)


def put(folder: Path, kind: FileKind, rows: Sequence[Sequence[str]], name: str = "") -> Path:
    """A made-up file of a kind with other rows; ``name`` tells its quarter, else that of July."""
    file = replace(official(kind), rows=tuple(rows))
    head = file.head
    if kind is FileKind.RVU and "Oct" in name:
        title = "2026 National Physician Fee Schedule Relative Value File October Release"
        head = (("", "", title), *RVU_STACK)
    path = folder / (name or file.name)
    path.write_bytes(replace(file, head=head).data())
    return path


def take(services: Services, path: Path) -> str:
    """Imports a file; its edition."""
    return services.reference.import_file(path).edition


def autumn_files(services: Services, folder: Path) -> None:
    """July and October of every table: a new pair, a lower limit, an ended code, other prices."""
    s = services
    old = [hcpcs("G0999"), hcpcs("J1234", "Injection, ten")]
    take(s, put(folder, FileKind.HCPCS, [*HCPCS_ROWS[:2], *old]))
    new = [hcpcs("G0999", ended="20260930"), hcpcs("J1234", "Injection, five")]
    take(s, put(folder, FileKind.HCPCS, [*HCPCS_ROWS[:2], *new], NAMES[FileKind.HCPCS]))
    pairs = [("20610", second, "", "20261001", "*", "1") for second in ("99213", "99214")]
    take(s, put(folder, FileKind.NCCI, [*NCCI_ROWS, *pairs], NAMES[FileKind.NCCI]))
    take(s, put(folder, FileKind.MUE, MUE_ROWS))
    lower = ("96372", "2", "3 Date of Service Edit: Clinical", "Clinical: Data")
    take(s, put(folder, FileKind.MUE, [*MUE_ROWS[:2], lower], NAMES[FileKind.MUE]))
    take(s, put(folder, FileKind.RVU, [rvu_row("99213")]))
    take(s, put(folder, FileKind.RVU, [rvu_row("99213", work="1.10")], NAMES[FileKind.RVU]))
    gpci = replace(official(FileKind.GPCI), head=((("ADDENDUM",)), GPCI_HEAD), rows=GPCI_ROWS)
    path = folder / gpci.name
    path.write_bytes(gpci.data())
    take(s, path)
