"""Printers of this practice: which one takes red stock and which plain paper, and their fits."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.domain.print_fit import NO_FIT, PrintFit
from app.domain.print_ops import SheetOps
from app.models.people import Setting
from app.printing.calibration import calibration_sheet
from app.printing.pdf import sheets_pdf
from app.services.desk import Desk

STOCK, PLAIN = "stock", "plain"  # the two papers of a practice: red forms and everything else
_KEY = "printers"


@dataclass(frozen=True, slots=True)
class PrinterTray:
    """A printer of this computer by its name, and a tray of it; ``""`` is the printer's own."""

    printer: str
    tray: str = ""


class PrinterService:
    """Kept in the practice's settings, so that they travel with its backup."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def chosen(self, paper: str) -> PrinterTray | None:
        """Where ``stock`` or ``plain`` paper is printed; None means PDF to a folder."""
        with self._desk.read() as session:
            row = _kept(session)["papers"].get(paper)
            return None if row is None else PrinterTray(**row)

    def choose(self, paper: str, tray: PrinterTray | None) -> None:
        """Chooses where a paper is printed; None for PDF to a folder.

        Raises:
            KeyError: when there is no such paper.
        """
        if paper not in (STOCK, PLAIN):
            raise KeyError(paper)
        with self._desk.write() as session:
            kept = _kept(session)
            kept["papers"][paper] = None if tray is None else asdict(tray)
            self._keep(session, kept, f"printer for {paper}")

    def fit(self, tray: PrinterTray) -> PrintFit:
        """The correction of a printer and tray; none until it was measured."""
        with self._desk.read() as session:
            row = _kept(session)["fits"].get(_name(tray))
            return NO_FIT if row is None else PrintFit(**row)

    def save_fit(self, tray: PrinterTray, fit: PrintFit) -> None:
        """Keeps what was measured for a printer and tray."""
        with self._desk.write() as session:
            kept = _kept(session)
            kept["fits"][_name(tray)] = asdict(fit)
            self._keep(session, kept, "fit of a printer")

    def calibration(self) -> SheetOps:
        """The test page with crosses to be measured."""
        return calibration_sheet()

    def calibration_pdf(self) -> bytes:
        """The test page as PDF, for printers that are reached through a viewer only."""
        return sheets_pdf([calibration_sheet()])

    def _keep(self, session: Session, kept: dict[str, Any], detail: str) -> None:
        session.merge(Setting(key=_KEY, value=json.dumps(kept)))
        self._desk.audit(session, "save setting", entity="setting", detail=detail)


def _kept(session: Session) -> dict[str, Any]:
    row = session.get(Setting, _KEY)
    return {"papers": {}, "fits": {}} if row is None else dict(json.loads(row.value))


def _name(tray: PrinterTray) -> str:
    return f"{tray.printer}\n{tray.tray}"
