"""Whether a diagnosis fits a patient's age and sex.

Age classes and the blocks they hold follow the Medicare Code Editor: newborn 0, pediatric 0-17,
maternity 9-64, adult 15-124; only whole blocks that are plainly of one class stand here. CMS ended
its sex edit on 2024-10-01, so sex is never more than a question.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.dates import age_on


@dataclass(frozen=True, slots=True)
class _Block:
    """Codes from ``first`` to ``last`` (by their first characters) and who may have them.

    ``days`` limits the age in days; ages are whole years.
    """

    first: str
    last: str
    words: str
    youngest: int = 0
    oldest: int = 124
    days: int | None = None
    sex: str = ""

    def holds(self, code: str) -> bool:
        """True when the code belongs to the block."""
        return self.first <= code[: len(self.first)] and code[: len(self.last)] <= self.last


_NEWBORN = "is a newborn code, and the patient is {age}"
_CHILD = "is a children's code, and the patient is {age}"
_ADULT = "is an adult code, and the patient is {age}"
_MATERNITY = "is a maternity code for ages 9 to 64, and the patient is {age}"
_FEMALE = "is a code for women, and the patient is recorded as male"
_MALE = "is a code for men, and the patient is recorded as female"

_BLOCKS = (
    _Block("P00", "P96", _NEWBORN, oldest=0),
    _Block("Z38", "Z38", _NEWBORN, oldest=0),
    _Block("Z0011", "Z0011", "is for the first 28 days, and the patient is {age}", days=28),
    _Block("Z0012", "Z0012", _CHILD, oldest=17),
    _Block("Z000", "Z000", _ADULT, youngest=15),
    _Block("O", "O", _MATERNITY, youngest=9, oldest=64),
    _Block("Z33", "Z34", _MATERNITY, youngest=9, oldest=64),
    _Block("Z36", "Z37", _MATERNITY, youngest=9, oldest=64),
    _Block("Z3A", "Z3A", _MATERNITY, youngest=9, oldest=64),
    _Block("N40", "N40", _ADULT, youngest=15),
    _Block("N95", "N95", _ADULT, youngest=15),
    _Block("O", "O", _FEMALE, sex="F"),
    _Block("Z33", "Z37", _FEMALE, sex="F"),
    _Block("Z39", "Z39", _FEMALE, sex="F"),
    _Block("Z3A", "Z3A", _FEMALE, sex="F"),
    _Block("C51", "C58", _FEMALE, sex="F"),
    _Block("D25", "D28", _FEMALE, sex="F"),
    _Block("N70", "N77", _FEMALE, sex="F"),
    _Block("N80", "N98", _FEMALE, sex="F"),
    _Block("Z014", "Z014", _FEMALE, sex="F"),
    _Block("Z124", "Z124", _FEMALE, sex="F"),
    _Block("C60", "C63", _MALE, sex="M"),
    _Block("D29", "D29", _MALE, sex="M"),
    _Block("N40", "N53", _MALE, sex="M"),
    _Block("Z125", "Z125", _MALE, sex="M"),
)


def misfit(code: str, birth: date | None, sex: str, day: date) -> str:
    """What does not fit, as the end of a sentence that begins with the code; empty when it fits."""
    known_sex = sex.strip().upper()
    for block in _BLOCKS:
        if not block.holds(code):
            continue
        if block.sex:
            if known_sex in ("M", "F") and known_sex != block.sex:
                return block.words
        elif birth is not None and birth <= day and not _of_age(block, birth, day):
            return block.words.format(age=age_words(birth, day))
    return ""


def _of_age(block: _Block, birth: date, day: date) -> bool:
    if block.days is not None:
        return (day - birth).days <= block.days
    return block.youngest <= age_on(birth, day) <= block.oldest


def age_words(birth: date, day: date) -> str:
    """``34 days old`` below two months, else ``7 years old`` (or months below two years)."""
    old = (day - birth).days
    if old < 60:
        return f"{old} day{'' if old == 1 else 's'} old"
    years = age_on(birth, day)
    if years < 2:
        months = (day.year - birth.year) * 12 + day.month - birth.month - (day.day < birth.day)
        return f"{months} months old"
    return f"{years} years old"
