"""Scans and pictures of the chart kept with a visit, and visits that repeat."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Key, Money, optional_ref, ref


class ChartScan(Base):
    """A scanned superbill, a picture or a PDF of the chart; its bytes lie here and nowhere else.

    ``removed_at`` is set when she takes it away and cleared by Undo; what was taken away longer
    ago is forgotten.
    """

    __tablename__ = "chart_scan"
    id: Mapped[Key]
    encounter_id: Mapped[int] = ref("encounter")
    kind: Mapped[str]  # pdf, image
    name: Mapped[str]  # as shown; a file's name without its folder
    mime: Mapped[str]
    size: Mapped[int]  # bytes
    pages: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_at: Mapped[datetime]
    user_id: Mapped[int] = ref("user", index=False)
    removed_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("kind IN ('pdf', 'image')", name="kind"),
        CheckConstraint("pages >= 1", name="pages"),
    )


class RecurringVisit(Base):
    """A visit that comes again: every so many days, weeks or months, until a date or a count."""

    __tablename__ = "recurring_visit"
    id: Mapped[Key]
    patient_id: Mapped[int] = ref("patient")
    provider_id: Mapped[int] = ref("provider", index=False)
    facility_id: Mapped[int | None] = optional_ref("facility", index=False)
    referring_id: Mapped[int | None] = optional_ref("referring_provider", index=False)
    place_of_service: Mapped[str]
    prior_authorization: Mapped[str | None]
    self_pay: Mapped[bool] = mapped_column(default=False)
    diagnoses: Mapped[str]  # codes separated by blanks
    every: Mapped[int]
    unit: Mapped[str]
    first_on: Mapped[date]
    until: Mapped[date | None]
    times: Mapped[int | None]
    ended_on: Mapped[date | None]
    created_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("unit IN ('days', 'weeks', 'months')", name="unit"),
        CheckConstraint("every >= 1", name="every"),
        CheckConstraint("times IS NULL OR times >= 1", name="times"),
    )


class RecurringLine(Base):
    """One service of a visit that comes again. Its charge is asked for anew each time.

    ``charge_cents``: what it cost when it was set up, for a code that is on no charge list.
    """

    __tablename__ = "recurring_line"
    recurring_id: Mapped[int] = mapped_column(ForeignKey("recurring_visit.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    modifiers: Mapped[str | None]
    pointers: Mapped[str | None]
    units: Mapped[str]
    place_of_service: Mapped[str | None]
    description: Mapped[str | None]
    ndc_code: Mapped[str | None]
    ndc_unit: Mapped[str | None]
    ndc_quantity: Mapped[str | None]
    charge_cents: Mapped[Money]
    __table_args__ = (CheckConstraint("charge_cents >= 0", name="charge"),)


class RecurringDay(Base):
    """What became of one day of a recurring visit: an encounter was made, or it was skipped."""

    __tablename__ = "recurring_day"
    recurring_id: Mapped[int] = mapped_column(ForeignKey("recurring_visit.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    encounter_id: Mapped[int | None] = optional_ref("encounter")
    __table_args__ = (UniqueConstraint("encounter_id"),)
