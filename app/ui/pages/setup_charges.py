"""Setup, Charges: the practice's own codes, what they cost, and what they fill into a line."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.identifiers import check_icd10, check_modifier
from app.domain.money import format_cents
from app.services.directory import DirectoryService
from app.services.line_codes import LineCodeService, Source
from app.services.medicare_prices import MedicarePriceService
from app.services.people_commands import SaveProcedure
from app.services.setup import SetupService
from app.ui.form import Slot
from app.ui.pages.encounters_more import NDC_UNITS
from app.ui.pages.setup_codes_lookup import CodeLookup
from app.ui.pages.setup_fields import Row
from app.ui.pages.setup_sections import Section
from app.ui.tables import Column
from app.ui.widgets.choice import CheckField, ChoiceEdit
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.field import CodeEdit, LineField, NumberEdit
from app.ui.widgets.money import MoneyEdit
from app.ui.widgets.results import SearchRow

HELP = "Your own codes and what you charge. No list ships with us."


_WHOSE = {Source.HCPCS: "HCPCS", Source.LICENCE: "CPT © AMA, kept by your licence"}


@dataclass(frozen=True, slots=True)
class ChargeAids:
    """What helps to enter a charge: imported HCPCS codes, and what Medicare pays here."""

    codes: LineCodeService
    medicare: MedicarePriceService
    today: Callable[[], date]

    def found(self, text: str) -> Sequence[SearchRow]:
        """HCPCS codes for a text: by code or words."""
        rows = self.codes.procedures(text, self.today(), 40)
        return [SearchRow(r.code, r.code, r.wording, _WHOSE.get(r.source, "")) for r in rows]

    def told(self, values: dict[str, Any]) -> str:
        """``Medicare pays about 92.31 here, non-facility.``; empty while no code is typed."""
        if not values.get("code"):
            return ""
        code, modifiers, place = (
            str(values.get(name) or "") for name in ("code", "modifiers", "place_of_service")
        )
        quote = self.medicare.quote(code, modifiers, place, self.today())
        if quote.cents is None:
            return f"Medicare’s price: {quote.why}"
        rate = "facility" if quote.facility else "non-facility"
        return f"Medicare pays about {format_cents(quote.cents)} in {quote.place.title()}, {rate}."


class ModifiersEdit(LineField):
    """Modifiers as they are typed: ``25rt`` and ``25, rt`` become ``25 RT``."""

    def parse(self, text: str) -> str:
        """Pairs of characters, separated by one blank.

        Raises:
            ValueError: for more than four, or one that has not two characters.
        """
        bare = re.sub(r"[\s,.-]", "", text).upper()
        if len(bare) % 2 or len(bare) > 8:
            raise ValueError("Up to 4 modifiers of two characters, like 25 RT.")
        return " ".join(check_modifier(m) for m in re.findall("..", bare))


class DiagnosesEdit(LineField):
    """Diagnosis codes: ``e1165, i10`` becomes ``E11.65 I10``."""

    def parse(self, text: str) -> str:
        """Codes in shape, separated by one blank.

        Raises:
            ValueError: for more than four, or one that is no code.
        """
        codes = list(dict.fromkeys(check_icd10(w) for w in text.replace(",", " ").split()))
        if len(codes) > 4:
            raise ValueError("A line points to 4 diagnoses at most.")
        return " ".join(codes)


class UnitsEdit(LineField):
    """A number of units, or of a drug's measure, as it prints."""

    def parse(self, text: str) -> str:
        """The number as typed.

        Raises:
            ValueError: when it is none.
        """
        if not re.fullmatch(r"\d{0,7}(\.\d{1,3})?", text, re.ASCII) or not text.strip("0."):
            raise ValueError("Type a number above 0, like 1 or 0.5.")
        return text


def columns() -> tuple[Column[Any], ...]:
    """Of the list."""
    return (
        Column("code", "Code", _code, width=94, look=_look),
        Column("wording", "Wording", lambda r: r.wording, width=0, tooltip=lambda r: r.wording),
        Column(
            "charge",
            "Charge",
            lambda r: format_cents(r.charge_cents),
            lambda r: r.charge_cents,
            numeric=True,
            width=86,
        ),
    )


def _code(row: SaveProcedure) -> str:
    return f"{row.code} {row.modifiers}".strip()


def _look(row: SaveProcedure) -> str:
    return "" if row.active else "muted"


def rows(today: Callable[[], date], aids: ChargeAids | None) -> Sequence[tuple[str, Sequence[Row]]]:
    """The form, section by section."""
    return (
        ("", _charge_rows(aids)),
        ("Filled in when the code is typed", _line_rows()),
        ("A drug", _drug_rows()),
        ("When it may be billed", _day_rows(today)),
    )


def _code_field(aids: ChargeAids | None, wording: LineField) -> LineField:
    """The code, typed or found in HCPCS; one that is taken brings its words along."""
    if aids is None:
        return CodeEdit()
    field = CodeLookup(aids.found, hint="Code or words")

    def worded(code: object) -> None:
        row = aids.codes.procedure(str(code), aids.today())
        if row is not None and not wording.value():
            wording.set_value(row.wording)

    field.chosen.connect(worded)
    return field


def _charge_rows(aids: ChargeAids | None) -> list[Row]:
    wording = LineField()
    return [
        (
            Slot("code", "Code", _code_field(aids, wording), 3, "Enter the code."),
            Slot("modifiers", "Modifiers", ModifiersEdit(), 3),
            Slot("charge_cents", "Charge", MoneyEdit(), 3, "Enter the charge."),
            Slot("units", "Units", UnitsEdit(hint="1"), 3),
        ),
        (
            Slot("wording", "Your own wording", wording, 8),
            Slot("category", "Kind", LineField(hint="Visits, Labs"), 4),
        ),
    ]


def _line_rows() -> list[Row]:
    hint = "Points to these, if coded"
    return [
        (
            Slot("diagnoses", hint, DiagnosesEdit(hint="E11.65 I10"), 9),
            Slot("place_of_service", "POS", CodeEdit(hint="visit's"), 3),
        ),
        (
            Slot("minutes_per_unit", "Minutes a unit", NumberEdit(low=1, high=480), 3),
            Slot("eight_minute_rule", "", CheckField("8-minute rule (8–22 are one)"), 9),
        ),
        (
            Slot("clia_required", "", CheckField("Needs the CLIA no."), 6),
            Slot("waived_test", "", CheckField("Waived test (QW)"), 6),
        ),
    ]


def _drug_rows() -> list[Row]:
    return [
        (
            Slot("ndc_code", "NDC", LineField(hint="0009-0280-02"), 5),
            Slot("ndc_unit", "Measure", ChoiceEdit(NDC_UNITS), 4),
            Slot("ndc_quantity", "For one unit", UnitsEdit(), 3),
        ),
        (Slot("single_dose", "", CheckField("Comes in single doses (JW or JZ for Medicare)"), 12),),
    ]


def _day_rows(today: Callable[[], date]) -> list[Row]:
    return [
        (
            Slot("effective", "From", DateEdit(today=today), 4),
            Slot("termination", "To", DateEdit(today=today), 4),
            Slot("active", "", CheckField("In use"), 4),
        )
    ]


def section(
    setup: SetupService,
    directory: DirectoryService,
    today: Callable[[], date],
    aids: ChargeAids | None = None,
) -> Section:
    """The charge master as Setup shows it."""
    return Section(
        "procedures",
        "Charges",
        HELP,
        directory.procedures,
        setup.save_procedure,
        lambda r: r.procedure_id,
        columns(),
        lambda: rows(today, aids),
        SaveProcedure,
        "procedure_id",
        told=aids.told if aids is not None else None,
    )
