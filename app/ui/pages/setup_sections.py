"""What Setup's lists hold: columns, fields, and how each is read and saved. Data, not widgets."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from app.domain.claim_form import Address
from app.services.directory import DirectoryService
from app.services.people_commands import (
    SaveFacility,
    SavePayer,
    SavePractice,
    SaveProvider,
    SaveReferring,
)
from app.services.setup import SetupService
from app.ui.form import Slot
from app.ui.pages.setup_codes_lookup import Lookups, taxonomy_field
from app.ui.pages.setup_fields import Row, address_rows
from app.ui.pages.setup_payer import PAYER_TYPES, payer_rows
from app.ui.tables import Column
from app.ui.widgets.choice import CheckField, Choice, ChoiceEdit
from app.ui.widgets.field import CodeEdit, LineField, PhoneEdit

ADDRESS = ("line1", "line2", "city", "state", "zip")


@dataclass(frozen=True, slots=True)
class Section:
    """One list of Setup.

    Attributes:
        key: its name; ``title`` its word; ``help`` what it is for.
        load: rows as the commands that would save them.
        save: saves one.
        key_of: tells rows apart.
        columns: of the list.
        rows: builds the form's rows; called once.
        command: the dataclass a form's values become.
        row_id: name of the command's id field; empty when there is only one row (the practice).
        told: a sentence under the form, of the values typed; None where none is said.
        remove: takes an entry away and answers what brings it back; None where entries stay.
    """

    key: str
    title: str
    help: str
    load: Callable[[], Sequence[Any]]
    save: Callable[[Any], object]
    key_of: Callable[[Any], Hashable]
    columns: tuple[Column[Any], ...]
    rows: Callable[[], Sequence[tuple[str, Sequence[Row]]]]
    command: type[Any]
    row_id: str = ""
    empty: str = "Nothing here yet. Add the first with Ctrl N."
    remove: Callable[[Any], Callable[[], object]] | None = None
    told: Callable[[dict[str, Any]], str] | None = None


def to_values(command: Any) -> dict[str, Any]:
    """A command as form values; addresses are spread over ``line1`` … ``zip`` fields."""
    values: dict[str, Any] = {}
    for field in fields(command):
        value = getattr(command, field.name)
        if isinstance(value, Address):
            prefix = "" if field.name == "address" else f"{field.name}_"
            values.update({f"{prefix}{name}": getattr(value, name) for name in ADDRESS})
        else:
            values[field.name] = value
    return values


def to_command(kind: type[Any], values: dict[str, Any], fixed: dict[str, Any]) -> Any:
    """Form values as a command; ``fixed`` holds what the form does not show."""
    found: dict[str, Any] = dict(fixed)
    for field in fields(kind):
        if field.name in ("address", "pay_to"):
            prefix = "" if field.name == "address" else f"{field.name}_"
            if f"{prefix}line1" in values:
                parts = (values[f"{prefix}{name}"] or "" for name in ADDRESS)
                found[field.name] = Address(*parts)
        elif field.name in values:
            found[field.name] = values[field.name]
    return kind(**found)


def _person_rows() -> list[Row]:
    return [
        (
            Slot("last", "Last name", LineField(), 4, "Enter the last name."),
            Slot("first", "First name", LineField(), 4, "Enter the first name."),
            Slot("middle", "Middle", LineField(), 2),
            Slot("suffix", "Suffix", LineField(), 2),
        )
    ]


def _text(name: str, title: str, width: int = 0, *, muted: bool = False) -> Column[Any]:
    return Column(name, title, lambda row: str(getattr(row, name) or ""), width=width, muted=muted)


def _active(row: Any) -> str:
    return "" if row.active else "muted"


def _name_column() -> Column[Any]:
    return Column("name", "Name", lambda r: f"{r.last}, {r.first}", width=0, look=_active)


def _practice_rows(lookups: Lookups | None) -> list[tuple[str, Sequence[Row]]]:
    kinds = [Choice("EIN", "EIN", "E"), Choice("SSN", "SSN", "S")]
    return [
        (
            "Practice (boxes 25 and 33)",
            [
                (
                    Slot("name", "Name as the payers know it", LineField(), 8, "Enter the name."),
                    Slot("phone", "Phone", PhoneEdit(), 4),
                ),
                *address_rows(),
                (
                    Slot("npi", "NPI", LineField(), 4, "Enter the NPI."),
                    Slot("tax_id", "Tax ID", LineField(), 3, "Enter the tax ID."),
                    Slot("tax_id_type", "Kind", ChoiceEdit(kinds, blank=False), 2),
                    Slot("taxonomy", "Taxonomy", taxonomy_field(lookups), 3),
                ),
            ],
        ),
        (
            "Where checks are sent, if elsewhere",
            [(Slot("pay_to_name", "Name", LineField(), 12),), *address_rows("pay_to_")],
        ),
    ]


def _provider_rows(lookups: Lookups | None) -> list[tuple[str, Sequence[Row]]]:
    return [
        (
            "",
            [
                *_person_rows(),
                (
                    Slot("credentials", "Credentials", LineField(), 3),
                    Slot("npi", "NPI", LineField(), 4, "Enter the NPI."),
                    Slot("taxonomy", "Taxonomy", taxonomy_field(lookups), 5),
                ),
                (
                    Slot("signature_on_file", "", CheckField("Signature on file (box 31)"), 6),
                    Slot("medicare_participating", "", CheckField("Medicare participating"), 6),
                ),
                (Slot("active", "", CheckField("Works here"), 6),),
            ],
        )
    ]


def _facility_rows() -> list[tuple[str, Sequence[Row]]]:
    return [
        (
            "",
            [
                (
                    Slot("name", "Name (box 32)", LineField(), 9, "Enter the name."),
                    Slot("place_of_service", "POS", LineField(), 3, "11 is the office."),
                ),
                *address_rows(),
                (
                    Slot("npi", "NPI", LineField(), 6),
                    Slot("phone", "Phone", PhoneEdit(), 6),
                ),
                (Slot("active", "", CheckField("In use"), 6),),
            ],
        )
    ]


def _referring_rows() -> list[tuple[str, Sequence[Row]]]:
    return [
        (
            "",
            [
                *_person_rows(),
                (
                    Slot("credentials", "Credentials", LineField(), 3),
                    Slot("npi", "NPI", LineField(), 4),
                    Slot("other_id_qualifier", "ID kind", CodeEdit(), 2),
                    Slot("other_id", "Other ID", LineField(), 3),
                ),
                (Slot("active", "", CheckField("In use"), 6),),
            ],
        )
    ]


def sections(
    setup: SetupService, directory: DirectoryService, lookups: Lookups | None = None
) -> tuple[Section, ...]:
    """Setup's lists in the order a new practice fills them."""
    kinds = {choice.value: choice.text for choice in PAYER_TYPES}
    kind: Column[Any] = Column("type", "Type", lambda r: kinds[r.type], width=130, muted=True)

    def practice() -> Sequence[Any]:
        found = setup.practice()
        return () if found is None else (found,)

    return (
        Section(
            "practice",
            "Practice",
            "Who is paid: prints in boxes 25 and 33.",
            practice,
            setup.save_practice,
            lambda _: 1,
            (_text("name", "Name"),),
            lambda: _practice_rows(lookups),
            SavePractice,
        ),
        Section(
            "providers",
            "Providers",
            "Who renders the service: box 24J and 31.",
            directory.providers,
            setup.save_provider,
            lambda r: r.provider_id,
            (_name_column(), _text("npi", "NPI", 110)),
            lambda: _provider_rows(lookups),
            SaveProvider,
            "provider_id",
        ),
        Section(
            "facilities",
            "Places of service",
            "Where it is rendered: box 32.",
            directory.facilities,
            setup.save_facility,
            lambda r: r.facility_id,
            (_text("name", "Name"), _text("place_of_service", "POS", 60)),
            _facility_rows,
            SaveFacility,
            "facility_id",
        ),
        Section(
            "payers",
            "Payers",
            "Who is billed, how they want their paper and decide.",
            directory.payers,
            setup.save_payer,
            lambda r: r.payer_id,
            (_text("name", "Name"), kind),
            lambda: payer_rows(directory.fee_schedules, lookups),
            SavePayer,
            "payer_id",
        ),
        Section(
            "referring",
            "Referring providers",
            "Who referred, ordered or supervises: box 17.",
            directory.referring,
            setup.save_referring,
            lambda r: r.referring_id,
            (_name_column(), _text("npi", "NPI", 110)),
            _referring_rows,
            SaveReferring,
            "referring_id",
        ),
    )
