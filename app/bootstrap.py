"""The one place that builds things: paths, practice, services, jobs, window, command line."""

from __future__ import annotations

import argparse
import atexit
import gc
import logging
import os
import shutil
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from platformdirs import user_data_path

from app import __version__

if TYPE_CHECKING:
    from app.services.door import Door, Services
    from app.ui.changes import Changes
    from app.ui.jobs import Jobs, Progress
    from app.ui.window import MainWindow

DEMO_PASSPHRASE = "sample practice only"  # noqa: S105 - opens invented data, printed on screen


def run(argv: list[str] | None = None) -> int:
    """Starts the program; returns its exit code."""
    os.umask(0o077)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    arguments = _parser().parse_args(argv)
    if arguments.verify:
        return _verify(arguments.verify)
    if arguments.tour:
        return _tour(arguments.tour)
    if not _has_display():
        print("No display here: running the tour into out/ instead.", flush=True)
        return _tour(Path("out"))
    return _open_window(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cleanclaim", description="Billing for a solo practice.")
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--folder", type=Path, help="folder of the practice")
    parser.add_argument("--demo", action="store_true", help="open a sample practice")
    parser.add_argument("--dark", action="store_true", help="dark colours")
    parser.add_argument("--scale", type=float, default=1.0, help="size of everything, 1.0 to 2.0")
    parser.add_argument("--tour", type=Path, metavar="DIR", help="a biller's day, into pictures")
    parser.add_argument("--verify", type=Path, metavar="FOLDER", help="prove a practice's books")
    return parser


def _has_display() -> bool:
    if os.environ.get("QT_QPA_PLATFORM"):
        return True
    linux = sys.platform.startswith("linux")
    return not linux or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def default_folder() -> Path:
    """Where the practice lies unless another folder is named."""
    return Path(user_data_path("CleanClaim", appauthor=False)) / "practice"


def codes_folder() -> Path:
    """Where the code sets lie: public data, made once for every practice of this computer."""
    return Path(user_data_path("CleanClaim", appauthor=False)) / "codes"


def _open_window(arguments: argparse.Namespace) -> int:
    # Qt and the door come first; SQLAlchemy is loaded behind the unlock window, by the worker.
    from app.ui.dialogs.door import DoorKeys  # noqa: PLC0415 - the bare command line needs no Qt
    from app.ui.start import Start, start  # noqa: PLC0415 - see above

    door = _LateDoor()
    keys = DoorKeys(door.unlock, door.create, door.recover, door.users)
    return start(
        Start(
            keys=keys,
            build=_build_window,
            close=lambda practice: practice.close(),  # type: ignore[attr-defined]
            folder=arguments.folder or default_folder(),
            dark=arguments.dark,
            scale=arguments.scale,
            ready=_sample() if arguments.demo else None,
        )
    )


class _LateDoor:
    """The door of ``app.services``, imported when somebody first knocks."""

    def _door(self) -> Door:
        from app.services.door import Door  # noqa: PLC0415 - half a second of SQLAlchemy

        return Door(codes=codes_folder())

    def unlock(self, folder: Path, user: str, passphrase: str) -> object:
        """See ``Door.unlock``."""
        return self._door().unlock(folder, user, passphrase)

    def create(self, folder: Path, user: str, passphrase: str) -> tuple[object, str]:
        """See ``Door.create``."""
        return self._door().create(folder, user, passphrase)

    def recover(self, folder: Path, recovery_key: str) -> object:
        """See ``Door.recover``."""
        return self._door().recover(folder, recovery_key)

    def users(self, folder: Path) -> tuple[str, ...]:
        """See ``Door.users``."""
        return self._door().users(folder)


def _build_window(practice: object, changes: Changes, jobs: Jobs) -> MainWindow:
    """The window of an open practice."""
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - the command line needs no Qt

    from app.ui.pages.setup_printers import PrinterRoom  # noqa: PLC0415 - see above
    from app.ui.printing.printer_out import PrinterPrintOut  # noqa: PLC0415 - see above
    from app.ui.printing.printers import SystemPrinters  # noqa: PLC0415 - see above
    from app.ui.printout import FolderPrintOut  # noqa: PLC0415 - see above
    from app.ui.rooms import Rooms  # noqa: PLC0415 - brings the pages, and they the services

    services = cast("Services", practice)
    services.subscribe(changes.publish)
    folder = FolderPrintOut(QApplication.activeWindow, services.desk.today.isoformat)
    printers = SystemPrinters()
    out = PrinterPrintOut(services.printers, printers, folder)
    room = PrinterRoom(services.printers, printers, out)
    window = Rooms(services, jobs, out, room).window(changes)
    prepare_codes(services, jobs)
    # What is loaded by now stays for good: left to the collector, it would stop the window for a
    # tenth of a second each time.
    gc.collect()
    gc.freeze()
    return window


def prepare_codes(services: Services, jobs: Jobs) -> None:
    """Makes the code sets ready behind the window: seconds on the first start, then nothing."""

    def work(progress: Progress) -> None:
        services.codesets.prepare(progress.report)

    if not services.codesets.ready:
        jobs.run(work, lambda _: None, name="Making the diagnosis codes ready")


def _sample() -> object:
    """A sample practice in a folder of its own, thrown away when the program ends."""
    from app.services.sample import build_sample  # noqa: PLC0415 - only here

    folder = Path(tempfile.mkdtemp(prefix="cleanclaim-sample-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    print("Making the sample practice; this takes up to a minute …", flush=True)
    today = datetime.now().astimezone().date()
    return build_sample(folder / "practice", DEMO_PASSPHRASE, today=today)


def _tour(folder: Path) -> int:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from app.ui.tour import run_tour  # noqa: PLC0415 - the platform is chosen first

    return run_tour(folder)


def _verify(folder: Path) -> int:
    """Proves the books of a practice; 0 when they hold."""
    from getpass import getpass  # noqa: PLC0415 - only here

    from app.domain.errors import AppError  # noqa: PLC0415 - see _open_window
    from app.services.door import Door  # noqa: PLC0415 - see _open_window

    door = Door()
    try:
        services = door.unlock(folder, door.users(folder)[0], getpass("Passphrase: "))
        found = services.reports.verify_books()
        services.close()
    except AppError as error:
        print(error.message)
        return 2
    for problem in found.problems:
        print(problem)
    print(f"{found.journals} entries, {found.postings} postings, {len(found.problems)} problems")
    return 1 if found.problems else 0
