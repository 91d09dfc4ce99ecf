"""Families of procedure codes that edits speak of: ranges and bare numbers, no descriptors.

CPT is the AMA's; only the borders of its sections stand here, as payers' rules quote them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Codes:
    """A family of codes.

    Attributes:
        single: codes by name.
        ranges: first and last code; both ends belong to it and are of one pattern.
    """

    single: frozenset[str] = frozenset()
    ranges: tuple[tuple[str, str], ...] = ()

    def __contains__(self, code: str) -> bool:
        if code in self.single:
            return True
        return any(
            low <= code <= high for low, high in self.ranges if _pattern(low) == _pattern(code)
        )


def codes(text: str) -> Codes:
    """``codes("99202-99215 92002")``: ranges with a hyphen, single codes, blanks between."""
    parts = text.split()
    return Codes(
        frozenset(part for part in parts if "-" not in part),
        tuple((part[:5], part[6:]) for part in parts if "-" in part),
    )


def listed(text: str) -> frozenset[str]:
    """The words of ``text``: a list of modifiers or titles, as it is read."""
    return frozenset(text.split())


def _pattern(code: str) -> tuple[int, bool, bool]:
    # Category II and III codes (0001F, 0042T) must not fall into a range of plain numbers.
    return len(code), code[:1].isdigit(), code[-1:].isdigit()


# Sections of CPT and HCPCS level II (section borders as in CMS's fee schedule files).
ANESTHESIA = codes("00100-01995 01997-01999")  # 01996 is billed by the day, not by minutes
SURGERY = codes("10004-69990")
IMAGING = codes("70010-79999")
LABORATORY = codes("80047-89398 0001U-0999U P2028-P9615")
CONSULTATIONS = codes("99242-99245 99252-99255")
EQUIPMENT = codes("E0100-E8002 K0001-K0900 L0112-L9900")
# Tests with a report that Medicare pays on an order (42 CFR 410.32): ECG, echo, vascular,
# lung function, sleep, EEG, nerve conduction, audiology.
DIAGNOSTIC_TESTS = codes(
    "92540-92588 93000-93050 93224-93278 93303-93355 93880-93998 94010-94070 94726-94729 "
    "95782-95830 95860-95913"
)
# Always-therapy services (Medicare Claims Processing Manual ch. 5 §20, therapy code list).
THERAPY = codes(
    "92507 92508 92521-92524 92526 92597 92607-92609 96125 97012-97028 97032-97039 97110-97124 "
    "97139-97150 97161-97168 97530 97533-97542 97750 97755 97760-97763 97799 G0281 G0283 G0329"
)
# Screening mammograms, for which the patient refers herself (Medicare manual ch. 18 §20).
SCREENING_MAMMOGRAMS = codes("77063 77067")
MAMMOGRAMS = codes("77065-77067")
CHIROPRACTIC = codes("98940-98942")
# Delivery with antepartum care, and antepartum care alone.
MATERNITY_GLOBAL = codes("59400 59425 59426 59510 59610 59618")
FOOT_CARE = codes("11055-11057 11719-11721 G0127")
# Visits to which modifiers 24, 25 and 57 belong (NCCI manual ch. 1 and 11).
VISITS = codes(
    "92002-92014 99202-99215 99221-99239 99242-99255 99281-99285 99291 99304-99316 99341-99350 "
    "99381-99397 99460-99463"
)
# Separate services that no global package belongs to, although they stand among surgery: blood
# draws, and the operating microscope, which is an add-on.
NO_GLOBAL = codes("36400-36416 69990")
# Medicine codes with a day's global: manipulation, dialysis, debridement (fee schedule).
SMALL_PROCEDURES = codes("98925-98929 98940-98943 90935-90937 97597")
NEW_PATIENT = codes("92002 92004 99202-99205 99341-99345 99381-99387")
# One unit for a month, a week or a course of care: dialysis months, radiation weeks, care plan
# oversight, chronic care, remote monitoring, collaborative care, tuberculin and holter periods.
SPAN_SERVICES = codes(
    "77427-77431 90951-90970 93224-93272 93290-93299 99339-99340 99374-99380 99424-99427 "
    "99437-99439 99453-99458 99484-99494 99495-99496 G0179-G0182 G0506-G0511 G2064-G2065"
)
MILEAGE = codes("A0380 A0390 A0425 A0435 A0436 S0209 S0215")
# Drugs by HCPCS code: J codes and the Q codes that are drugs (biosimilars, contrast, factors).
DRUGS = codes("J0120-J9999 Q0138-Q0139 Q2009-Q2058 Q4074 Q5101-Q5199 Q9950-Q9983")
VACCINES = codes("90476-90759")
# Not otherwise classified: drugs, supplies, equipment (Medicare manual ch. 26 §10.4, item 19),
# and the unlisted procedures that practices meet most.
UNLISTED = codes(
    "A4649 A9270 A9698 A9699 A9999 B9998 B9999 C9399 E1399 J1599 J3490 J3590 J3591 J7199 J7599 "
    "J7699 J7799 J7999 J8498 J8499 J8597 J8999 J9999 K0108 K0898 Q4050 Q4082 Q4100 T1999 T2047 "
    "37799 43289 44799 49329 49659 69399 69799 76499 88399 92700 93799 94799 97799 99199 99429 "
    "99499"
)
