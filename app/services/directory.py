"""Reading the short lists: providers, places, referring providers, payers, charges."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from app.domain.claim_form import PayerType
from app.domain.errors import NotFound
from app.domain.fee_book import ChargeBook, FeeBook, modifiers_key
from app.models.fees import FeeSchedule
from app.models.people import Facility, Payer, Provider, ReferringProvider
from app.models.visits import Procedure
from app.services import _fee_rows
from app.services._addresses import address_of
from app.services._payer_values import PAYER_CODES, PAYER_NUMBERS, PAYER_PLAIN, PAYER_TEXTS
from app.services._procedure_values import procedure_command
from app.services.desk import Desk
from app.services.people_commands import (
    Choice,
    SaveFacility,
    SavePayer,
    SaveProcedure,
    SaveProvider,
    SaveReferring,
)


class DirectoryService:
    """The practice's lists as values that can be edited and saved again."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def providers(self) -> tuple[SaveProvider, ...]:
        """Rendering providers by name, inactive ones last."""
        query = select(Provider).order_by(Provider.active.desc(), Provider.last, Provider.first)
        with self._desk.read() as session:
            return tuple(
                SaveProvider(
                    last=row.last,
                    first=row.first,
                    middle=row.middle or "",
                    suffix=row.suffix or "",
                    credentials=row.credentials or "",
                    npi=row.npi,
                    taxonomy=row.taxonomy or "",
                    medicare_participating=row.medicare_participating,
                    signature_on_file=row.signature_on_file,
                    active=row.active,
                    provider_id=row.id,
                )
                for row in session.scalars(query)
            )

    def facilities(self) -> tuple[SaveFacility, ...]:
        """Places of service by name, inactive ones last."""
        query = select(Facility).order_by(Facility.active.desc(), Facility.name)
        with self._desk.read() as session:
            return tuple(
                SaveFacility(
                    name=row.name,
                    address=address_of(row),
                    place_of_service=row.place_of_service,
                    npi=row.npi or "",
                    phone=row.phone or "",
                    active=row.active,
                    facility_id=row.id,
                )
                for row in session.scalars(query)
            )

    def referring(self) -> tuple[SaveReferring, ...]:
        """Referring providers by name, inactive ones last."""
        table = ReferringProvider
        query = select(table).order_by(table.active.desc(), table.last, table.first)
        with self._desk.read() as session:
            return tuple(
                SaveReferring(
                    last=row.last,
                    first=row.first,
                    middle=row.middle or "",
                    suffix=row.suffix or "",
                    credentials=row.credentials or "",
                    npi=row.npi or "",
                    other_id=row.other_id or "",
                    other_id_qualifier=row.other_id_qualifier or "",
                    is_person=row.is_person,
                    medicare_enrolled=row.medicare_enrolled,
                    active=row.active,
                    referring_id=row.id,
                )
                for row in session.scalars(query)
            )

    def payers(self) -> tuple[SavePayer, ...]:
        """Payers by name, inactive ones last."""
        query = select(Payer).order_by(Payer.active.desc(), Payer.name)
        with self._desk.read() as session:
            return tuple(payer_command(row) for row in session.scalars(query))

    def payer(self, payer_id: int) -> SavePayer:
        """One payer as it can be edited."""
        with self._desk.read() as session:
            row = session.get(Payer, payer_id)
            if row is None:
                raise NotFound("This payer is no longer there. Refresh the list.")
            return payer_command(row)

    def procedures(self) -> tuple[SaveProcedure, ...]:
        """The charge master by code with today's charges, inactive ones last; three queries."""
        query = select(Procedure).order_by(Procedure.active.desc(), Procedure.code, Procedure.id)
        with self._desk.read() as session:
            usual = _fee_rows.book(session, _fee_rows.usual_id(session))
            return tuple(
                _priced(procedure_command(row), usual, self._desk.today)
                for row in session.scalars(query)
            )

    def fee_schedules(self) -> tuple[Choice, ...]:
        """Schedules in use that a payer may have; the detail is the kind."""
        query = select(FeeSchedule).where(FeeSchedule.active, ~FeeSchedule.usual)
        with self._desk.read() as session:
            rows = session.scalars(query.order_by(FeeSchedule.name))
            return tuple(Choice(row.id, row.name, row.kind) for row in rows)

    def charges(self) -> ChargeBook:
        """Every charge by day and payer, for a window that prices lines; three queries."""
        with self._desk.read() as session:
            return _fee_rows.charge_book(session)


def _priced(row: SaveProcedure, usual: FeeBook, today: date) -> SaveProcedure:
    """With the dated charge that holds today, if there is one."""
    fee = usual.exact(row.code, modifiers_key(row.modifiers), today)
    return row if fee is None else replace(row, charge_cents=fee.cents)


def payer_command(row: Payer) -> SavePayer:
    """A payer's row as the command that would save it."""
    plain: dict[str, Any] = {name: getattr(row, name) for name in PAYER_PLAIN}
    texts: dict[str, Any] = {
        n: getattr(row, n) or "" for n in (*PAYER_TEXTS, *PAYER_CODES, *PAYER_NUMBERS)
    }
    return SavePayer(
        name=row.name,
        type=PayerType(row.type),
        address=address_of(row),
        phone=row.phone or "",
        payer_id=row.id,
        **plain,
        **texts,
    )
