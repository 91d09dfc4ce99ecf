"""Fee schedules with dated rows, percent raises, and the practice's favourite codes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Key, Money, optional_ref, ref


class FeeSchedule(Base):
    """A list of prices: the practice's own charges, or what a contract with a payer allows."""

    __tablename__ = "fee_schedule"
    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    usual: Mapped[bool] = mapped_column(default=False)  # holds for payers without a list of theirs
    active: Mapped[bool] = mapped_column(default=True)
    __table_args__ = (
        CheckConstraint("kind IN ('charges', 'contract')", name="kind"),
        CheckConstraint("NOT usual OR kind = 'charges'", name="usual"),
    )


class FeeRaise(Base):
    """One percent raise of a schedule from a date on; its rows name it, so that it can go again."""

    __tablename__ = "fee_raise"
    id: Mapped[Key]
    schedule_id: Mapped[int] = ref("fee_schedule")
    percent_hundredths: Mapped[int]  # 4.25 percent is 425
    round_cents: Mapped[int]  # to the nearest multiple: 1, 100 or 500
    starts: Mapped[date]
    created_at: Mapped[datetime]
    user_id: Mapped[int] = ref("user", index=False)
    __table_args__ = (CheckConstraint("round_cents > 0", name="rounding"),)


class Fee(Base):
    """What one unit of a code costs, or is allowed, between two days of service (both included)."""

    __tablename__ = "fee"
    id: Mapped[Key]
    schedule_id: Mapped[int] = ref("fee_schedule", index=False)
    code: Mapped[str]
    modifiers: Mapped[str] = mapped_column(default="")  # sorted, separated by blanks
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    cents: Mapped[Money]
    raise_id: Mapped[int | None] = optional_ref("fee_raise")
    cut_by_id: Mapped[int | None] = optional_ref("fee_raise")  # the raise that ended this row
    __table_args__ = (
        CheckConstraint("cents >= 0", name="cents"),
        CheckConstraint("starts IS NULL OR ends IS NULL OR ends >= starts", name="dates"),
        Index("ix_fee_code", "schedule_id", "code"),
    )


class FavouriteGroup(Base):
    """Codes that belong together on the practice's superbill."""

    __tablename__ = "favourite_group"
    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    specialty: Mapped[str | None]
    position: Mapped[int]


class FavouriteCode(Base):
    """One code of a group, in the order of the superbill."""

    __tablename__ = "favourite_code"
    group_id: Mapped[int] = mapped_column(ForeignKey("favourite_group.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    code: Mapped[str]
    modifiers: Mapped[str | None]
    wording: Mapped[str | None]
    __table_args__ = (CheckConstraint("kind IN ('dx', 'px')", name="kind"),)
