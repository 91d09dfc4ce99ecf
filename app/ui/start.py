"""From nothing to the open window: the door first, then the rooms behind it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.ui.changes import Changes
from app.ui.dialogs.door import DoorKeys, DoorWindow
from app.ui.guard import install_excepthook, report_crash
from app.ui.jobs import Jobs
from app.ui.theme import apply_theme
from app.ui.window import MainWindow


@dataclass(frozen=True, slots=True)
class Start:
    """What the command line asked for.

    Attributes:
        keys: opens and creates practices.
        build: the open practice, news, jobs → its main window.
        close: closes the open practice.
        folder: where the practice lies, or shall lie.
        ready: an already open practice (the sample), which needs no door.
    """

    keys: DoorKeys
    build: Callable[[object, Changes, Jobs], MainWindow]
    close: Callable[[object], None]
    folder: Path
    dark: bool = False
    scale: float = 1.0
    ready: object = None


@dataclass(slots=True)
class _Running:
    """What must stay alive while the program runs."""

    window: MainWindow | None = None
    door: DoorWindow | None = None
    practices: list[object] = field(default_factory=list)


def start(plan: Start) -> int:
    """Shows the door, then the window; returns the exit code when the last one closes."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("CleanClaim")
    apply_theme(app, plan.dark, plan.scale)
    running = _Running()
    install_excepthook(lambda: running.window)
    changes = Changes()
    jobs = Jobs(on_error=lambda error: report_crash(error, running.window))

    def enter(practice: object) -> None:
        running.practices.append(practice)
        running.window = plan.build(practice, changes, jobs)
        running.window.resize(1440, 900)
        running.window.show()

    if plan.ready is not None:
        enter(plan.ready)
    else:
        exists = plan.folder.is_dir() and any(plan.folder.iterdir())
        running.door = DoorWindow(plan.keys, plan.folder, jobs, exists=exists)
        running.door.opened.connect(enter)
        running.door.show()
    code = app.exec()
    jobs.shutdown()
    for practice in running.practices:
        plan.close(practice)
    return code
