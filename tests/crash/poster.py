"""The process that is killed: posts and takes back EOBs as fast as it can, telling each commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from app.domain.books import PATIENT_PARTY, Disposition
from app.domain.posting import EobAdjustment, EobLine
from app.services.clock import SetClock
from app.services.door import Services
from app.services.payment_commands import PostEob, ReverseEob
from tests.office import PASSPHRASE, USER, door

DAY = date(2026, 3, 16)
CHARGE = 10000
PAID, WRITTEN_OFF, PATIENTS_SHARE = 6000, 2500, 1500


@dataclass(frozen=True, slots=True)
class Work:
    """What the poster posts on: sent claims with their lines, and one big check."""

    folder: Path
    check: int
    claims: tuple[tuple[int, tuple[int, ...]], ...]


def unlock(folder: Path) -> Services:
    """The practice, as the program opens it after a crash: no repair, no question."""
    return door(SetClock(DAY)).unlock(folder, USER, PASSPHRASE)


def decision(lines: tuple[int, ...]) -> tuple[EobLine, ...]:
    """Paid, written off and passed to the patient, on every line."""
    said = (
        EobAdjustment("CO", "45", WRITTEN_OFF, Disposition.WRITEOFF),
        EobAdjustment("PR", "2", PATIENTS_SHARE, Disposition.TRANSFER, PATIENT_PARTY),
    )
    return tuple(EobLine(line, CHARGE, PAID, said) for line in lines)


def post_for_ever(work: Work, standing: dict[int, int], tell: Connection) -> None:
    """``standing``: claim -> EOB that a poster before left posted; it is taken back first.

    Tells ``("posted", eob)`` or ``("reversed", eob)`` after each commit.
    """
    services = unlock(work.folder)
    tell.send(("open", 0))
    while True:
        for claim, lines in work.claims:
            if claim in standing:
                eob = standing.pop(claim)
                services.eobs.reverse_eob(ReverseEob(eob, work.check))
                tell.send(("reversed", eob))
            else:
                command = PostEob(work.check, claim, decision(lines))
                standing[claim] = services.eobs.post_eob(command).eob_id
                tell.send(("posted", standing[claim]))
