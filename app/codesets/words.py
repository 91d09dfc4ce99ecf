"""Words as a code search compares them: folded to plain letters, possessives and plurals gone."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPLIT = re.compile(r"[^a-z0-9]+")
_POSSESSIVE = re.compile(r"(?<=[a-z])['’`]s?\b")
# British and old spellings of the trade, folded to the official list's own.
_SPELLINGS = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"aemi", "emi"),
        (r"oede", "ede"),
        (r"haem", "hem"),
        (r"oeso", "eso"),
        (r"diarrhoe", "diarrhe"),
        (r"paed", "ped"),
        (r"anaes", "anes"),
        (r"gynae", "gyne"),
        (r"orthopaed", "orthoped"),
        (r"leukae", "leuke"),
        (r"foet", "fet"),
        (r"tumour", "tumor"),
    )
)

_STOP_WORDS = """
a an and as at by due for from in into is nos nec of on or other otherwise specified the to type
unspecified with elsewhere classified classifiable not patient pt has had s t encounter status site
part
"""
_SOFT_WORDS = """
disease diseases disorder disorders syndrome condition conditions without initial subsequent sequela
acute complication complications mention problem problems symptom symptoms right left bilateral
uncomplicated closed simple primary essential
"""
# Endings dropped to reach the part that relatives share: diabetes, diabetic → diabet.
_ENDINGS = """
ations ation ational itides itic itis oses osis otic ically ical ics ic ism isms ist ectomies
ectomy otomy ostomy emia emic ias ia ial ially ions ion ional ive ively ities ity ies ances ance
ence ences ants ant ents ent ings ing edly ed es e s y al ally ous ously
"""
STOP = frozenset(_STOP_WORDS.split())  # words that tell no diagnosis from another
SOFT = frozenset(_SOFT_WORDS.split())  # words that tell something, but little
_SUFFIXES = tuple(sorted(_ENDINGS.split(), key=len, reverse=True))
SHORTEST_STEM = 5


def fold(text: str) -> str:
    """Lower case, plain ASCII letters, official spelling: ``Ménière's`` → ``meniere``."""
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    plain = _POSSESSIVE.sub("", plain)
    for pattern, official in _SPELLINGS:
        plain = pattern.sub(official, plain)
    return plain


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    return [word for word in _SPLIT.split(fold(text)) if word]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What a word shares with its relatives; a short word is its own stem."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= SHORTEST_STEM:
            return word[: -len(suffix)]
    if len(word) > 4 and word.endswith("es"):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def ascii_text(text: str) -> str:
    """A title as a claim or a remittance may carry it: accents gone, case kept."""
    plain = unicodedata.normalize("NFKD", text)
    return plain.encode("ascii", "ignore").decode("ascii")
