"""What all tables share: naming of constraints, the types of columns, small mixins."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, cast

from sqlalchemy import (
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Refuses a naive datetime: whose clock would it be?"""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: D102
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a moment needs its time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: D102
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Root of all tables; constraints get predictable names so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {date: Date, datetime: UtcDateTime, str: String}


Key = Annotated[int, mapped_column(Integer, primary_key=True)]
Money = Annotated[int, mapped_column(Integer)]  # integer cents


def ref(target: str, *, index: bool = True, **options: object) -> Mapped[int]:
    """A required foreign key to ``table.id``; indexed, because every one is looked along."""
    return mapped_column(ForeignKey(f"{target}.id", **options), index=index)  # type: ignore[arg-type]


def optional_ref(target: str, *, index: bool = True) -> Mapped[int | None]:
    """A foreign key that may be unknown."""
    return mapped_column(ForeignKey(f"{target}.id"), index=index)


class AddressColumns:
    """A US postal address and a telephone number, each part optional."""

    address1: Mapped[str | None]
    address2: Mapped[str | None]
    city: Mapped[str | None]
    state: Mapped[str | None]
    zip: Mapped[str | None]
    phone: Mapped[str | None]


class PersonColumns:
    """A person's name in parts, as typed, accents kept."""

    last: Mapped[str]
    first: Mapped[str]
    middle: Mapped[str | None]
    suffix: Mapped[str | None]


def table_of(model: type[Base]) -> Table:
    """The plain table behind a mapped class, for many rows in one statement."""
    return cast("Table", model.__table__)
