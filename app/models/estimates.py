"""Good faith estimates: what was promised, kept as given. Never mixed with what was charged."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Key, Money, optional_ref, ref


class Estimate(Base):
    """One estimate for a patient who pays himself (45 CFR 149.610). A revision is a new row."""

    __tablename__ = "estimate"
    id: Mapped[Key]
    patient_id: Mapped[int] = ref("patient")
    provider_id: Mapped[int] = ref("provider", index=False)
    facility_id: Mapped[int | None] = optional_ref("facility", index=False)
    occasion: Mapped[str]  # scheduled, requested
    asked_on: Mapped[date]  # the day it was scheduled, or asked for
    service_date: Mapped[date | None]
    due_on: Mapped[date | None]  # None: scheduled so late that none is owed
    given_on: Mapped[date]
    service: Mapped[str]  # in plain words
    diagnoses: Mapped[str | None]  # codes separated by blanks
    others: Mapped[str | None]  # who else is expected to charge, in words
    total_cents: Mapped[Money]
    revises_id: Mapped[int | None] = mapped_column(ForeignKey("estimate.id"), unique=True)
    withdrawn_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    user_id: Mapped[int] = ref("user", index=False)
    sha256: Mapped[str]
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = (
        CheckConstraint("occasion IN ('scheduled', 'requested')", name="occasion"),
        CheckConstraint("total_cents > 0", name="total"),
    )


class EstimateLine(Base):
    """One expected item of an estimate (cents)."""

    __tablename__ = "estimate_line"
    estimate_id: Mapped[int] = mapped_column(ForeignKey("estimate.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    description: Mapped[str]
    units: Mapped[str]
    charge_cents: Mapped[Money]
    __table_args__ = (CheckConstraint("charge_cents >= 0", name="charge"),)


class EstimateComparison(Base):
    """An estimate set beside what was charged for the visit, on the day the charges were posted.

    ``over_cents``: how far the charges lie above it; below zero, under it.
    """

    __tablename__ = "estimate_comparison"
    encounter_id: Mapped[int] = mapped_column(ForeignKey("encounter.id"), primary_key=True)
    estimate_id: Mapped[int] = ref("estimate")
    over_cents: Mapped[Money]
    on_date: Mapped[date]
    seen_at: Mapped[datetime | None]  # the biller has dealt with it
