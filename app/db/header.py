"""``practice.key``: the small file that holds the wrapped database key.

Layout: one magic line with the format version, one line of canonical JSON, one line with the
SHA-256 of everything before it. The checksum tells damage before any passphrase is tried; the MAC
inside the JSON, keyed by the database key, tells tampering after one opened a slot.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.db.files import write_atomic
from app.db.troubles import disk_trouble
from app.domain.errors import DamagedFile, NewerFile, NotFound

MAGIC = b"CLEANCLAIM-KEY "
VERSION = 1
_DAMAGED = (
    "The file practice.key is damaged. Restore it from a backup; without it the practice cannot "
    "be opened."
)


@dataclass(frozen=True, slots=True)
class KdfCost:
    """Cost of one guess at a passphrase: argon2id memory in KiB, passes and lanes."""

    memory_kib: int
    passes: int
    lanes: int

    def reaches(self, floor: KdfCost) -> bool:
        """Whether a guess costs at least as much as under ``floor``."""
        return (
            self.memory_kib >= floor.memory_kib
            and self.passes >= floor.passes
            and self.lanes >= floor.lanes
        )


@dataclass(frozen=True, slots=True)
class Slot:
    """The database key, wrapped for one holder.

    Attributes:
        user: name of the user; None for the slot of the recovery key.
        cost: argon2id parameters; None where the secret needs no stretching.
        salt: 16 random bytes for the derivation of the wrapping key.
        nonce: 12 random bytes of AES-GCM.
        wrapped: encrypted database key with its tag, 48 bytes.
    """

    user: str | None
    cost: KdfCost | None
    salt: bytes
    nonce: bytes
    wrapped: bytes

    def label(self, practice: bytes) -> bytes:
        """What AES-GCM binds the slot to, so that slots cannot be swapped or weakened."""
        cost = (self.cost.memory_kib, self.cost.passes, self.cost.lanes) if self.cost else None
        return json.dumps([practice.hex(), self.user, cost, self.salt.hex()]).encode()


@dataclass(frozen=True, slots=True)
class Header:
    """Identity of the practice, its key slots, and the MAC over both."""

    practice: bytes
    slots: tuple[Slot, ...]
    mac: bytes

    def content(self) -> bytes:
        """Canonical bytes of everything the MAC vouches for."""
        slots = [_slot_out(slot) for slot in self.slots]
        return _json({"practice": self.practice.hex(), "slots": slots})


def read_header(path: Path) -> Header:
    """Reads and proves the header file, without any secret.

    Raises:
        NotFound: when there is no such file.
        DamagedFile: when a single byte differs from what was written.
        NewerFile: when a later version of the program wrote it.
        StoreTrouble: when the disk does not let us read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound("There is no practice.key here. Choose the practice folder.") from error
    except OSError as error:
        raise disk_trouble(error) from error
    version, body = _proven(data)
    if version > VERSION:
        raise NewerFile("A newer version of CleanClaim wrote this practice. Update the program.")
    try:
        return _parse(body)
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedFile(_DAMAGED) from error


def write_header(path: Path, header: Header) -> None:
    """Writes the header atomically.

    Raises:
        StoreTrouble: when the disk does not let us; the old header is then still in place.
    """
    content = json.loads(header.content())
    body = MAGIC + str(VERSION).encode() + b"\n" + _json({**content, "mac": header.mac.hex()})
    write_atomic(path, body + b"\n" + hashlib.sha256(body).hexdigest().encode() + b"\n")


def _proven(data: bytes) -> tuple[int, bytes]:
    lines = data.split(b"\n")
    if len(lines) != 4 or lines[3]:
        raise DamagedFile(_DAMAGED)
    digest = hashlib.sha256(lines[0] + b"\n" + lines[1]).hexdigest().encode()
    number = lines[0].removeprefix(MAGIC)
    if digest != lines[2] or not lines[0].startswith(MAGIC) or not number.isdigit():
        raise DamagedFile(_DAMAGED)
    return int(number), lines[1]


def _parse(body: bytes) -> Header:
    values = json.loads(body)
    return Header(
        practice=bytes.fromhex(values["practice"]),
        slots=tuple(_slot_in(slot) for slot in values["slots"]),
        mac=bytes.fromhex(values["mac"]),
    )


def _slot_out(slot: Slot) -> dict[str, Any]:
    cost = slot.cost
    return {
        "user": slot.user,
        "argon2id": [cost.memory_kib, cost.passes, cost.lanes] if cost else None,
        "salt": slot.salt.hex(),
        "nonce": slot.nonce.hex(),
        "wrapped": slot.wrapped.hex(),
    }


def _slot_in(values: dict[str, Any]) -> Slot:
    cost = values["argon2id"]
    return Slot(
        user=values["user"],
        cost=KdfCost(*map(int, cost)) if cost else None,
        salt=bytes.fromhex(values["salt"]),
        nonce=bytes.fromhex(values["nonce"]),
        wrapped=bytes.fromhex(values["wrapped"]),
    )


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")
