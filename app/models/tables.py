"""One place that loads every table, so that ``metadata`` is whole."""

from __future__ import annotations

from sqlalchemy import MetaData

from app.models import (
    attachments,
    books,
    closing,
    estimates,
    fees,
    patient_money,
    people,
    records,
    scrubbing,
    statements,
    visits,
)
from app.models.base import Base

MODULES = (
    *(people, visits, books, records, statements, scrubbing, closing),
    *(patient_money, estimates, fees, attachments),
)


def metadata() -> MetaData:
    """The metadata of all tables."""
    return Base.metadata
