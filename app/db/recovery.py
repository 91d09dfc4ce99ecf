"""The recovery key as text: 160 random bits in eight groups of four, made to be copied by hand."""

from __future__ import annotations

import secrets

from app.domain.errors import WrongPassphrase

RECOVERY_BYTES = 20
RECOVERY_CHARACTERS = 32

# Crockford's base 32: without I, L, O and U, so that a key copied by hand has one reading.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", "–": "", "—": "", "_": ""})


def new_recovery_key() -> tuple[bytes, str]:
    """A new secret of 20 bytes, and the text of it that is shown once."""
    secret = secrets.token_bytes(RECOVERY_BYTES)
    number = int.from_bytes(secret)
    text = "".join(
        _ALPHABET[number >> shift & 31] for shift in range(5 * (RECOVERY_CHARACTERS - 1), -1, -5)
    )
    return secret, "-".join(text[i : i + 4] for i in range(0, RECOVERY_CHARACTERS, 4))


def recovery_bytes(typed: str) -> bytes:
    """The secret of a typed key; case, blanks, hyphens and look-alikes do not matter.

    Raises:
        WrongPassphrase: when the text cannot be a recovery key.
    """
    text = "".join(typed.upper().split()).translate(_LOOK_ALIKES)
    if len(text) != RECOVERY_CHARACTERS or not set(text) <= set(_ALPHABET):
        raise WrongPassphrase(
            "A recovery key is eight groups of four letters and digits. Check it and type it again."
        )
    number = 0
    for character in text:
        number = number << 5 | _ALPHABET.index(character)
    return number.to_bytes(RECOVERY_BYTES)
