"""What the claim edits found on printed claims, and what she overrode with a reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Key, ref


class ClaimOverride(Base):
    """An error of one edit at one place of a claim that she lets pass, and why."""

    __tablename__ = "claim_override"
    id: Mapped[Key]
    claim_id: Mapped[int] = ref("claim", index=False)
    edit_id: Mapped[str]
    field: Mapped[str]  # the finding's place on the form, with the sheet: ``24_2_D_cpt@1``
    reason: Mapped[str]
    message: Mapped[str]  # what was overridden, as it was said then
    at: Mapped[datetime]
    user_id: Mapped[int] = ref("user", index=False)
    __table_args__ = (
        UniqueConstraint("claim_id", "edit_id", "field"),
        CheckConstraint("length(trim(reason)) > 0", name="reason"),
    )


class ClaimFinding(Base):
    """A finding that stood when a claim was printed; the statistics of the edits are made of it."""

    __tablename__ = "claim_finding"
    id: Mapped[Key]
    claim_version_id: Mapped[int] = ref("claim_version")
    edit_id: Mapped[str]
    severity: Mapped[str]
    item: Mapped[str]
    field: Mapped[str]
    message: Mapped[str]
    overridden: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        CheckConstraint("severity IN ('error', 'warning')", name="severity"),
        Index("ix_claim_finding_edit", "edit_id"),
    )
