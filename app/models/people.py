"""The practice, its people, the payers, the patients and their policies."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import AddressColumns, Base, Key, PersonColumns, optional_ref, ref


class User(Base):
    """Somebody who unlocks the practice; every write and every look names one."""

    __tablename__ = "user"
    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    active: Mapped[bool] = mapped_column(default=True)


class Practice(Base, AddressColumns):
    """The billing provider: one row (items 25, 33, 33a, 33b)."""

    __tablename__ = "practice"
    id: Mapped[Key]
    name: Mapped[str]
    npi: Mapped[str]
    npi_type: Mapped[int] = mapped_column(default=2)  # 1 individual, 2 organisation
    tax_id: Mapped[str]
    tax_id_type: Mapped[str] = mapped_column(default="EIN")
    taxonomy: Mapped[str | None]
    pay_to_name: Mapped[str | None]
    pay_to_address1: Mapped[str | None]
    pay_to_address2: Mapped[str | None]
    pay_to_city: Mapped[str | None]
    pay_to_state: Mapped[str | None]
    pay_to_zip: Mapped[str | None]
    fte: Mapped[int | None]  # full-time staff, for Medicare's paper exception
    medicare_paper_exception: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("tax_id_type IN ('EIN', 'SSN')", name="tax_id_type"),
    )


class Setting(Base):
    """One practice-wide setting, JSON text under a stable key."""

    __tablename__ = "setting"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Provider(Base, PersonColumns):
    """A rendering provider (items 24J, 31)."""

    __tablename__ = "provider"
    id: Mapped[Key]
    credentials: Mapped[str | None]
    npi: Mapped[str] = mapped_column(unique=True)
    taxonomy: Mapped[str | None]
    medicare_participating: Mapped[bool] = mapped_column(default=True)
    signature_on_file: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)


class Facility(Base, AddressColumns):
    """Where services are rendered (item 32)."""

    __tablename__ = "facility"
    id: Mapped[Key]
    name: Mapped[str]
    npi: Mapped[str | None]
    place_of_service: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)


class ReferringProvider(Base, PersonColumns):
    """Somebody outside who refers, orders or supervises (items 17, 17a, 17b)."""

    __tablename__ = "referring_provider"
    id: Mapped[Key]
    credentials: Mapped[str | None]
    npi: Mapped[str | None]
    other_id: Mapped[str | None]
    other_id_qualifier: Mapped[str | None]
    is_person: Mapped[bool] = mapped_column(default=True)  # a type 1 NPI
    medicare_enrolled: Mapped[bool | None]  # PECOS; None: not looked up yet
    active: Mapped[bool] = mapped_column(default=True)


class Payer(Base, AddressColumns):
    """An insurer, with what it wants on paper and how its decisions are posted."""

    __tablename__ = "payer"
    id: Mapped[Key]
    name: Mapped[str]
    type: Mapped[str]  # domain PayerType
    electronic_id: Mapped[str | None]
    contracted: Mapped[bool] = mapped_column(default=True)
    capitated: Mapped[bool] = mapped_column(default=False)
    nsa_protected: Mapped[bool] = mapped_column(default=False)  # No Surprises Act applies
    forwards_to_secondary: Mapped[bool] = mapped_column(default=False)  # crossover
    multi_page: Mapped[str] = mapped_column(default="separate")
    one_pointer_per_line: Mapped[bool] = mapped_column(default=False)
    accepts_plain_paper: Mapped[bool] = mapped_column(default=False)
    box29: Mapped[str] = mapped_column(default="prior_payers_plus_patient")
    referring_order: Mapped[str | None]
    zip_hyphen: Mapped[bool] = mapped_column(default=False)
    date_style: Mapped[str | None]
    signature_text: Mapped[str | None]
    taxonomy_24j: Mapped[bool] = mapped_column(default=False)
    taxonomy_33b: Mapped[bool] = mapped_column(default=False)
    emg_in_24c: Mapped[bool] = mapped_column(default=False)
    epsdt_in_24h: Mapped[bool] = mapped_column(default=False)
    anesthesia_times_in_shaded: Mapped[bool] = mapped_column(default=False)
    ndc_required: Mapped[bool] = mapped_column(default=False)
    telehealth_modifier: Mapped[str | None]
    prior_auth_required_codes: Mapped[str | None]  # codes separated by blanks
    referring_required_codes: Mapped[str | None]
    id_mask: Mapped[str | None]
    bilateral: Mapped[str | None]  # both sides: "50" on one line, "rt_lt" on two, None either way
    separate_denied_lines: Mapped[bool] = mapped_column(default=False)
    forbids_month_span: Mapped[bool] = mapped_column(default=False)
    wants_preventive_33: Mapped[bool] = mapped_column(default=False)
    enrolled_tax_id: Mapped[str | None]  # under which this payer knows the practice
    enrolled_npi: Mapped[str | None]
    edits_off: Mapped[str | None]  # ids of claim edits switched off, separated by blanks
    timely_filing_days: Mapped[int | None]
    follow_up_days: Mapped[int | None]  # None: the practice's setting
    charge_schedule_id: Mapped[int | None] = optional_ref("fee_schedule")  # None: the usual one
    contract_schedule_id: Mapped[int | None] = optional_ref("fee_schedule")  # what it allows
    active: Mapped[bool] = mapped_column(default=True)


class Guarantor(Base, PersonColumns, AddressColumns):
    """Who gets the statement; one guarantor, many patients."""

    __tablename__ = "guarantor"
    id: Mapped[Key]
    birth_date: Mapped[date | None]


class Patient(Base, PersonColumns, AddressColumns):
    """The person treated. ``account_no`` prints in item 26 and comes back on the EOB."""

    __tablename__ = "patient"
    id: Mapped[Key]
    account_no: Mapped[str] = mapped_column(unique=True)
    birth_date: Mapped[date]
    sex: Mapped[str | None]
    email: Mapped[str | None]
    guarantor_id: Mapped[int] = ref("guarantor")
    guarantor_is_patient: Mapped[bool] = mapped_column(default=True)
    death_date: Mapped[date | None]
    release_signature_date: Mapped[date | None]
    do_not_bill_insurance: Mapped[bool] = mapped_column(default=False)
    hospice: Mapped[bool] = mapped_column(default=False)
    qmb: Mapped[bool] = mapped_column(default=False)  # cost share may never be asked of the patient
    alert: Mapped[str | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        CheckConstraint("sex IS NULL OR sex IN ('M', 'F')", name="sex"),
        Index("ix_patient_name", "last", "first"),
        Index("ix_patient_birth_date", "birth_date"),
    )
    __mapper_args__ = {"version_id_col": version}


class Policy(Base):
    """A patient's coverage by a payer. It ends; it is never overwritten once a claim used it."""

    __tablename__ = "policy"
    id: Mapped[Key]
    patient_id: Mapped[int] = ref("patient")
    payer_id: Mapped[int] = ref("payer")
    rank: Mapped[int]
    relationship: Mapped[str]
    member_id: Mapped[str]
    group_number: Mapped[str | None]
    plan_name: Mapped[str | None]
    effective: Mapped[date | None]
    termination: Mapped[date | None]
    assignment_of_benefits: Mapped[bool] = mapped_column(default=True)
    copay_cents: Mapped[int | None]
    msp_type: Mapped[str | None]
    medigap: Mapped[bool] = mapped_column(default=False)
    coba_id: Mapped[str | None]
    claim_number: Mapped[str | None]
    # The insured, when it is not the patient; ``organization`` is a workers' comp employer.
    insured_last: Mapped[str | None]
    insured_first: Mapped[str | None]
    insured_middle: Mapped[str | None]
    insured_suffix: Mapped[str | None]
    insured_organization: Mapped[str | None]
    insured_birth_date: Mapped[date | None]
    insured_sex: Mapped[str | None]
    insured_address1: Mapped[str | None]
    insured_address2: Mapped[str | None]
    insured_city: Mapped[str | None]
    insured_state: Mapped[str | None]
    insured_zip: Mapped[str | None]
    insured_phone: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        CheckConstraint("rank BETWEEN 1 AND 9", name="rank"),
        CheckConstraint("relationship IN ('self','spouse','child','other')", name="relationship"),
        CheckConstraint(
            "termination IS NULL OR effective IS NULL OR termination >= effective", name="dates"
        ),
    )
    __mapper_args__ = {"version_id_col": version}


class Party(Base):
    """Who can owe on a charge line: a policy, the patient, or a collection agency."""

    __tablename__ = "party"
    id: Mapped[Key]
    kind: Mapped[str]  # POLICY, PATIENT, COLLECTIONS
    policy_id: Mapped[int | None] = optional_ref("policy", index=False)
    __table_args__ = (
        CheckConstraint("(kind = 'POLICY') = (policy_id IS NOT NULL)", name="policy"),
        CheckConstraint("kind IN ('POLICY', 'PATIENT', 'COLLECTIONS')", name="kind"),
        UniqueConstraint("policy_id"),
    )
