"""A 40-line EOB keyed into the real program in a real X window, without one mouse event.

``python -m tests.xvfb.post_eob [FOLDER FOR A PICTURE]`` starts a display of its own (Xvfb), opens a
prepared practice with ``main.py``, unlocks it, opens a check, keys ten claims of four lines, closes
the check and leaves, all by keys sent through the X server (xdotool). Then it opens the practice
through the services and compares every cent.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from app.domain.claim_form import Address, PayerType
from app.services.clock import SetClock, SystemClock
from app.services.door import Door, Services
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.people_commands import SavePatient, SavePayer, SavePolicy
from tests.office import PASSPHRASE, USER, office_place, set_up

ROOT = Path(__file__).resolve().parents[2]
PO_BOX = Address("PO Box 81200", "", "Roanoke", "VA", "24038")
HOME = Address("118 Orchard Ln", "", "Salem", "VA", "24153")
NAMES = (
    *("Abbot", "Brill", "Chase", "Dunn", "Engel"),
    *("Frost", "Gable", "Hirsch", "Ivers", "Joyce"),
)
CHARGES = (("99214", 18500), ("20610", 16500), ("J1030", 6200), ("73560", 9000))
CHECK = "0077310"
PATIENCE = 90  # seconds until a window must have come


@dataclass(frozen=True)
class Keyed:
    """One line: what is typed, and what it must do to the books (cents)."""

    typed: tuple[str, ...]
    paid: int
    patient: int = 0
    held: int = 0


# A line paid as expected is its allowed amount and Enter; a letter jumps to a column of its own.
_PLAIN = (
    Keyed(("128.40",), 12840),
    Keyed(("96.10",), 9610),
    Keyed(("41.15",), 4115),
    Keyed(("60.00",), 6000),
)
_COINSURANCE = (
    Keyed(("128.40c", "25.68"), 10272, 2568),
    Keyed(("96.10", "19.22"), 7688, 1922),
    Keyed(("41.15", "8.23"), 3292, 823),
    Keyed(("60.00", "12.00"), 4800, 1200),
)
_COPAY = (Keyed(("128.40y", "20.00"), 10840, 2000), *_PLAIN[1:])
_DENIED = (*_PLAIN[:3], Keyed(("0", "16"), 0, 0, 9000))
PAPER = dict(zip(NAMES, (_PLAIN, _COINSURANCE, _COPAY, _PLAIN, _DENIED) * 2, strict=True))
LINES = sum(map(len, PAPER.values()))
TOTAL = sum(line.paid for lines in PAPER.values() for line in lines)


@dataclass
class Hands:
    """Keys through the X server, counted: a field with its Enter is one action, a key is one."""

    display: str
    keys: int = 0
    actions: int = 0
    _env: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._env = {**os.environ, "DISPLAY": self.display}

    def _xdotool(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words], env=self._env, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    def window(self, title: str) -> None:
        """Waits for a window and gives it the keyboard, as a window manager would."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = self._xdotool("search", "--onlyvisible", "--name", title).split()
            if found:
                time.sleep(1)
                self._xdotool("windowfocus", "--sync", found[-1])
                time.sleep(0.5)
                return
            time.sleep(0.2)
        raise TimeoutError(f"no window {title!r}")

    def type(self, typed: str) -> None:
        """Letters and figures."""
        self._xdotool("type", "--delay", "8", "--", typed)
        self.keys += len(typed)

    def key(self, name: str) -> None:
        """One key, or one with Ctrl held."""
        self._xdotool("key", name)
        self.keys += 1
        self.actions += 1

    def enter(self, typed: str) -> None:
        """A field: typed, then Enter; or ended by the letter that jumps along the line."""
        self.type(typed)
        if typed[-1:].isalpha() and typed[:-1].replace(".", "").isdigit():
            self.actions += 1
        else:
            self.key("Return")


# --- the practice ---------------------------------------------------------------------------------
def prepare(folder: Path, today: date) -> None:
    """Ten patients whose claims of four lines are out with one payer."""
    services, _ = Door(clock=SetClock(today)).create(folder, USER, PASSPHRASE)
    try:
        provider = set_up(services)
        payer = services.setup.save_payer(SavePayer("Blue Ridge PPO", PayerType.GROUP, PO_BOX))
        for name in NAMES:
            _send(services, provider, payer, name, today)
    finally:
        services.close()


def _send(services: Services, provider: int, payer: int, last: str, today: date) -> None:
    patient = services.patients.save(
        SavePatient(
            last=last,
            first="Ruth",
            birth_date=date(1964, 4, 17),
            sex="F",
            address=HOME,
            release_signature_date=today - timedelta(days=300),
            policies=(SavePolicy(payer, f"XQK{last.upper()}", plan_name="Ridge"),),
        )
    ).patient_id
    lines = tuple(SaveLine(code, cents, pointers="A") for code, cents in CHARGES)
    visit = SaveEncounter(
        patient,
        provider,
        today - timedelta(days=30),
        facility_id=office_place(services),
        diagnoses=("M17.11",),
        lines=lines,
    )
    claims = services.encounters.post_charges(services.encounters.save(visit).encounter_id)
    services.claims.print_claims(claims.claim_ids)
    services.claims.confirm_printed(claims.claim_ids)


# --- the day --------------------------------------------------------------------------------------
@contextmanager
def display() -> Iterator[str]:
    """A display of its own, gone at the end."""
    ours, theirs = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(theirs),
        "-screen",
        "0",
        "1600x1000x24",
        "-nolisten",
        "tcp",
    ]
    server = subprocess.Popen(command, pass_fds=(theirs,), stderr=subprocess.DEVNULL)
    os.close(theirs)
    try:
        with os.fdopen(ours) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def program(folder: Path, home: Path, screen: str) -> Iterator[subprocess.Popen[bytes]]:
    """``main.py`` on a display, with nothing of this computer's settings."""
    named = ("QT_QPA_PLATFORM", "XDG_RUNTIME_DIR", "WAYLAND_DISPLAY")
    kept = {key: value for key, value in os.environ.items() if key not in named}
    env = kept | {
        "DISPLAY": screen,
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_RUNTIME_DIR": str(home),
        "QT_QPA_PLATFORM": "xcb",
    }
    running = subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "--folder", str(folder)], cwd=ROOT, env=env
    )
    try:
        yield running
    finally:
        if running.poll() is None:
            running.kill()
        running.wait()


def key_the_eob(hands: Hands) -> None:
    """The check, ten claims, and Ctrl+Enter at 0.00."""
    hands.key("ctrl+n")
    for typed in ("blue", CHECK, "t", f"{TOTAL // 100}.{TOTAL % 100:02}"):
        hands.enter(typed)
    for name, lines in PAPER.items():
        hands.enter(name.lower())
        for line in lines:
            for typed in line.typed:
                hands.enter(typed)
        if name != NAMES[-1]:
            hands.key("F9")
    hands.key("ctrl+Return")


def keyed(folder: Path, home: Path, picture: Path | None = None) -> Hands:
    """Everything from the door to the way out; returns the hands with their counts."""
    with display() as screen, program(folder, home, screen) as running:
        hands = Hands(screen)
        hands.window("CleanClaim")
        time.sleep(2)  # the name is read by the worker
        hands.type(PASSPHRASE)
        hands.key("ctrl+Return")
        hands.window("Larkfield")
        hands.key("ctrl+5")
        hands.keys = hands.actions = 0
        key_the_eob(hands)
        time.sleep(2)
        if picture is not None:
            _shoot(screen, picture)
        running.terminate()
        running.wait()
        return hands


def _shoot(screen: str, picture: Path) -> None:
    if shutil.which("import"):
        subprocess.run(["import", "-display", screen, "-window", "root", str(picture)], check=False)


# --- what is in the books -------------------------------------------------------------------------
_LINES = (
    "SELECT p.last, l.position, e.paid_cents, l.charge_cents,"
    " COALESCE((SELECT amount_cents FROM line_balance WHERE charge_line_id = l.id"
    "  AND party_id = 1), 0),"
    " COALESCE((SELECT SUM(amount_cents) FROM line_balance WHERE charge_line_id = l.id"
    "  AND party_id <> 1), 0)"
    " FROM eob_line e JOIN charge_line l ON l.id = e.charge_line_id"
    " JOIN encounter v ON v.id = l.encounter_id JOIN patient p ON p.id = v.patient_id"
)


def compare(folder: Path, today: date) -> list[str]:
    """What is not as on the paper; nothing when every cent is."""
    services = Door(clock=SetClock(today)).unlock(folder, USER, PASSPHRASE)
    try:
        with services.desk.read() as session:
            rows = session.execute(text(_LINES)).all()
        found = {(last, n): (paid, patient, payer) for last, n, paid, _, patient, payer in rows}
        meant = {
            (name, n): (line.paid, line.patient, line.held)
            for name, lines in PAPER.items()
            for n, line in enumerate(lines, start=1)
        }
        wrong = [f"{key}: {found.get(key)} instead of {want}"
                 for key, want in meant.items() if found.get(key) != want]  # fmt: skip
        wrong += [f"posted beside the paper: {key}" for key in found.keys() - meant.keys()]
        checks = services.checks.for_posting()
        if [(c.number, c.status, c.amount_cents) for c in checks] != [(CHECK, "closed", TOTAL)]:
            wrong.append(f"the check: {checks}")
        return wrong + list(services.reports.verify_books().problems)
    finally:
        services.close()


def missing() -> Sequence[str]:
    """Tools this needs that are not here."""
    return [name for name in ("Xvfb", "xdotool") if shutil.which(name) is None]


def run(picture: Path | None = None) -> tuple[Hands, list[str]]:
    """Prepares, keys, compares."""
    today = SystemClock().today()
    with TemporaryDirectory() as place:
        home = Path(place)
        prepare(home / "practice", today)
        hands = keyed(home / "practice", home, picture)
        return hands, compare(home / "practice", today)


def main() -> int:
    """Says how many keys it took, and every line that is not as on the paper."""
    hands, wrong = run(Path(sys.argv[1]) / "posted.png" if len(sys.argv) > 1 else None)
    print(f"{LINES} lines in {hands.actions} actions, {hands.keys} keys, no mouse event")
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
