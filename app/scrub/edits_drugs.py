"""Edits of the shaded line: national drug codes, and drug waste."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from app.domain.claim_form import ClaimForm, ClaimLine, DrugCode, PayerType
from app.domain.findings import Severity
from app.domain.identifiers import check_ndc
from app.scrub.codes import DRUGS, VACCINES
from app.scrub.edit import Edit, Hit, Scope
from app.scrub.facts import ScrubFacts
from app.scrub.lines import at_line, modifiers, name, numbered, on_day

_UNITS = frozenset({"UN", "ML", "GR", "F2", "ME"})
_QUANTITY = re.compile(r"\d{0,8}(\.\d{1,4})?", re.ASCII)
_WASTE = frozenset({"JW", "JZ"})
_JZ_SINCE = date(2023, 7, 1)  # CMS: from then on a single-dose drug carries one of the two


def drug_code(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E094: N4, number, unit and quantity: Medicaid (vaccines too) and payers that ask."""
    medicaid = form.payer.type is PayerType.MEDICAID
    if not (medicaid or facts.payer.ndc_required):
        return
    for index, line, code in numbered(form):
        if code not in DRUGS and not (medicaid and code in VACCINES):
            continue
        if line.drug is None or not line.drug.code.strip():
            missing = "the NDC from its package"
        else:
            missing = " and ".join(_drug_gaps(line.drug))
        if missing:
            yield at_line(
                index,
                "supplemental",
                f"{name(index, line)} is a drug, and {form.payer.name} wants {missing}.",
            )


def _drug_gaps(drug: DrugCode) -> Iterator[str]:
    if drug.unit.strip().upper() not in _UNITS:
        yield "its unit (UN, ML, GR, F2 or ME)"
    quantity = drug.quantity.strip()
    if not quantity or not _QUANTITY.fullmatch(quantity) or not Decimal(f"0{quantity}"):
        yield "its quantity"


def eleven_digits(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E095: 5-4-2; ten digits without hyphens do not tell where the zero goes."""
    for index, line, _ in numbered(form):
        if line.drug is None or not line.drug.code.strip():
            continue
        try:
            check_ndc(line.drug.code)
        except ValueError:
            yield at_line(
                index,
                "supplemental",
                f"{name(index, line)}: the NDC {line.drug.code.strip()} is not 11 digits (5-4-2). "
                "Type it with the hyphens of the package, and the zero is added in the right "
                "place.",
            )


def waste(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E096: a single-dose drug has a JW line for what was thrown away, or JZ for none."""
    for index, line, code in numbered(form):
        if line.service_from < _JZ_SINCE or facts.tables.single_dose(code) is not True:
            continue
        if not _WASTE & _on_that_day(form, line, code):
            yield at_line(
                index,
                "D_mod1",
                f"{name(index, line)} comes in single doses: add a line with JW for what was "
                "thrown away, or JZ when nothing was.",
            )


def _on_that_day(form: ClaimForm, line: ClaimLine, code: str) -> set[str]:
    same = (other for _, other, c in on_day(form, line.service_from) if c == code)
    return {modifier for other in same for modifier in modifiers(other)}


_ERROR, _WARN = Severity.ERROR, Severity.WARNING

EDITS = (
    Edit("E094", "24 shaded", _ERROR, Scope.MEDICAID_CONFIGURABLE,
         "Drugs have NDC, unit and quantity.", drug_code, "NUCC supplemental information"),
    Edit("E095", "24 shaded", _ERROR, Scope.ALL, "An NDC has 11 digits.",
         eleven_digits, "NUCC supplemental information"),
    Edit("E096", "24D", _WARN, Scope.MEDICARE, "Single-dose drugs carry JW or JZ.",
         waste, "CMS JW/JZ policy", "single-dose drugs"),
)  # fmt: skip
