"""Reading the short lists: providers, places, referring providers, payers, charges."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.domain.claim_form import PayerType
from app.domain.errors import NotFound
from app.models.people import Facility, Payer, Provider, ReferringProvider
from app.models.visits import Procedure
from app.services._addresses import address_of
from app.services._payer_values import PAYER_CODES, PAYER_NUMBERS, PAYER_PLAIN, PAYER_TEXTS
from app.services.desk import Desk
from app.services.people_commands import (
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
        """The charge master by code, inactive ones last."""
        query = select(Procedure).order_by(Procedure.active.desc(), Procedure.code)
        with self._desk.read() as session:
            return tuple(
                SaveProcedure(
                    code=row.code,
                    charge_cents=row.charge_cents,
                    wording=row.wording or "",
                    modifiers=row.modifiers or "",
                    active=row.active,
                    procedure_id=row.id,
                )
                for row in session.scalars(query)
            )


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
