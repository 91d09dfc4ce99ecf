"""Start: process start to first paint of the unlock window, against a bare PySide6 window."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from app.services.door import Door
from benchmarks.measure import BenchResult, interleave_timed

ROOT = Path(__file__).resolve().parents[1]

# Both print the clock at their first paint; what the process does afterwards is not the start.
BARE = """
import time
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
class W(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        print(time.time(), flush=True)
        app.quit()
w = W(); w.show(); app.exec()
"""

DOOR = """
import sys, time
from app import bootstrap
from PySide6.QtWidgets import QApplication
from app.ui.dialogs import door
class W(door.DoorWindow):
    painted = False
    def paintEvent(self, event):
        super().paintEvent(event)
        if not W.painted:
            W.painted = True
            print(time.time(), flush=True)
            QApplication.instance().quit()
import app.ui.start
app.ui.start.DoorWindow = W
bootstrap.run(["--folder", sys.argv[1]])
"""


def _seconds(code: str, *arguments: str) -> float:
    begin = time.time()
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout.split()[0]) - begin


def run() -> BenchResult:
    """Median ratio over interleaved pairs, on a practice that is there to be unlocked."""
    with TemporaryDirectory() as place:
        folder = Path(place) / "practice"
        services, _ = Door().create(folder, "Dana Biller", "correct horse battery staple")
        services.close()
        ratio = interleave_timed(lambda: _seconds(DOOR, str(folder)), lambda: _seconds(BARE), 15)
    return BenchResult("start to first paint", ratio, 2.5)
