"""What a biller typed, as the form wants it: capitals, no accents, hardly any punctuation.

Four manners: a person's name, prose (addresses, organisations, plan names), identifiers and notes
(item 19, shaded lines). Each returns ``Written``: the text and what could not be printed of it.
Sources: NUCC item texts (names with commas between the parts and hyphens kept; addresses without
punctuation; identifiers without blanks and hyphens); Medicare contractors' printing tips.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from string import ascii_uppercase, digits

from app.domain.claim_form import Address, PersonName

# Letters that Unicode does not take apart into a base letter and an accent, and printers' marks.
_TRANSLITERATION = str.maketrans(
    {
        "ß": "SS", "ẞ": "SS", "æ": "AE", "Æ": "AE", "œ": "OE", "Œ": "OE", "ø": "O", "Ø": "O",
        "đ": "D", "Đ": "D", "ð": "D", "Ð": "D", "þ": "TH", "Þ": "TH", "ł": "L", "Ł": "L",
        "ħ": "H", "Ħ": "H", "ŧ": "T", "Ŧ": "T", "ŋ": "NG", "Ŋ": "NG", "ı": "I", "ĸ": "K",
        "ə": "E", "Ə": "E", "ʻ": "'", "ʼ": "'", "ʹ": "'", "‘": "'", "’": "'", "‛": "'", "´": "'",
        "`": "'", "ʿ": "'", "ʾ": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
        "½": " 1/2", "¼": " 1/4", "¾": " 3/4", "№": "NO", "×": "X",
        "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "",
    }
)  # fmt: skip
_PLAIN = frozenset(ascii_uppercase + digits)
_NAME = _PLAIN | frozenset(" -,")  # commas stand between the parts only
_PROSE = _PLAIN | frozenset(" -/&")
_IDENTIFIER = _PLAIN | frozenset("/")
_NOTE = frozenset(map(chr, range(32, 127)))

# Removed without leaving a blank, in every manner but the note's decimal point.
_PUNCTUATION = str.maketrans("", "", "'.,#")
_GLUE = str.maketrans("", "", "'.,# -")
_NOTE_PUNCTUATION = re.compile(r"['#,]|\.(?!\d)")


@dataclass(frozen=True, slots=True)
class Written:
    """Text for one field.

    Attributes:
        text: what is printed, capitals.
        odd: characters that print but that a payer's reader may refuse, each once.
        unprintable: characters left out because the printer's font has none, each once.
        person: whether it is a person's name.
    """

    text: str
    odd: str = ""
    unprintable: str = ""
    person: bool = False


NOTHING = Written("")
MARK = Written("X")


def fold(text: str) -> str:
    """Upper case with accents and ligatures resolved: ``Núñez`` becomes ``NUNEZ``."""
    if text.isascii():
        return text.upper()
    parts = unicodedata.normalize("NFKD", text.translate(_TRANSLITERATION))
    return "".join(c for c in parts if not unicodedata.combining(c)).replace("⁄", "/").upper()


def prose(text: str) -> Written:
    """An address line, organisation or plan: no ``' . , #``, single blanks."""
    return _single_blanks(_sorted_out(_flat(text), _PROSE))


def identifier(text: str) -> Written:
    """An ID, group, claim or authorisation number: no blanks, hyphens or ``' . , #``."""
    return _sorted_out("".join(fold(text).split()).translate(_GLUE), _IDENTIFIER)


def note(text: str) -> Written:
    """Item 19 or a shaded line: blanks kept (three separate items), decimal points kept."""
    flat = re.sub(r"[\t\r\n\v\f]", " ", fold(text))
    return _sorted_out(_NOTE_PUNCTUATION.sub("", flat).strip(), _NOTE)


def name_last_first(name: PersonName) -> Written:
    """``LAST SUFFIX, FIRST, M`` (NUCC items 2, 4 and 9)."""
    last = " ".join(filter(None, (_flat(name.last), _flat(name.suffix))))
    return _person(", ".join(filter(None, (last, _flat(name.first), _flat(name.middle)[:1]))))


def name_first_last(name: PersonName, *, in_full: bool) -> Written:
    """``FIRST M LAST SUFFIX CREDENTIALS`` (NUCC item 17), or ``FIRST LAST`` when not in full.

    The short form is what Medicare compares with its file of ordering providers.
    """
    if not in_full:
        return _person(" ".join(filter(None, (_flat(name.first), _flat(name.last)))))
    middle = _flat(name.middle)[:1]
    parts = (name.first, middle, name.last, name.suffix, name.credentials)
    return _person(" ".join(filter(None, map(_flat, parts))))


def street(address: Address) -> Written:
    """Both address lines on one, a blank between."""
    return prose(f"{address.line1} {address.line2}")


def city_state_zip(address: Address, *, zip_hyphen: bool) -> Written:
    """City, state and ZIP with one blank between, no comma."""
    place = prose(f"{address.city} {address.state}")
    code = zip_code(address.zip, hyphen=zip_hyphen)
    return joined(" ", place, code)


def zip_code(text: str, *, hyphen: bool) -> Written:
    """Nine digits run together (NUCC since 02/12), or ``62704-1188`` where a payer asks."""
    code = identifier(text)
    if hyphen and len(code.text) == 9:
        return Written(f"{code.text[:5]}-{code.text[5:]}", code.odd, code.unprintable)
    return code


def phone(text: str) -> tuple[Written, Written]:
    """Area code and number without hyphen; a leading 1 is left off, no area code is blank."""
    found = re.sub(r"[\s().+/-]", "", fold(text))
    number = found.removeprefix("1") if len(found) == 11 else found
    if len(number) <= 7:
        return NOTHING, _sorted_out(number, frozenset(digits))
    return _sorted_out(number[:3], frozenset(digits)), _sorted_out(number[3:], frozenset(digits))


def joined(separator: str, *parts: Written) -> Written:
    """Several texts in one field; blank ones are passed over."""
    return Written(
        separator.join(part.text for part in parts if part.text),
        "".join(part.odd for part in parts),
        "".join(part.unprintable for part in parts),
        any(part.person for part in parts),
    )


def _flat(text: str) -> str:
    return " ".join(fold(text).translate(_PUNCTUATION).split())


def _person(text: str) -> Written:
    return _single_blanks(_sorted_out(text, _NAME), person=True)


def _sorted_out(text: str, allowed: frozenset[str]) -> Written:
    strange = set(text) - allowed
    if not strange:
        return Written(text)
    odd = "".join(sorted(c for c in strange if c in _NOTE))
    left_out = "".join(sorted(strange - set(odd)))
    return Written("".join(c for c in text if c in allowed or c in odd).strip(), odd, left_out)


def _single_blanks(written: Written, *, person: bool = False) -> Written:
    # Not for notes: there three blanks mean something.
    text = " ".join(written.text.split())
    return Written(text, written.odd, written.unprintable, person)
