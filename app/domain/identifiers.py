"""Identifiers of the trade: shape, check digits, and the sentence when one is wrong.

Each ``check_*`` returns the normalised identifier or raises ``ValueError`` with a sentence for
the field. ``normal_*`` only strip what people type around it.
"""

from __future__ import annotations

import re

_STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH "
    "NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI FM MH PW AA "
    "AE AP"
)
STATES = frozenset(_STATES.split())

# Medicare number letters leave out S, L, O, I, B, Z (CMS, "Understanding the MBI format").
_MBI_LETTER = "AC-HJKMNP-RT-Y"
_MBI = re.compile(
    rf"[1-9][{_MBI_LETTER}][0-9{_MBI_LETTER}][0-9][{_MBI_LETTER}][0-9{_MBI_LETTER}][0-9]"
    rf"[{_MBI_LETTER}]{{2}}[0-9]{{2}}"
)
# ICD-10-CM: letter, digit (since FY2026 also A: QA0), digit or letter, then up to four more.
_ICD10 = re.compile(r"[A-Z][0-9A][0-9A-Z][0-9A-Z]{0,4}")
# CPT: five digits or four and F/T/U/A/M; HCPCS level II: letter and four digits.
_PROCEDURE = re.compile(r"[0-9]{5}|[0-9]{4}[FTUAM]|[A-V][0-9]{4}")


def luhn_ok(digits: str) -> bool:
    """True when the last digit is the Luhn (mod 10 double-add-double) check digit."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def check_npi(text: str) -> str:
    """A National Provider Identifier: ten digits, Luhn over 80840 + NPI (45 CFR 162.406)."""
    npi = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"\d{10}", npi, re.ASCII):
        raise ValueError("An NPI has 10 digits.")
    if npi[0] not in "12":
        raise ValueError("An NPI begins with 1 or 2.")
    if not luhn_ok("80840" + npi):
        raise ValueError("This NPI has a wrong digit. Compare it with the card or letterhead.")
    return npi


def check_mbi(text: str) -> str:
    """A Medicare number (MBI): eleven characters in CMS's pattern, dashes removed."""
    mbi = normal_id(text)
    if not _MBI.fullmatch(mbi):
        raise ValueError(
            "This is not a valid Medicare number. It has 11 characters, like 1EG4TE5MK73, and "
            "never the letters S L O I B Z."
        )
    return mbi


def check_tax_id(text: str, kind: str) -> str:
    """A nine-digit EIN or SSN without hyphens."""
    digits = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"\d{9}", digits, re.ASCII):
        raise ValueError(
            f"A tax ID has 9 digits ({'12-3456789' if kind == 'EIN' else '123-45-6789'})."
        )
    if kind == "EIN" and digits[:2] in (
        "00",
        "07",
        "08",
        "09",
        "17",
        "18",
        "19",
        "28",
        "29",
        "49",
        "69",
        "70",
        "78",
        "79",
        "89",
        "96",
        "97",
    ):
        raise ValueError(f"No EIN begins with {digits[:2]}. Check the first two digits.")
    if kind == "SSN" and (
        digits[:3] in ("000", "666") or digits[3:5] == "00" or digits[5:] == "0000"
    ):
        raise ValueError("This Social Security number cannot exist. Check the digits.")
    return digits


def check_ndc(text: str) -> str:
    """An NDC in 5-4-2 form, eleven digits; 4-4-2, 5-3-2 and 5-4-1 packages are zero-filled."""
    typed = text.strip()
    parts = re.fullmatch(r"(\d{4,5})-(\d{3,4})-(\d{1,2})", typed, re.ASCII)
    if parts and sum(len(p) for p in parts.groups()) in (10, 11):
        return f"{parts[1]:0>5}{parts[2]:0>4}{parts[3]:0>2}"
    digits = re.sub(r"\s", "", typed)
    if re.fullmatch(r"\d{11}", digits, re.ASCII):
        return digits
    raise ValueError(
        "Type the NDC as on the package, with its hyphens, like 0009-0280-02, or all 11 digits."
    )


def check_icd10(text: str) -> str:
    """The shape of an ICD-10-CM code; returned with its point, e.g. ``M17.11``."""
    code = re.sub(r"[\s.]", "", text).upper()
    if not _ICD10.fullmatch(code):
        raise ValueError(
            "A diagnosis code looks like M17.11: a letter, two characters, then up to 4."
        )
    return code if len(code) == 3 else f"{code[:3]}.{code[3:]}"


def check_procedure(text: str) -> str:
    """The shape of a CPT or HCPCS level II code, e.g. ``99213`` or ``J1030``."""
    code = text.strip().upper()
    if not _PROCEDURE.fullmatch(code):
        raise ValueError("A procedure code has 5 characters, like 99213 or J1030.")
    return code


def check_modifier(text: str) -> str:
    """Two letters or digits."""
    modifier = text.strip().upper()
    if not re.fullmatch(r"[A-Z0-9]{2}", modifier):
        raise ValueError("A modifier has two characters, like 25 or RT.")
    return modifier


def check_place_of_service(text: str) -> str:
    """Two digits (CMS place of service code set)."""
    code = text.strip()
    if not re.fullmatch(r"\d{2}", code, re.ASCII):
        raise ValueError("A place of service has two digits, like 11 for the office.")
    return code


def check_taxonomy(text: str) -> str:
    """A NUCC provider taxonomy code: ten characters ending in X."""
    code = text.strip().upper()
    if not re.fullmatch(r"[0-9A-Z]{9}X", code):
        raise ValueError("A taxonomy code has 10 characters and ends in X, like 207Q00000X.")
    return code


def check_state(text: str) -> str:
    """A two-letter postal state."""
    state = text.strip().upper()
    if state not in STATES:
        raise ValueError("Use the two-letter state, like IL.")
    return state


def check_zip(text: str) -> str:
    """A ZIP code of 5 or 9 digits, returned as ``62704`` or ``62704-1188``."""
    digits = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"\d{5}(\d{4})?", digits, re.ASCII):
        raise ValueError("A ZIP code has 5 or 9 digits.")
    return digits if len(digits) == 5 else f"{digits[:5]}-{digits[5:]}"


def check_phone(text: str) -> str:
    """A US telephone number, returned as ``(217) 555-0118``."""
    digits = re.sub(r"\D", "", text, flags=re.ASCII)
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    if len(digits) != 10:
        raise ValueError("A phone number has 10 digits with its area code.")
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"


def normal_id(text: str) -> str:
    """An ID, group, claim or authorisation number without blanks and hyphens, upper case."""
    return re.sub(r"[\s-]", "", text).upper()
