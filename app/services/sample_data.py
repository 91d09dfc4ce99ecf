"""What the sample practice is made of, read from ``resources/sample``; nobody in it exists."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.claim_form import Address, PayerType
from app.domain.paths import resource
from app.services.encounter_commands import SaveLine
from app.services.people_commands import (
    SaveFacility,
    SavePayer,
    SavePractice,
    SaveProvider,
    SaveReferring,
)


@dataclass(frozen=True, slots=True)
class Terms:
    """How a payer of the sample prices and answers.

    Attributes:
        method: how its money comes, ``check`` or ``eft``.
        allows: percent of a service's base price; 0 allows the charge itself.
        coinsurance: percent of the allowed amount that the patient owes.
        deductible: cents a calendar year and policy.
        sequestration: 2 percent of the payment is withheld by law (Medicare).
        days: fewest and most days from the claim to its answer.
        mail: weekday its checks come, 0 Monday.
    """

    method: str
    allows: int
    mail: int
    days: tuple[int, int]
    coinsurance: int = 0
    deductible: int = 0
    sequestration: bool = False


@dataclass(frozen=True, slots=True)
class SamplePayer:
    """A payer as it is saved, with its terms; ``key`` is its short name in the sample."""

    key: str
    command: SavePayer
    terms: Terms


@dataclass(frozen=True, slots=True)
class Charge:
    """A line of the charge master with the price payers reckon from (cents)."""

    code: str
    charge_cents: int
    base_cents: int
    kind: str  # visit, preventive, test, lab, procedure, drug
    wording: str
    ndc: str = ""
    ndc_unit: str = ""
    ndc_quantity: str = ""


@dataclass(frozen=True, slots=True)
class VisitTemplate:
    """What one kind of visit is coded as, for whom, and in which months (empty: any)."""

    kind: str
    weight: int
    sex: str
    min_age: int
    max_age: int
    months: tuple[int, ...]
    diagnoses: tuple[str, ...]
    lines: tuple[SaveLine, ...]


@dataclass(frozen=True, slots=True)
class SampleBook:
    """All of the sample's material."""

    user: str
    clia: str
    practice: SavePractice
    providers: tuple[SaveProvider, ...]
    facilities: tuple[SaveFacility, ...]
    referring: tuple[SaveReferring, ...]
    payers: tuple[SamplePayer, ...]
    charges: Mapping[str, Charge]
    visits: tuple[VisitTemplate, ...]
    names: Mapping[str, tuple[str, ...]]


def read_sample() -> SampleBook:
    """Reads the sample's files."""
    with resource("sample/practice.toml").open("rb") as file:
        found = tomllib.load(file)
    names: dict[str, list[str]] = {}
    for row in _rows("names"):
        names.setdefault(row["kind"], []).append(row["name"])
    return SampleBook(
        user=found["user"],
        clia=found["clia"],
        practice=SavePractice(**_addressed(found["practice"])),
        providers=tuple(SaveProvider(**p) for p in found["providers"]),
        facilities=tuple(SaveFacility(**_addressed(f)) for f in found["facilities"]),
        referring=tuple(SaveReferring(**r) for r in found["referring"]),
        payers=tuple(_payer(p) for p in found["payers"]),
        charges={row["code"]: _charge(row) for row in _rows("charges")},
        visits=tuple(_visit(row) for row in _rows("visits")),
        names={kind: tuple(values) for kind, values in names.items()},
    )


def _rows(name: str) -> list[dict[str, str]]:
    with resource(f"sample/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _addressed(table: dict[str, Any]) -> dict[str, Any]:
    places = ("address", "pay_to")
    return {k: Address(*v) if k in places else v for k, v in table.items()}


def _payer(table: dict[str, Any]) -> SamplePayer:
    rest = _addressed(table)
    key, kind = rest.pop("key"), PayerType(rest.pop("type"))
    terms = {name: rest.pop(name) for name in Terms.__dataclass_fields__ if name in rest}
    terms["days"] = tuple(terms["days"])
    return SamplePayer(key, SavePayer(type=kind, **rest), Terms(**terms))


def _charge(row: dict[str, str]) -> Charge:
    cents = {name: int(row.pop(name)) for name in ("charge_cents", "base_cents")}
    return Charge(
        row["code"],
        **cents,
        kind=row["kind"],
        wording=row["wording"],
        ndc=row["ndc"],
        ndc_unit=row["ndc_unit"],
        ndc_quantity=row["ndc_quantity"],
    )


def _visit(row: dict[str, str]) -> VisitTemplate:
    return VisitTemplate(
        kind=row["kind"],
        weight=int(row["weight"]),
        sex=row["sex"],
        min_age=int(row["min_age"]),
        max_age=int(row["max_age"]),
        months=tuple(int(m) for m in row["months"].split()),
        diagnoses=tuple(row["diagnoses"].split()),
        lines=tuple(_line(text) for text in row["lines"].split()),
    )


def _line(text: str) -> SaveLine:
    """``J1010x40-RT:AB`` is the code, units, modifiers and pointers."""
    match = re.fullmatch(r"(\w{5})(?:x(\d+))?(?:-(\w\w))?:([A-L]+)", text)
    if match is None:
        raise ValueError(f"visits.csv: {text}")
    code, units, modifier, pointers = match.groups()
    return SaveLine(code, modifiers=modifier or "", pointers=pointers, units=units or "1")
