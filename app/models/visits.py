"""Encounters, their diagnoses and charge lines, and the claims made of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Key, Money, optional_ref, ref


class Encounter(Base):
    """A visit: facts for items 10 and 14-23. Status draft, posted, voided; the rest is derived."""

    __tablename__ = "encounter"
    id: Mapped[Key]
    patient_id: Mapped[int] = ref("patient")
    provider_id: Mapped[int] = ref("provider")
    facility_id: Mapped[int | None] = optional_ref("facility")
    referring_id: Mapped[int | None] = optional_ref("referring_provider")
    referring_qualifier: Mapped[str | None]
    service_date: Mapped[date]
    place_of_service: Mapped[str]
    status: Mapped[str] = mapped_column(default="draft")
    hold_reason: Mapped[str | None]
    hold_until: Mapped[date | None]
    related_employment: Mapped[bool | None]
    related_auto: Mapped[bool | None]
    auto_state: Mapped[str | None]
    related_other: Mapped[bool | None]
    accident_date: Mapped[date | None]
    onset_date: Mapped[date | None]
    onset_qualifier: Mapped[str | None]
    other_date: Mapped[date | None]
    other_date_qualifier: Mapped[str | None]
    unable_from: Mapped[date | None]
    unable_to: Mapped[date | None]
    hospital_from: Mapped[date | None]
    hospital_to: Mapped[date | None]
    prior_authorization: Mapped[str | None]
    clia: Mapped[str | None]
    mammography_certificate: Mapped[str | None]
    claim_codes: Mapped[str | None]
    additional_info: Mapped[str | None]
    outside_lab_cents: Mapped[int | None]
    accept_assignment: Mapped[bool] = mapped_column(default=True)
    self_pay: Mapped[bool] = mapped_column(default=False)  # the patient pays; no claim is made
    signed: Mapped[bool] = mapped_column(default=True)
    abn_on_file: Mapped[bool | None]  # advance beneficiary notice; None: not asked
    chart_note: Mapped[str | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'posted', 'voided')", name="status"),
        Index("ix_encounter_service_date", "service_date"),
        Index("ix_encounter_status", "status"),
    )
    __mapper_args__ = {"version_id_col": version}


class EncounterCoverage(Base):
    """The order in which policies are billed for one encounter, fixed when charges are posted."""

    __tablename__ = "encounter_coverage"
    encounter_id: Mapped[int] = mapped_column(ForeignKey("encounter.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[int] = ref("policy")
    __table_args__ = (UniqueConstraint("encounter_id", "policy_id"),)


class Diagnosis(Base):
    """One ICD-10-CM code of an encounter; position 1-12 is the letter A-L."""

    __tablename__ = "diagnosis"
    encounter_id: Mapped[int] = mapped_column(ForeignKey("encounter.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(index=True)
    __table_args__ = (CheckConstraint("position BETWEEN 1 AND 12", name="position"),)


class ChargeLine(Base):
    """One service. It has its own id for ever; the code never identifies it."""

    __tablename__ = "charge_line"
    id: Mapped[Key]
    encounter_id: Mapped[int] = ref("encounter")
    position: Mapped[int]
    service_from: Mapped[date]
    service_to: Mapped[date]
    place_of_service: Mapped[str]
    code: Mapped[str]
    modifiers: Mapped[str | None]  # two-character modifiers separated by blanks
    pointers: Mapped[str | None]  # letters A-L in print order
    charge_cents: Mapped[Money]
    units: Mapped[str] = mapped_column(default="1")
    emergency: Mapped[bool] = mapped_column(default=False)
    epsdt: Mapped[str | None]
    family_planning: Mapped[bool] = mapped_column(default=False)
    ndc_code: Mapped[str | None]
    ndc_unit: Mapped[str | None]
    ndc_quantity: Mapped[str | None]
    supplemental: Mapped[str | None]
    anesthesia_start: Mapped[str | None]
    anesthesia_end: Mapped[str | None]
    anesthesia_minutes: Mapped[int | None]
    description: Mapped[str | None]
    __table_args__ = (
        CheckConstraint("charge_cents >= 0", name="charge"),
        CheckConstraint("service_to >= service_from", name="dates"),
    )


class Procedure(Base):
    """The practice's own charge master: what it charges for a code. No AMA text ships with us.

    ``charge_cents`` holds until a dated row of the usual fee schedule says otherwise.
    """

    __tablename__ = "procedure"
    id: Mapped[Key]
    code: Mapped[str]
    modifiers: Mapped[str | None]
    wording: Mapped[str | None]
    charge_cents: Mapped[Money]
    units: Mapped[str | None]  # None: 1
    place_of_service: Mapped[str | None]  # None: the visit's
    diagnoses: Mapped[str | None]  # up to four codes separated by blanks
    ndc_code: Mapped[str | None]
    ndc_unit: Mapped[str | None]
    ndc_quantity: Mapped[str | None]  # for one unit of the line
    minutes_per_unit: Mapped[int | None]  # None: not billed by time
    eight_minute_rule: Mapped[bool] = mapped_column(default=False)
    effective: Mapped[date | None]
    termination: Mapped[date | None]
    clia_required: Mapped[bool] = mapped_column(default=False)
    waived_test: Mapped[bool] = mapped_column(default=False)  # billed with QW
    single_dose: Mapped[bool] = mapped_column(default=False)  # Medicare wants JW or JZ
    category: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    __table_args__ = (Index("ix_procedure_code", "code"),)


class Claim(Base):
    """One encounter's lines sent to one payer, once. A correction is a new claim."""

    __tablename__ = "claim"
    id: Mapped[Key]
    number: Mapped[str] = mapped_column(unique=True)
    encounter_id: Mapped[int] = ref("encounter")
    policy_id: Mapped[int] = ref("policy")
    rank: Mapped[int]
    status: Mapped[str]
    frequency: Mapped[str] = mapped_column(default="1")
    replaces_id: Mapped[int | None] = optional_ref("claim")
    original_reference: Mapped[str | None]
    payer_claim_number: Mapped[str | None]
    hold_reason: Mapped[str | None]
    follow_up_on: Mapped[date | None]
    submitted_on: Mapped[date | None]
    created_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint(
            "status IN ('ready','held','printed','submitted','accepted','rejected','denied','paid',"
            "'partially_paid','appealed','replaced','voided','closed')",
            name="status",
        ),
        CheckConstraint("frequency IN ('1', '7', '8')", name="frequency"),
        Index("ix_claim_status", "status"),
    )


class ClaimLine(Base):
    """Which charge lines a claim carries."""

    __tablename__ = "claim_line"
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), primary_key=True)
    charge_line_id: Mapped[int] = mapped_column(
        ForeignKey("charge_line.id"), primary_key=True, index=True
    )


class ClaimVersion(Base):
    """The claim frozen as it was printed: the form as a value and the PDF's very bytes."""

    __tablename__ = "claim_version"
    id: Mapped[Key]
    claim_id: Mapped[int] = ref("claim")
    number: Mapped[int]
    form_json: Mapped[str]
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str]
    sheets: Mapped[int]
    created_at: Mapped[datetime]
    user_id: Mapped[int] = ref("user", index=False)
    __table_args__ = (UniqueConstraint("claim_id", "number"),)


class ClaimEvent(Base):
    """One step in a claim's life: who, when, from what to what, and why."""

    __tablename__ = "claim_event"
    id: Mapped[Key]
    claim_id: Mapped[int] = ref("claim")
    at: Mapped[datetime]
    on_date: Mapped[date]
    user_id: Mapped[int] = ref("user", index=False)
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    note: Mapped[str | None]
