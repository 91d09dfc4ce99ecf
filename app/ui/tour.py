"""A biller's day through the real windows, drawn to memory: pictures, PDFs and actions counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtWidgets import QApplication

from app.domain.print_ops import SheetOps
from app.services.clock import SetClock
from app.services.door import Door, Services
from app.ui.changes import Changes
from app.ui.dialogs.door import DoorKeys, DoorWindow
from app.ui.jobs import Jobs
from app.ui.printout import PrintOut, Told
from app.ui.rooms import Rooms
from app.ui.theme import apply_theme
from app.ui.tour_coding import coding_scenes
from app.ui.tour_day import Day, day_scenes, see_aging
from app.ui.tour_evening import evening_scenes
from app.ui.tour_hands import Hands, Task, TourStuckError
from app.ui.tour_setup import setup_scenes, unlock_scene
from app.ui.window import MainWindow

# The tour's calendar stands still, so that its pictures are the same every time.
TODAY = date(2026, 11, 23)
# On a busy machine too, a picture shows what was read.
ANSWERED_SECONDS = 30.0


class TourSheets(PrintOut):
    """The tour's printer: keeps each PDF, and the last one as ``claim-stock.pdf``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pdfs: list[bytes] = []

    def put(
        self,
        pdf: bytes,
        name: str,
        told: Told,
        *,
        sheets: Sequence[SheetOps] = (),
        failed: Told | None = None,
    ) -> None:
        """Writes the first sheet of the day; later ones are only counted."""
        self.pdfs.append(pdf)
        if len(self.pdfs) == 1:
            (self.folder / "claim-stock.pdf").write_bytes(pdf)
        told(f"Saved as {name}.pdf.")

    def save(
        self, content: bytes, name: str, told: Told, *, suffix: str, failed: Told | None = None
    ) -> None:
        """Writes a file of another kind."""
        (self.folder / f"{name}.{suffix}").write_bytes(content)
        told(f"Saved as {name}.{suffix}.")


def run_tour(folder: Path) -> int:
    """Runs the day into ``folder``; 0 when every task kept its budget and the books hold."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in [*folder.glob("[0-9][0-9]-*.png"), *folder.glob("*.pdf")]:
        old.unlink()
    app = QApplication.instance() or QApplication(["cleanclaim"])
    assert isinstance(app, QApplication)  # noqa: S101 - for the type checker
    apply_theme(app)
    hands, jobs = Hands(folder), Jobs(patience=ANSWERED_SECONDS)
    with TemporaryDirectory(prefix="cleanclaim-tour-") as place:
        try:
            services = _open(hands, jobs, Path(place) / "practice")
            problems = _run_day(hands, jobs, services, folder)
        finally:
            jobs.shutdown()
    return _report(folder, hands.tasks, problems)


def _open(hands: Hands, jobs: Jobs, place: Path) -> Services:
    """Makes the practice in the first window, as she would."""
    door = Door(clock=SetClock(TODAY))
    keys = DoorKeys(door.unlock, door.create, door.recover, door.users)
    window = DoorWindow(keys, place, jobs, exists=False)
    opened: list[object] = []
    window.opened.connect(opened.append)
    window.show()
    window.activateWindow()
    unlock_scene(hands, window)
    hands.until(lambda: opened, "the practice to open")
    services = opened[0]
    if not isinstance(services, Services):
        raise TourStuckError("the door opened onto something else")
    return services


def _run_day(hands: Hands, jobs: Jobs, services: Services, folder: Path) -> tuple[str, ...]:
    changes, sheets = Changes(), TourSheets(folder)
    services.subscribe(changes.publish)
    window: MainWindow = Rooms(services, jobs, sheets).window(changes)
    window.resize(1440, 900)
    window.show()
    window.activateWindow()
    hands.settle(200)
    day = Day(hands, window, services, sheets)
    services.codesets.prepare()
    try:
        setup_scenes(hands, window, services)
        day_scenes(day)
        evening_scenes(day)
        coding_scenes(day)
        see_aging(day)
        return services.reports.verify_books().problems
    finally:
        window.close()
        services.close()


def _report(folder: Path, tasks: list[Task], problems: tuple[str, ...]) -> int:
    lines = ["Actions of the day: a typed field, a click or a key counts one.", ""]
    for task in tasks:
        budget = f"of {task.budget}" if task.budget is not None else ""
        lines.append(
            f"{task.name:48} {task.actions:4} {budget:6}{'' if task.kept else ' EXCEEDED'}"
        )
    lines += [
        "",
        *problems,
        "Books verified: no problem." if not problems else "Books do not hold.",
    ]
    text = "\n".join(lines) + "\n"
    (folder / "summary.txt").write_text(text, encoding="utf-8")
    print(text, flush=True)
    return 1 if problems or any(not task.kept for task in tasks) else 0
