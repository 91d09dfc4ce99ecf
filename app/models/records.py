"""What is kept beside the books: notes, attachments, drafts and the audit trail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Key, optional_ref, ref


class Note(Base):
    """A dated remark on a patient, a claim or a payment; never overwritten."""

    __tablename__ = "note"
    id: Mapped[Key]
    patient_id: Mapped[int | None] = optional_ref("patient")
    claim_id: Mapped[int | None] = optional_ref("claim")
    payment_id: Mapped[int | None] = optional_ref("payment")
    at: Mapped[datetime]
    user_id: Mapped[int] = ref("user", index=False)
    text: Mapped[str]


class Attachment(Base):
    """A scanned page, encrypted with the rest of the file."""

    __tablename__ = "attachment"
    id: Mapped[Key]
    patient_id: Mapped[int | None] = optional_ref("patient")
    encounter_id: Mapped[int | None] = optional_ref("encounter")
    claim_id: Mapped[int | None] = optional_ref("claim")
    payment_id: Mapped[int | None] = optional_ref("payment")
    name: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    user_id: Mapped[int] = ref("user", index=False)


class Draft(Base):
    """Half-typed work of one form; survives a crash and a lock."""

    __tablename__ = "draft"
    key: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str]
    saved_at: Mapped[datetime]


class Audit(Base):
    """Who saw or changed whom, when, and what; chained by MAC and never altered."""

    __tablename__ = "audit"
    id: Mapped[Key]
    at: Mapped[datetime]
    user_id: Mapped[int] = ref("user", index=False)
    action: Mapped[str]
    patient_id: Mapped[int | None] = optional_ref("patient")
    entity: Mapped[str | None]
    entity_id: Mapped[int | None]
    detail: Mapped[str | None]
    mac: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = (Index("ix_audit_at", "at"),)
