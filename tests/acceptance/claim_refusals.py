"""Records that the services refuse outright: which edit that refusal stands for.

A case may hold an impossible record (a birth date to come, reversed dates). The services refuse it
with findings by field; each counts as the edit that names the same fault, and the case is loaded
again without the item.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from app.domain.errors import Invalid, Refused
from app.domain.findings import Finding, Severity
from app.services.encounter_commands import SaveEncounter

Command = TypeVar("Command")

# Field of a command (as a pattern) and word of the sentence: the edit, and what the field becomes.
_EDITS: tuple[tuple[str, str, str], ...] = (
    (r"birth_date", "", "E008"),
    (r"(policies\.\d+\.)?member_id", "", "E002"),
    (r"policies\.\d+\.(effective|termination)", "", "E065"),
    (r"policies\.\d+\.insured_birth_date", "", "E013"),
    (r"(state|zip)", "", "E015"),
    (r"(last|first)", "", "E007"),
    (r"tax_id(_type)?", "", "E106"),
    (r"npi", "", "NPI"),
    (r"diagnoses\.\d+", "already", "E045"),
    (r"diagnoses\.\d+", "", "E046"),
    (r"diagnoses", "12", "E045"),
    (r"diagnoses", "", "E044"),
    (r"lines\.\d+\.code", "", "E073"),
    (r"lines\.\d+\.modifiers", "", "E075"),
    (r"lines\.\d+\.pointers", "", "E097"),
    (r"lines\.\d+\.units", "", "E102"),
    (r"lines\.\d+\.service_to", "", "E062"),
    (r"lines\.\d+\.charge_cents", "", "E099"),
    (r"(lines\.\d+\.)?place_of_service", "", "E068"),
    (r"lines", "", "E099"),
    (r"(unable|hospital)_(from|to)", "", "E036"),
    (r"auto_state", "", "E020"),
    (r"service_date", "birth", "E010"),
    (r"service_date", "future", "E063"),
)
_CODES = {"no_original_reference": "E052", "policy:primary_not_adjudicated": "E111"}


def edit_for(finding: Finding, npi: str) -> str:
    """The edit a refusal stands for; ``npi`` is the one that speaks of this record's NPI."""
    for field, word, edit in _EDITS:
        if re.fullmatch(field, finding.field) and word in finding.message:
            return npi if edit == "NPI" else edit
    return ""


def edit_for_code(error: Refused) -> str:
    """The edit a refused act stands for."""
    return _CODES.get(error.code, "")


def save_without(
    command: Command,
    save: Callable[[Command], Any],
    drop: Callable[[Command, str], Command],
    refused: set[str],
    npi: str = "",
) -> Any:
    """Saves a command; what is refused is noted as an edit and left out.

    Raises:
        Invalid: a refusal that stands for no edit, or that leaving the item out does not cure.
    """
    for _ in range(20):
        try:
            return save(command)
        except Invalid as error:
            wrong = [f for f in error.findings if f.severity is Severity.ERROR]
            edits = {edit_for(f, npi) for f in wrong}
            if "" in edits:
                raise
            refused |= edits
            command = drop(command, wrong[-1].field)
    raise AssertionError("the record cannot be saved whatever is left out")


def without(command: Command, field: str) -> Command:
    """A record without one plain field."""
    return replace(command, **{field: None if field.endswith("_date") else ""})  # type: ignore[type-var]


def encounter_without(command: SaveEncounter, field: str) -> SaveEncounter:
    """A visit without one field, diagnosis, or part of a line."""
    head, *rest = field.split(".")
    if head == "diagnoses" and rest:
        kept = list(command.diagnoses)
        del kept[int(rest[0])]
        return replace(command, diagnoses=tuple(kept))
    if head == "diagnoses":
        return replace(command, diagnoses=command.diagnoses[:12])
    if head == "lines" and rest:
        number, name = int(rest[0]), rest[1]
        lines = list(command.lines)
        blank: Any = {"service_to": lines[number].service_from, "charge_cents": 100}
        if name == "code":
            del lines[number]
        else:
            lines[number] = replace(lines[number], **{name: blank.get(name, "")})
        return replace(command, lines=tuple(lines))
    value: Any = None if head.endswith(("_from", "_to")) else ""
    return replace(command, **{head: value})
