"""One place that loads every table, so that ``metadata`` is whole."""

from __future__ import annotations

from sqlalchemy import MetaData

from app.models import (
    books,
    closing,
    estimates,
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
    *(patient_money, estimates),
)


def metadata() -> MetaData:
    """The metadata of all tables."""
    return Base.metadata
