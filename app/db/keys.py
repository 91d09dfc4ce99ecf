"""Who can open a practice: passphrases of users and one recovery key, over one random key.

The database is encrypted with 256 random bits that never change; each holder's secret wraps those
bits, so changing a passphrase rewrites a few hundred bytes and not the database.
"""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.db.header import Header, KdfCost, Slot, read_header, write_header
from app.db.recovery import new_recovery_key, recovery_bytes
from app.domain.errors import DamagedFile, Invalid, NotFound, Refused, WrongPassphrase
from app.domain.findings import Finding

KEY_BYTES = 32

STRONG = KdfCost(memory_kib=64 * 1024, passes=3, lanes=4)
# OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane is the minimum.
OWASP_FLOOR = KdfCost(memory_kib=19 * 1024, passes=2, lanes=1)
# Above this a header is an attack on the machine's memory, not a setting of ours.
_CEILING = KdfCost(memory_kib=4 * 1024 * 1024, passes=64, lanes=64)

_WRONG = "That passphrase does not open this practice. Check Caps Lock and type it again."
_WRONG_RECOVERY = "That recovery key does not open this practice. Compare it with your sheet."
_TAMPERED = "The file practice.key was changed outside CleanClaim. Restore it from a backup."


def derive(key: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose, out of a random key (HKDF-SHA256)."""
    return HKDF(
        algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"cleanclaim:" + purpose.encode()
    ).derive(key)


def create_header(
    path: Path, users: Sequence[tuple[str, str]], cost: KdfCost = STRONG
) -> tuple[bytes, str]:
    """Writes a new header with one slot per (user name, passphrase) and a recovery slot.

    Returns:
        The raw database key (32 bytes) and the recovery key, to be shown once.

    Raises:
        Invalid: when a name or passphrase is blank, or a name is there twice.
        StoreTrouble: when the disk does not let us.
    """
    key, practice = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(16)
    secret, recovery_key = new_recovery_key()
    slots = [_user_slot(practice, key, name, phrase, cost) for name, phrase in users]
    if len({_folded(slot.user) for slot in slots}) != len(slots) or not slots:
        raise Invalid([Finding("user_name", "Every user needs a name of their own.")])
    header = Header(practice, (*slots, _recovery_slot(practice, key, secret)), b"")
    _write_signed(path, header, key)
    return key, recovery_key


def unlock(path: Path, user_name: str, passphrase: str, floor: KdfCost = OWASP_FLOOR) -> bytes:
    """The raw database key, for a user's passphrase.

    Raises:
        WrongPassphrase: when the user is unknown or the passphrase is not theirs.
        DamagedFile: when the header is damaged, weakened below ``floor`` or was tampered with.
        NotFound, NewerFile, StoreTrouble: see ``read_header``.
    """
    header = read_header(path)
    slot = _find(header, user_name)
    if slot is None or slot.cost is None:
        raise WrongPassphrase(_WRONG)
    if not slot.cost.reaches(floor) or not _CEILING.reaches(slot.cost):
        raise DamagedFile(_TAMPERED)
    wrapping = _stretch(passphrase, slot.salt, slot.cost)
    return _opened(header, slot, wrapping, _WRONG)


def unlock_with_recovery(path: Path, recovery_key: str) -> bytes:
    """The raw database key, for the recovery key as typed (case, spaces, hyphens do not matter).

    Raises:
        WrongPassphrase: when the key is not the one of this practice.
        DamagedFile, NotFound, NewerFile, StoreTrouble: as ``unlock``.
    """
    header = read_header(path)
    secret = recovery_bytes(recovery_key)
    slot = next((slot for slot in header.slots if slot.user is None), None)
    if slot is None:
        raise DamagedFile(_TAMPERED)
    wrapping = derive(secret + slot.salt, "recovery")
    return _opened(header, slot, wrapping, _WRONG_RECOVERY)


def user_names(path: Path) -> tuple[str, ...]:
    """Names that have a passphrase, in the order they were added; needs no secret.

    Raises:
        DamagedFile, NotFound, NewerFile, StoreTrouble: see ``read_header``.
    """
    return tuple(slot.user for slot in read_header(path).slots if slot.user is not None)


def registered_name(path: Path, user_name: str) -> str:
    """The user's name as it was registered, for one typed in another case or spacing.

    Raises:
        NotFound: when there is no such user, or no header.
        DamagedFile, NewerFile, StoreTrouble: see ``read_header``.
    """
    slot = _find(read_header(path), user_name)
    if slot is None or slot.user is None:
        raise NotFound("There is no user of that name.")
    return slot.user


def change_passphrase(
    path: Path,
    user_name: str,
    old: str,
    new: str,
    *,
    cost: KdfCost = STRONG,
    floor: KdfCost = OWASP_FLOOR,
) -> None:
    """Replaces a user's passphrase, given the old one.

    Raises:
        WrongPassphrase: when ``old`` is wrong.
        Invalid: when ``new`` is blank.
        DamagedFile, NotFound, NewerFile, StoreTrouble: as ``unlock``.
    """
    set_passphrase(path, unlock(path, user_name, old, floor), user_name, new, cost)


def set_passphrase(
    path: Path, key: bytes, user_name: str, new: str, cost: KdfCost = STRONG
) -> None:
    """Replaces a user's passphrase, given the database key (after the recovery key was used).

    Raises:
        NotFound: when there is no such user.
        Invalid: when ``new`` is blank.
        DamagedFile, NewerFile, StoreTrouble: as ``unlock``.
    """
    header = _vouched(path, key)
    old = _find(header, user_name)
    if old is None or old.user is None:
        raise NotFound("There is no user of that name.")
    new_slot = _user_slot(header.practice, key, old.user, new, cost)
    slots = tuple(new_slot if slot is old else slot for slot in header.slots)
    _write_signed(path, replace(header, slots=slots), key)


def add_user(
    path: Path, key: bytes, user_name: str, passphrase: str, cost: KdfCost = STRONG
) -> None:
    """Gives one more user a passphrase of their own.

    Raises:
        Invalid: when the name is taken, or name or passphrase is blank.
        DamagedFile, NotFound, NewerFile, StoreTrouble: as ``unlock``.
    """
    header = _vouched(path, key)
    if _find(header, user_name) is not None:
        raise Invalid([Finding("user_name", "There is already a user of that name.")])
    slot = _user_slot(header.practice, key, user_name, passphrase, cost)
    users = tuple(slot for slot in header.slots if slot.user is not None)
    rest = tuple(slot for slot in header.slots if slot.user is None)
    _write_signed(path, replace(header, slots=(*users, slot, *rest)), key)


def remove_user(path: Path, key: bytes, user_name: str) -> None:
    """Takes a user's passphrase away; it opens nothing from then on.

    Raises:
        NotFound: when there is no such user.
        Refused: when it is the last user.
        DamagedFile, NewerFile, StoreTrouble: as ``unlock``.
    """
    header = _vouched(path, key)
    old = _find(header, user_name)
    if old is None:
        raise NotFound("There is no user of that name.")
    slots = tuple(slot for slot in header.slots if slot is not old)
    if all(slot.user is None for slot in slots):
        raise Refused("last_user", "The last user cannot be removed. Add another one first.")
    _write_signed(path, replace(header, slots=slots), key)


def replace_recovery_key(path: Path, key: bytes) -> str:
    """Issues a new recovery key, to be shown once; the old sheet opens nothing any more.

    Raises:
        DamagedFile, NotFound, NewerFile, StoreTrouble: as ``unlock``.
    """
    header = _vouched(path, key)
    secret, recovery_key = new_recovery_key()
    users = tuple(slot for slot in header.slots if slot.user is not None)
    slots = (*users, _recovery_slot(header.practice, key, secret))
    _write_signed(path, replace(header, slots=slots), key)
    return recovery_key


def _write_signed(path: Path, header: Header, key: bytes) -> None:
    write_header(path, replace(header, mac=_mac(header, key)))


def _mac(header: Header, key: bytes) -> bytes:
    return hmac.digest(derive(key, "header"), header.content(), "sha256")


def _vouched(path: Path, key: bytes) -> Header:
    header = read_header(path)
    if not hmac.compare_digest(header.mac, _mac(header, key)):
        raise DamagedFile(_TAMPERED)
    return header


def _opened(header: Header, slot: Slot, wrapping: bytes, wrong: str) -> bytes:
    try:
        key = AESGCM(wrapping).decrypt(slot.nonce, slot.wrapped, slot.label(header.practice))
    except InvalidTag as error:
        raise WrongPassphrase(wrong) from error
    if not hmac.compare_digest(header.mac, _mac(header, key)):
        raise DamagedFile(_TAMPERED)
    return key


def _user_slot(practice: bytes, key: bytes, name: str, passphrase: str, cost: KdfCost) -> Slot:
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name:
        raise Invalid([Finding("user_name", "Enter a user name.")])
    if not passphrase.strip():
        raise Invalid([Finding("passphrase", "Enter a passphrase.")])
    salt = secrets.token_bytes(16)
    blank = Slot(name, cost, salt, secrets.token_bytes(12), b"")
    return _wrapped(blank, practice, key, _stretch(passphrase, salt, cost))


def _recovery_slot(practice: bytes, key: bytes, secret: bytes) -> Slot:
    blank = Slot(None, None, secrets.token_bytes(16), secrets.token_bytes(12), b"")
    return _wrapped(blank, practice, key, derive(secret + blank.salt, "recovery"))


def _wrapped(blank: Slot, practice: bytes, key: bytes, wrapping: bytes) -> Slot:
    sealed = AESGCM(wrapping).encrypt(blank.nonce, key, blank.label(practice))
    return replace(blank, wrapped=sealed)


def _stretch(passphrase: str, salt: bytes, cost: KdfCost) -> bytes:
    # NFKC: keyboards and systems compose accented letters differently for the same keystrokes.
    return hash_secret_raw(
        unicodedata.normalize("NFKC", passphrase).encode(),
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )


def _find(header: Header, user_name: str) -> Slot | None:
    wanted = _folded(user_name)
    users = (slot for slot in header.slots if slot.user is not None)
    return next((slot for slot in users if _folded(slot.user) == wanted), None)


def _folded(name: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", name or "").casefold().split())
