"""Item 24: up to six service lines on a sheet, each with its shaded upper half."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from app.domain.claim_form import ClaimForm, ClaimLine, DrugCode
from app.domain.identifiers import check_ndc
from app.domain.payer_rules import rules_for
from app.printing.items.entries import Entries, money, when
from app.printing.items.providers import TAXONOMY_QUALIFIER
from app.printing.text import NOTHING, Written, identifier, joined, note

_MODIFIERS = 4
_BETWEEN = "   "  # three blanks between items of a shaded line (NUCC)


def service_lines(form: ClaimForm, lines: Sequence[ClaimLine]) -> Entries:
    """Item 24 of one sheet; ``lines`` are the sheet's own, at most six."""
    entries: dict[str, Written] = {}
    for number, line in enumerate(lines, start=1):
        prefix = f"24_{number}"
        entries |= _shaded(prefix, form, line)
        entries |= _dates(prefix, line)
        entries |= _service(prefix, form, line)
    return entries


def _dates(prefix: str, line: ClaimLine) -> Entries:
    """24A: both dates, six digits, also when they are the same day."""
    return {
        **_short_date(f"{prefix}_A_from", line.service_from),
        **_short_date(f"{prefix}_A_to", line.service_to),
    }


def _short_date(prefix: str, day: date) -> Entries:
    return {
        f"{prefix}_mm": Written(f"{day.month:02d}"),
        f"{prefix}_dd": Written(f"{day.day:02d}"),
        f"{prefix}_yy": Written(f"{day.year % 100:02d}"),
    }


def _service(prefix: str, form: ClaimForm, line: ClaimLine) -> Entries:
    """24B-24J, unshaded: place, code, pointers, charge, units, rendering NPI."""
    payer, rules = rules_for(form.payer.type), form.rules
    emergency = line.emergency and rules.emg_in_24c and not payer.medicare
    pointers = line.pointers[:1] if rules.one_pointer_per_line else line.pointers
    family = line.family_planning and payer.family_planning
    return {
        f"{prefix}_B_pos": identifier(line.place_of_service),
        f"{prefix}_C_emg": when(emergency, Written("Y")),
        f"{prefix}_D_cpt": identifier(line.code),
        **_modifiers(prefix, line),
        f"{prefix}_E_pointer": identifier("".join(pointers)),
        **money(f"{prefix}_F", line.charge_cents),
        f"{prefix}_G_units": note(_units(line)),
        f"{prefix}_H_family": when(family, Written("Y")),
        f"{prefix}_J_npi": identifier(form.rendering.npi),
    }


def _modifiers(prefix: str, line: ClaimLine) -> Entries:
    """Four cells of two; a fifth modifier runs over in the last, where it is reported."""
    codes = [identifier(code) for code in line.modifiers]
    if len(codes) > _MODIFIERS:
        codes[_MODIFIERS - 1 :] = [joined("", *codes[_MODIFIERS - 1 :])]
    return {f"{prefix}_D_mod{n}": code for n, code in enumerate(codes, start=1)}


def _units(line: ClaimLine) -> str:
    """24G: anaesthesia counts minutes; others days or units without leading zeros (NUCC)."""
    if line.anesthesia_minutes is not None:
        return str(line.anesthesia_minutes)
    return re.sub(r"^0+(?=\d)", "", line.units.strip())


def _shaded(prefix: str, form: ClaimForm, line: ClaimLine) -> Entries:
    """The shaded half: supplemental text across A-G, EPSDT reason in H, taxonomy in I and J.

    Medicare leaves H, I and J blank (manual ch. 26).
    """
    rules, medicare = form.rules, rules_for(form.payer.type).medicare
    epsdt = rules.epsdt_in_24h and not medicare
    taxonomy = identifier(form.rendering.taxonomy)
    wanted = rules.taxonomy_24j and not medicare and taxonomy.text
    return {
        f"{prefix}_supplemental": _supplemental(form, line),
        f"{prefix}_H_epsdt": when(epsdt, identifier(line.epsdt)),
        f"{prefix}_I_qualifier": when(wanted, TAXONOMY_QUALIFIER),
        f"{prefix}_J_other_id": when(wanted, taxonomy),
    }


def _supplemental(form: ClaimForm, line: ClaimLine) -> Written:
    drug = _drug(line.drug) if line.drug else NOTHING
    times = NOTHING
    if form.rules.anesthesia_times_in_shaded and line.anesthesia_start:
        times = _anesthesia(line)
    return joined(_BETWEEN, drug, times, note(line.supplemental))


def _drug(drug: DrugCode) -> Written:
    """``N4`` + 11 digits, three blanks, unit and quantity (NUCC; Medicare columns 1-13, 17-24)."""
    try:
        code = Written(check_ndc(drug.code))
    except ValueError:
        # What is no NDC is printed as typed: the claim edits tell the biller (E095).
        code = identifier(drug.code)
    amount = joined("", identifier(drug.unit), note(drug.quantity))
    return joined(_BETWEEN, joined("", Written("N4"), code), amount)


def _anesthesia(line: ClaimLine) -> Written:
    """Qualifier 7 with begin, end and minutes (older NUCC rule, still used by plans)."""
    text = f"7BEGIN {_clock(line.anesthesia_start)} END {_clock(line.anesthesia_end)}"
    if line.anesthesia_minutes is not None:
        text += f" TIME {line.anesthesia_minutes} MINUTES"
    return note(text)


def _clock(time: str) -> str:
    return time.replace(":", "").strip()
