"""Setting up the practice: its own data, providers, places, payers, charges and settings."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import identifiers as ids
from app.domain.errors import NotFound
from app.domain.money_rules import MoneyRules
from app.domain.statement_policy import StatementPolicy
from app.models.people import (
    Facility,
    Payer,
    Practice,
    Provider,
    ReferringProvider,
    Setting,
)
from app.models.visits import Procedure
from app.services import _fee_prices, _fee_rows
from app.services._addresses import address_of, check_address
from app.services._checks import FieldChecks, blank_to_none
from app.services._money_rules import read_rules, save_rules
from app.services._payer_values import check_schedules, payer_values
from app.services._procedure_values import procedure_values
from app.services.desk import Desk
from app.services.people_commands import (
    SaveFacility,
    SavePayer,
    SavePractice,
    SaveProcedure,
    SaveProvider,
    SaveReferring,
)

# Settings with their defaults; what a practice never touched is not stored.
DEFAULT_SETTINGS: dict[str, object] = {
    "date_style": "MMDDYY",
    "signature_text": "SIGNATURE ON FILE",
    "print_release_date": False,
    "box20_no_when_none": True,
    "medigap_prefix": "MEDIGAP",
    "follow_up_days": 30,
    "code_files_changed": "",  # when, so that pages that show what follows read again
    "medicare_locality": "",  # contractor and locality, seven digits (reference.localities)
    **asdict(MoneyRules()),
    **{f"statement_{name}": value for name, value in asdict(StatementPolicy()).items()},
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
            "is_person": command.is_person,
            "medicare_enrolled": command.medicare_enrolled,
            "active": command.active,
        }
        checks.done()
        return self._keep(ReferringProvider, command.referring_id, values)

    # --- payers and charges -----------------------------------------------------------------
    def save_payer(self, command: SavePayer) -> int:
        """Saves a payer; returns its id."""
        checks = FieldChecks()
        values = payer_values(checks, command)
        checks.done()
        return self._keep(Payer, command.payer_id, values)

    def save_procedure(self, command: SaveProcedure) -> int:
        """Saves a line of the charge master; returns its id.

        A charge that a dated fee sets today begins today; visits before keep theirs.
        """
        checks = FieldChecks()
        values = procedure_values(checks, command)
        checks.done()
        with self._desk.write() as session:
            row = self._row(session, Procedure, command.procedure_id)
            cents = values.pop("charge_cents")
            if row.charge_cents is None:
                row.charge_cents = cents
            _assign(row, values)
            usual = _fee_rows.usual_id(session)
            _fee_prices.charge_today(session, usual, row, cents, self._desk.today)
            return self._kept(session, row)

    def _keep(self, table: type[Any], row_id: int | None, values: dict[str, Any]) -> int:
        with self._desk.write() as session:
            row = self._row(session, table, row_id)
            self._refuse_twin(session, table, row_id, values)
            _assign(row, values)
            return self._kept(session, row)

    def _row(self, session: Session, table: type[Any], row_id: int | None) -> Any:
        row = table() if row_id is None else session.get(table, row_id)
        if row is None:
            raise NotFound("This entry is no longer there. Refresh the list.")
        return row

    def _kept(self, session: Session, row: Any) -> int:
        session.add(row)
        session.flush()
        name = row.__tablename__
        self._desk.audit(session, f"save {name}", entity=name, entity_id=row.id)
        return int(row.id)

    def _refuse_twin(
        self, session: Session, table: type[Any], row_id: int | None, values: dict[str, Any]
    ) -> None:
        checks = FieldChecks()
        if table is Provider:
            twin = session.scalar(select(Provider.id).where(Provider.npi == values["npi"]))
            if twin not in (None, row_id):
                checks.add("npi", "A provider with this NPI is on file.")
        elif table is Payer:
            check_schedules(session, checks, values)
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

    def money_rules(self) -> MoneyRules:
        """The fees of the office, the limit of a small balance, the sliding fee."""
        with self._desk.read() as session:
            return read_rules(session)

    def save_money_rules(self, rules: MoneyRules) -> None:
        """Keeps them all.

        Raises:
            Invalid: with a sentence for each wrong amount.
        """
        with self._desk.write() as session:
            save_rules(session, rules)
            self._desk.audit(session, "save setting", entity="setting", detail="money rules")


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
