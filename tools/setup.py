"""Makes the machine ready: virtual environment, locked packages, Qt's system libraries.

Runs on a bare Debian or Ubuntu with nothing but Python and make, and equally on Windows and macOS
(where Qt's wheels carry all they need). Standard library only. Usage: ``setup.py runtime|dev``.
"""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

# Library that Qt loads -> Debian package that brings it.
QT_LIBRARIES = {
    "GL": "libgl1",
    "EGL": "libegl1",
    "glib-2.0": "libglib2.0-0",
    "fontconfig": "libfontconfig1",
    "xkbcommon": "libxkbcommon0",
    "dbus-1": "libdbus-1-3",
    "xcb-cursor": "libxcb-cursor0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-shape": "libxcb-shape0",
    "xcb-xkb": "libxcb-xkb1",
    "xcb-render-util": "libxcb-render-util0",
    "xcb-image": "libxcb-image0",
    "xcb-randr": "libxcb-randr0",
    "xkbcommon-x11": "libxkbcommon-x11-0",
}


def say(text: str) -> None:
    """One line to the person who typed ``make``."""
    print(f"setup: {text}", flush=True)


def _has_library(name: str) -> bool:
    if ctypes.util.find_library(name):
        return True
    # find_library needs ldconfig or a compiler; a bare machine may have neither.
    folders = ("/lib", "/usr/lib", "/usr/local/lib", "/lib64", "/usr/lib64")
    return any(next(Path(f).glob(f"**/lib{name}.so*"), None) for f in folders if Path(f).is_dir())


def _missing_packages() -> list[str]:
    wanted = [pkg for lib, pkg in QT_LIBRARIES.items() if not _has_library(lib)]
    try:
        import ensurepip  # noqa: F401, PLC0415 - absent on Debian without the venv package
    except ImportError:
        wanted.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    return wanted


def _install_command(packages: list[str]) -> list[str] | None:
    """The apt line with the rights we have, or None when we may not install."""
    line = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() == 0:
        return line
    sudo = shutil.which("sudo")
    if (
        sudo
        and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return [sudo, "-n", *line]
    return None


def ensure_system() -> None:
    """Installs Qt's system libraries where allowed; else says the exact line to type and stops."""
    if not sys.platform.startswith("linux"):
        return
    packages = _missing_packages()
    if not packages:
        return
    typed = "sudo apt-get update && sudo apt-get install -y " + " ".join(packages)
    command = _install_command(packages) if shutil.which("apt-get") else None
    if command is None:
        say("these system packages are missing and I may not install them. Type:")
        raise SystemExit(f"    {typed}")
    say("installing system packages: " + " ".join(packages))
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*command[: command.index("install")], "update", "-qq"], env=env, check=False)
    if subprocess.run([*command[:1], *command[1:]], env=env, check=False).returncode != 0:
        say("installing failed. Type this yourself and run make again:")
        raise SystemExit(f"    {typed}")


def ensure_venv() -> None:
    """Creates ``.venv`` with the Python that runs this script."""
    if PYTHON.exists():
        return
    if sys.version_info < (3, 11):  # noqa: UP036 - the reader may hold an older Python
        raise SystemExit("setup: CleanClaim needs Python 3.11 or newer; run make PYTHON=python3.11")
    say(f"making .venv with Python {sys.version.split()[0]}")
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)


def install(name: str) -> None:
    """Installs ``requirements/NAME.txt``, every file checked against its hash."""
    say(f"installing locked packages ({name}) …")
    locked = ROOT / "requirements" / f"{name}.txt"
    command = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "-r",
        str(locked),
    ]
    if subprocess.run(command, check=False).returncode != 0:
        raise SystemExit(
            "setup: pip could not install; is the machine online? Then run make again."
        )
    (VENV / f".{name}-ready").touch()


def main(argv: list[str]) -> None:
    """``setup.py runtime`` for running the program, ``setup.py dev`` for checking it too."""
    which = argv[1] if len(argv) > 1 else "runtime"
    ensure_system()
    ensure_venv()
    install("runtime")
    if which == "dev":
        install("dev")


if __name__ == "__main__":
    main(sys.argv)
