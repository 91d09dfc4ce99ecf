"""Setting up the practice: its own data, providers, places, payers, charges and settings."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import identifiers as ids
from app.domain.claim_form import Address, Box29, MultiPage, ReferringOrder
from app.domain.errors import NotFound
from app.domain.findings import Finding
from app.models.people import (
    Facility,
    Payer,
    Practice,
    Provider,
    ReferringProvider,
    Setting,
)
from app.models.visits import Procedure
from app.services._checks import FieldChecks, blank_to_none
from app.services.desk import Desk
from app.services.people_commands import (
    SaveFacility,
    SavePayer,
    SavePractice,
    SaveProcedure,
    SaveProvider,
    SaveReferring,
)

# Box 24F has room for six figures of dollars; no payer waits longer than three years.
MAX_CHARGE_CENTS = 99_999_999
MAX_DAYS = 1096

# Settings with their defaults; what a practice never touched is not stored.
DEFAULT_SETTINGS: dict[str, object] = {
    "date_style": "MMDDYY",
    "signature_text": "SIGNATURE ON FILE",
    "print_release_date": False,
    "box20_no_when_none": True,
    "medigap_prefix": "MEDIGAP",
    "small_balance_cents": 500,
    "follow_up_days": 30,
    "statement_cycle_days": 30,
    "statement_minimum_cents": 500,
}


def check_address(checks: FieldChecks, prefix: str, address: Address) -> dict[str, str | None]:
    """Column values of an address; state and ZIP are checked when present."""
    return {
        "address1": blank_to_none(address.line1),
        "address2": blank_to_none(address.line2),
        "city": blank_to_none(address.city),
        "state": checks.take(f"{prefix}state", ids.check_state, address.state),
        "zip": checks.take(f"{prefix}zip", ids.check_zip, address.zip),
    }


class SetupService:
    """Each save checks every field and keeps all of it or nothing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # --- the practice -----------------------------------------------------------------------
    def save_practice(self, command: SavePractice) -> None:
        """Saves the billing provider.

        Raises:
            Invalid: with a sentence for each wrong field.
        """
        checks = FieldChecks()
        values = _practice_values(checks, command)
        checks.done()
        with self._desk.write() as session:
            row = session.get(Practice, 1)
            if row is None:
                session.add(Practice(id=1, **values))
            else:
                _assign(row, values)
            self._desk.audit(session, "save practice", entity="practice", entity_id=1)

    def practice(self) -> SavePractice | None:
        """The practice as it can be edited; None before the first save."""
        with self._desk.read() as session:
            row = session.get(Practice, 1)
            return None if row is None else _practice_command(row)

    # --- providers, places, referring -------------------------------------------------------
    def save_provider(self, command: SaveProvider) -> int:
        """Saves a rendering provider; returns its id."""
        checks = FieldChecks()
        values = {
            **_person_values(checks, command.last, command.first, command.middle, command.suffix),
            "credentials": blank_to_none(command.credentials),
            "npi": checks.need("npi", ids.check_npi, command.npi, "Enter the provider's NPI."),
            "taxonomy": checks.take("taxonomy", ids.check_taxonomy, command.taxonomy),
            "medicare_participating": command.medicare_participating,
            "signature_on_file": command.signature_on_file,
            "active": command.active,
        }
        checks.done()
        return self._keep(Provider, command.provider_id, values)

    def save_facility(self, command: SaveFacility) -> int:
        """Saves a place of service; returns its id."""
        checks = FieldChecks()
        values = {
            "name": checks.text("name", command.name, "Enter the name of the place."),
            **check_address(checks, "", command.address),
            "phone": checks.take("phone", ids.check_phone, command.phone),
            "npi": checks.take("npi", ids.check_npi, command.npi),
            "place_of_service": checks.need(
                "place_of_service",
                ids.check_place_of_service,
                command.place_of_service,
                "Enter the place of service code, 11 for the office.",
            ),
            "active": command.active,
        }
        checks.done()
        return self._keep(Facility, command.facility_id, values)

    def save_referring(self, command: SaveReferring) -> int:
        """Saves a referring provider; returns its id."""
        checks = FieldChecks()
        values = {
            **_person_values(checks, command.last, command.first, command.middle, command.suffix),
            "credentials": blank_to_none(command.credentials),
            "npi": checks.take("npi", ids.check_npi, command.npi),
            "other_id": blank_to_none(command.other_id),
            "other_id_qualifier": blank_to_none(command.other_id_qualifier),
            "active": command.active,
        }
        checks.done()
        return self._keep(ReferringProvider, command.referring_id, values)

    # --- payers and charges -----------------------------------------------------------------
    def save_payer(self, command: SavePayer) -> int:
        """Saves a payer; returns its id."""
        checks = FieldChecks()
        values = _payer_values(checks, command)
        checks.done()
        return self._keep(Payer, command.payer_id, values)

    def save_procedure(self, command: SaveProcedure) -> int:
        """Saves a line of the charge master; returns its id."""
        checks = FieldChecks()
        values = {
            "code": checks.need(
                "code", ids.check_procedure, command.code, "Enter the procedure code."
            ),
            "charge_cents": command.charge_cents,
            "wording": blank_to_none(command.wording),
            "modifiers": blank_to_none(command.modifiers),
            "active": command.active,
        }
        if command.charge_cents < 0:
            checks.add("charge_cents", "A charge cannot be negative.")
        if command.charge_cents > MAX_CHARGE_CENTS:
            checks.add("charge_cents", "Box 24F has room for 999,999.99.")
        for modifier in command.modifiers.replace(",", " ").split():
            checks.take("modifiers", ids.check_modifier, modifier)
        checks.done()
        return self._keep(Procedure, command.procedure_id, values)

    def _keep(self, table: type[Any], row_id: int | None, values: dict[str, Any]) -> int:
        with self._desk.write() as session:
            row = None if row_id is None else session.get(table, row_id)
            if row_id is not None and row is None:
                raise NotFound("This entry is no longer there. Refresh the list.")
            self._refuse_twin(session, table, row_id, values)
            if row is None:
                row = table(**values)
                session.add(row)
            else:
                _assign(row, values)
            session.flush()
            name = table.__tablename__
            self._desk.audit(session, f"save {name}", entity=name, entity_id=row.id)
            return int(row.id)

    def _refuse_twin(
        self, session: Session, table: type[Any], row_id: int | None, values: dict[str, Any]
    ) -> None:
        if table is not Provider:
            return
        twin = session.scalar(select(Provider.id).where(Provider.npi == values["npi"]))
        if twin not in (None, row_id):
            checks = FieldChecks(findings=[Finding("npi", "A provider with this NPI is on file.")])
            checks.done()

    # --- settings ---------------------------------------------------------------------------
    def setting(self, key: str) -> Any:
        """One setting, or its default."""
        with self._desk.read() as session:
            return read_setting(session, key)

    def save_setting(self, key: str, value: object) -> None:
        """Changes one setting."""
        if key not in DEFAULT_SETTINGS:
            raise KeyError(key)
        with self._desk.write() as session:
            session.merge(Setting(key=key, value=json.dumps(value)))
            self._desk.audit(session, "save setting", entity="setting", detail=key)


def read_setting(session: Session, key: str) -> Any:
    """A setting's value inside somebody's unit of work."""
    row = session.get(Setting, key)
    return DEFAULT_SETTINGS[key] if row is None else json.loads(row.value)


def _assign(row: object, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _person_values(
    checks: FieldChecks, last: str, first: str, middle: str, suffix: str
) -> dict[str, str | None]:
    return {
        "last": checks.text("last", last, "Enter the last name."),
        "first": checks.text("first", first, "Enter the first name."),
        "middle": blank_to_none(middle),
        "suffix": blank_to_none(suffix),
    }


def _practice_values(checks: FieldChecks, command: SavePractice) -> dict[str, Any]:
    kind = command.tax_id_type
    if kind not in ("EIN", "SSN"):
        checks.add("tax_id_type", "The tax ID is an EIN or an SSN.")
    if command.npi_type not in (1, 2):
        checks.add("npi_type", "The NPI is of type 1 (a person) or 2 (an organization).")

    def tax_id(text: str) -> str:
        return ids.check_tax_id(text, kind)

    pay_to = check_address(checks, "pay_to_", command.pay_to)
    return {
        "name": checks.text("name", command.name, "Enter the name of the practice."),
        **check_address(checks, "", command.address),
        "phone": checks.take("phone", ids.check_phone, command.phone),
        "npi": checks.need("npi", ids.check_npi, command.npi, "Enter the practice's NPI."),
        "npi_type": command.npi_type,
        "tax_id": checks.need("tax_id", tax_id, command.tax_id, "Enter the practice's tax ID."),
        "tax_id_type": kind,
        "taxonomy": checks.take("taxonomy", ids.check_taxonomy, command.taxonomy),
        "pay_to_name": blank_to_none(command.pay_to_name),
        **{f"pay_to_{name}": value for name, value in pay_to.items()},
        "fte": command.fte,
        "medicare_paper_exception": command.medicare_paper_exception,
    }


def address_of(row: Any, prefix: str = "") -> Address:
    """The address columns of a row as a value."""
    parts = ("address1", "address2", "city", "state", "zip")
    return Address(*(getattr(row, prefix + part) or "" for part in parts))


def _practice_command(row: Practice) -> SavePractice:
    return SavePractice(
        name=row.name,
        address=address_of(row),
        phone=row.phone or "",
        npi=row.npi,
        tax_id=row.tax_id,
        tax_id_type=row.tax_id_type,
        npi_type=row.npi_type,
        taxonomy=row.taxonomy or "",
        pay_to_name=row.pay_to_name or "",
        pay_to=address_of(row, "pay_to_"),
        fte=row.fte,
        medicare_paper_exception=row.medicare_paper_exception,
    )


# Columns of a payer that are taken over as they are.
PAYER_PLAIN = (
    "contracted",
    "capitated",
    "nsa_protected",
    "forwards_to_secondary",
    "multi_page",
    "one_pointer_per_line",
    "accepts_plain_paper",
    "box29",
    "referring_order",
    "zip_hyphen",
    "date_style",
    "signature_text",
    "taxonomy_24j",
    "taxonomy_33b",
    "emg_in_24c",
    "epsdt_in_24h",
    "anesthesia_times_in_shaded",
    "ndc_required",
    "timely_filing_days",
    "follow_up_days",
    "active",
)
PAYER_TEXTS = ("electronic_id", "telehealth_modifier", "id_mask")
PAYER_CODES = ("prior_auth_required_codes", "referring_required_codes")


# What a payer may wish of the paper, and the sentence when it is something else.
_PAYER_CHOICES: dict[str, tuple[tuple[str | None, ...], str]] = {
    "multi_page": (tuple(MultiPage), "Choose how more than six lines are sent."),
    "box29": (tuple(Box29), "Choose what box 29 holds."),
    "referring_order": ((None, *ReferringOrder), "Choose how the referring name is written."),
    "date_style": ((None, "MMDDYY", "MMDDYYYY"), "Choose dates of six or eight digits."),
}


def _check_payer_wishes(checks: FieldChecks, command: SavePayer) -> None:
    for name, (choices, sentence) in _PAYER_CHOICES.items():
        if getattr(command, name) not in choices:
            checks.add(name, sentence)
    for name in ("timely_filing_days", "follow_up_days"):
        days = getattr(command, name)
        if days is not None and not 1 <= days <= MAX_DAYS:
            checks.add(name, f"Enter a number of days from 1 to {MAX_DAYS}, or leave it blank.")


def _payer_values(checks: FieldChecks, command: SavePayer) -> dict[str, Any]:
    _check_payer_wishes(checks, command)
    codes = {
        n: " ".join(getattr(command, n).upper().replace(",", " ").split()) for n in PAYER_CODES
    }
    return {
        "name": checks.text("name", command.name, "Enter the payer's name."),
        "type": str(command.type),
        **check_address(checks, "", command.address),
        "phone": checks.take("phone", ids.check_phone, command.phone),
        **{name: getattr(command, name) for name in PAYER_PLAIN},
        **{name: blank_to_none(getattr(command, name)) for name in PAYER_TEXTS},
        **{name: text or None for name, text in codes.items()},
    }
