"""What edits ask of service lines again and again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from app.domain.claim_form import ClaimForm, ClaimLine
from app.scrub.edit import Hit

LETTERS = "ABCDEFGHIJKL"
_UNITS = re.compile(r"\d{1,6}(\.\d{1,4})?", re.ASCII)


def procedure(line: ClaimLine) -> str:
    """The code in capitals without blanks around it."""
    return line.code.strip().upper()


def modifiers(line: ClaimLine) -> tuple[str, ...]:
    """The modifiers in capitals, blank ones left out."""
    return tuple(m.strip().upper() for m in line.modifiers if m.strip())


def units(line: ClaimLine) -> Decimal | None:
    """Item 24G as a number; None when it is none."""
    text = line.units.strip()
    return Decimal(text) if _UNITS.fullmatch(text) else None


def numbered(form: ClaimForm) -> Iterator[tuple[int, ClaimLine, str]]:
    """(position from 0, line, procedure) of every line."""
    for index, line in enumerate(form.lines):
        yield index, line, procedure(line)


def name(index: int, line: ClaimLine) -> str:
    """``Line 3 (20610)`` as a sentence begins."""
    code = procedure(line)
    return f"Line {index + 1} ({code})" if code else f"Line {index + 1}"


def days(form: ClaimForm) -> Iterator[tuple[int, date]]:
    """Each first date of service once, with the position of the first line that has it."""
    seen: dict[date, int] = {}
    for index, line in enumerate(form.lines):
        seen.setdefault(line.service_from, index)
    for day, index in seen.items():
        yield index, day


def first_day(form: ClaimForm) -> date | None:
    """The earliest date of service; None without lines."""
    return min((line.service_from for line in form.lines), default=None)


def on_day(form: ClaimForm, day: date) -> Iterator[tuple[int, ClaimLine, str]]:
    """The lines that begin on ``day``."""
    return (entry for entry in numbered(form) if entry[1].service_from == day)


def diagnosis(code: str) -> str:
    """A diagnosis code without its point, in capitals."""
    return re.sub(r"[\s.]", "", code).upper()


def shown(code: str) -> str:
    """A diagnosis code with its point, as she reads it."""
    plain = diagnosis(code)
    return plain if len(plain) <= 3 else f"{plain[:3]}.{plain[3:]}"


def diagnosis_place(position: int) -> str:
    """Field of item 21 for the diagnosis at ``position``; the last one for those beyond."""
    return f"21_{LETTERS[min(position, len(LETTERS) - 1)]}"


def pointed(form: ClaimForm, line: ClaimLine) -> list[str]:
    """The diagnoses that a line points to, without their points."""
    places = [LETTERS.find(p.upper()) for p in line.pointers if len(p.strip()) == 1]
    return [diagnosis(form.diagnoses[p]) for p in places if 0 <= p < len(form.diagnoses)]


def at_line(index: int, place: str, message: str) -> Hit:
    """A hit on a line's field."""
    return Hit(message, place, index)
