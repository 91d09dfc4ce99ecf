CREATE TABLE draft (
  "key" VARCHAR NOT NULL,
  body VARCHAR NOT NULL,
  saved_at DATETIME NOT NULL,
  CONSTRAINT pk_draft PRIMARY KEY ("key")
);

CREATE TABLE facility (
  id INTEGER NOT NULL,
  name VARCHAR NOT NULL,
  npi VARCHAR,
  place_of_service VARCHAR NOT NULL,
  active BOOLEAN NOT NULL,
  address1 VARCHAR,
  address2 VARCHAR,
  city VARCHAR,
  state VARCHAR,
  zip VARCHAR,
  phone VARCHAR,
  CONSTRAINT pk_facility PRIMARY KEY (id)
);

CREATE TABLE favourite_group (
  id INTEGER NOT NULL,
  name VARCHAR NOT NULL,
  specialty VARCHAR,
  position INTEGER NOT NULL,
  CONSTRAINT pk_favourite_group PRIMARY KEY (id),
  CONSTRAINT uq_favourite_group_name UNIQUE (name)
);

CREATE TABLE fee_schedule (
  id INTEGER NOT NULL,
  name VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  usual BOOLEAN NOT NULL,
  active BOOLEAN NOT NULL,
  CONSTRAINT pk_fee_schedule PRIMARY KEY (id),
  CONSTRAINT ck_fee_schedule_kind CHECK (kind IN ('charges', 'contract')),
  CONSTRAINT ck_fee_schedule_usual CHECK (NOT usual OR kind = 'charges'),
  CONSTRAINT uq_fee_schedule_name UNIQUE (name)
);

CREATE TABLE guarantor (
  id INTEGER NOT NULL,
  birth_date DATE,
  last VARCHAR NOT NULL,
  first VARCHAR NOT NULL,
  middle VARCHAR,
  suffix VARCHAR,
  address1 VARCHAR,
  address2 VARCHAR,
  city VARCHAR,
  state VARCHAR,
  zip VARCHAR,
  phone VARCHAR,
  CONSTRAINT pk_guarantor PRIMARY KEY (id)
);

CREATE TABLE practice (
  id INTEGER NOT NULL,
  name VARCHAR NOT NULL,
  npi VARCHAR NOT NULL,
  npi_type INTEGER NOT NULL,
  tax_id VARCHAR NOT NULL,
  tax_id_type VARCHAR NOT NULL,
  taxonomy VARCHAR,
  pay_to_name VARCHAR,
  pay_to_address1 VARCHAR,
  pay_to_address2 VARCHAR,
  pay_to_city VARCHAR,
  pay_to_state VARCHAR,
  pay_to_zip VARCHAR,
  fte INTEGER,
  medicare_paper_exception BOOLEAN NOT NULL,
  address1 VARCHAR,
  address2 VARCHAR,
  city VARCHAR,
  state VARCHAR,
  zip VARCHAR,
  phone VARCHAR,
  CONSTRAINT pk_practice PRIMARY KEY (id),
  CONSTRAINT ck_practice_one_row CHECK (id = 1),
  CONSTRAINT ck_practice_tax_id_type CHECK (tax_id_type IN ('EIN', 'SSN'))
);

CREATE TABLE procedure (
  id INTEGER NOT NULL,
  code VARCHAR NOT NULL,
  modifiers VARCHAR,
  wording VARCHAR,
  charge_cents INTEGER NOT NULL,
  units VARCHAR,
  place_of_service VARCHAR,
  diagnoses VARCHAR,
  ndc_code VARCHAR,
  ndc_unit VARCHAR,
  ndc_quantity VARCHAR,
  minutes_per_unit INTEGER,
  eight_minute_rule BOOLEAN NOT NULL,
  effective DATE,
  termination DATE,
  clia_required BOOLEAN NOT NULL,
  waived_test BOOLEAN NOT NULL,
  single_dose BOOLEAN NOT NULL,
  category VARCHAR,
  active BOOLEAN NOT NULL,
  CONSTRAINT pk_procedure PRIMARY KEY (id)
);

CREATE INDEX ix_procedure_code ON procedure (code);

CREATE TABLE provider (
  id INTEGER NOT NULL,
  credentials VARCHAR,
  npi VARCHAR NOT NULL,
  taxonomy VARCHAR,
  medicare_participating BOOLEAN NOT NULL,
  signature_on_file BOOLEAN NOT NULL,
  active BOOLEAN NOT NULL,
  last VARCHAR NOT NULL,
  first VARCHAR NOT NULL,
  middle VARCHAR,
  suffix VARCHAR,
  CONSTRAINT pk_provider PRIMARY KEY (id),
  CONSTRAINT uq_provider_npi UNIQUE (npi)
);

CREATE TABLE reason_rule (
  group_code VARCHAR NOT NULL,
  carc VARCHAR NOT NULL,
  disposition VARCHAR NOT NULL,
  wording VARCHAR NOT NULL,
  CONSTRAINT pk_reason_rule PRIMARY KEY (group_code, carc),
  CONSTRAINT ck_reason_rule_disposition CHECK (disposition IN ('writeoff', 'transfer', 'hold', 'info'))
);

CREATE TABLE referring_provider (
  id INTEGER NOT NULL,
  credentials VARCHAR,
  npi VARCHAR,
  other_id VARCHAR,
  other_id_qualifier VARCHAR,
  is_person BOOLEAN NOT NULL,
  medicare_enrolled BOOLEAN,
  active BOOLEAN NOT NULL,
  last VARCHAR NOT NULL,
  first VARCHAR NOT NULL,
  middle VARCHAR,
  suffix VARCHAR,
  CONSTRAINT pk_referring_provider PRIMARY KEY (id)
);

CREATE TABLE setting (
  "key" VARCHAR NOT NULL,
  value VARCHAR NOT NULL,
  CONSTRAINT pk_setting PRIMARY KEY ("key")
);

CREATE TABLE user (
  id INTEGER NOT NULL,
  name VARCHAR NOT NULL,
  created_at DATETIME NOT NULL,
  active BOOLEAN NOT NULL,
  CONSTRAINT pk_user PRIMARY KEY (id),
  CONSTRAINT uq_user_name UNIQUE (name)
);

CREATE TABLE deposit (
  id INTEGER NOT NULL,
  deposited_on DATE NOT NULL,
  bank VARCHAR NOT NULL,
  total_cents INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  user_id INTEGER NOT NULL,
  voided_at DATETIME,
  voided_by_id INTEGER,
  voided_why VARCHAR,
  sha256 VARCHAR NOT NULL,
  pdf BLOB NOT NULL,
  CONSTRAINT pk_deposit PRIMARY KEY (id),
  CONSTRAINT ck_deposit_total CHECK (total_cents > 0),
  CONSTRAINT ck_deposit_voided CHECK ((voided_at IS NULL) = (voided_why IS NULL) AND (voided_at IS NULL) = (voided_by_id IS NULL)),
  CONSTRAINT fk_deposit_user_id_user FOREIGN KEY(user_id) REFERENCES user (id),
  CONSTRAINT fk_deposit_voided_by_id_user FOREIGN KEY(voided_by_id) REFERENCES user (id)
);

CREATE TABLE favourite_code (
  group_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  code VARCHAR NOT NULL,
  modifiers VARCHAR,
  wording VARCHAR,
  CONSTRAINT pk_favourite_code PRIMARY KEY (group_id, position),
  CONSTRAINT ck_favourite_code_kind CHECK (kind IN ('dx', 'px')),
  CONSTRAINT fk_favourite_code_group_id_favourite_group FOREIGN KEY(group_id) REFERENCES favourite_group (id)
);

CREATE TABLE fee_raise (
  id INTEGER NOT NULL,
  schedule_id INTEGER NOT NULL,
  percent_hundredths INTEGER NOT NULL,
  round_cents INTEGER NOT NULL,
  starts DATE NOT NULL,
  created_at DATETIME NOT NULL,
  user_id INTEGER NOT NULL,
  CONSTRAINT pk_fee_raise PRIMARY KEY (id),
  CONSTRAINT ck_fee_raise_rounding CHECK (round_cents > 0),
  CONSTRAINT fk_fee_raise_schedule_id_fee_schedule FOREIGN KEY(schedule_id) REFERENCES fee_schedule (id),
  CONSTRAINT fk_fee_raise_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);

CREATE INDEX ix_fee_raise_schedule_id ON fee_raise (schedule_id);

CREATE TABLE journal (
  id INTEGER NOT NULL,
  entered_at DATETIME NOT NULL,
  accounting_date DATE NOT NULL,
  kind VARCHAR NOT NULL,
  user_id INTEGER NOT NULL,
  reverses_id INTEGER,
  memo VARCHAR,
  mac BLOB NOT NULL,
  CONSTRAINT pk_journal PRIMARY KEY (id),
  CONSTRAINT fk_journal_user_id_user FOREIGN KEY(user_id) REFERENCES user (id),
  CONSTRAINT uq_journal_reverses_id UNIQUE (reverses_id),
  CONSTRAINT fk_journal_reverses_id_journal FOREIGN KEY(reverses_id) REFERENCES journal (id)
);

CREATE INDEX ix_journal_accounting_date ON journal (accounting_date);

CREATE TABLE patient (
  id INTEGER NOT NULL,
  account_no VARCHAR NOT NULL,
  birth_date DATE NOT NULL,
  sex VARCHAR,
  email VARCHAR,
  guarantor_id INTEGER NOT NULL,
  guarantor_is_patient BOOLEAN NOT NULL,
  death_date DATE,
  release_signature_date DATE,
  do_not_bill_insurance BOOLEAN NOT NULL,
  hospice BOOLEAN NOT NULL,
  qmb BOOLEAN NOT NULL,
  alert VARCHAR,
  created_at DATETIME NOT NULL,
  version INTEGER NOT NULL,
  last VARCHAR NOT NULL,
  first VARCHAR NOT NULL,
  middle VARCHAR,
  suffix VARCHAR,
  address1 VARCHAR,
  address2 VARCHAR,
  city VARCHAR,
  state VARCHAR,
  zip VARCHAR,
  phone VARCHAR,
  CONSTRAINT pk_patient PRIMARY KEY (id),
  CONSTRAINT ck_patient_sex CHECK (sex IS NULL OR sex IN ('M', 'F')),
  CONSTRAINT uq_patient_account_no UNIQUE (account_no),
  CONSTRAINT fk_patient_guarantor_id_guarantor FOREIGN KEY(guarantor_id) REFERENCES guarantor (id)
);

CREATE INDEX ix_patient_birth_date ON patient (birth_date);

CREATE INDEX ix_patient_guarantor_id ON patient (guarantor_id);

CREATE INDEX ix_patient_name ON patient (last, first);

CREATE TABLE payer (
  id INTEGER NOT NULL,
  name VARCHAR NOT NULL,
  type VARCHAR NOT NULL,
  electronic_id VARCHAR,
  contracted BOOLEAN NOT NULL,
  capitated BOOLEAN NOT NULL,
  nsa_protected BOOLEAN NOT NULL,
  forwards_to_secondary BOOLEAN NOT NULL,
  multi_page VARCHAR NOT NULL,
  one_pointer_per_line BOOLEAN NOT NULL,
  accepts_plain_paper BOOLEAN NOT NULL,
  box29 VARCHAR NOT NULL,
  referring_order VARCHAR,
  zip_hyphen BOOLEAN NOT NULL,
  date_style VARCHAR,
  signature_text VARCHAR,
  taxonomy_24j BOOLEAN NOT NULL,
  taxonomy_33b BOOLEAN NOT NULL,
  emg_in_24c BOOLEAN NOT NULL,
  epsdt_in_24h BOOLEAN NOT NULL,
  anesthesia_times_in_shaded BOOLEAN NOT NULL,
  ndc_required BOOLEAN NOT NULL,
  telehealth_modifier VARCHAR,
  prior_auth_required_codes VARCHAR,
  referring_required_codes VARCHAR,
  id_mask VARCHAR,
  bilateral VARCHAR,
  separate_denied_lines BOOLEAN NOT NULL,
  forbids_month_span BOOLEAN NOT NULL,
  wants_preventive_33 BOOLEAN NOT NULL,
  enrolled_tax_id VARCHAR,
  enrolled_npi VARCHAR,
  edits_off VARCHAR,
  timely_filing_days INTEGER,
  follow_up_days INTEGER,
  charge_schedule_id INTEGER,
  contract_schedule_id INTEGER,
  active BOOLEAN NOT NULL,
  address1 VARCHAR,
  address2 VARCHAR,
  city VARCHAR,
  state VARCHAR,
  zip VARCHAR,
  phone VARCHAR,
  CONSTRAINT pk_payer PRIMARY KEY (id),
  CONSTRAINT fk_payer_charge_schedule_id_fee_schedule FOREIGN KEY(charge_schedule_id) REFERENCES fee_schedule (id),
  CONSTRAINT fk_payer_contract_schedule_id_fee_schedule FOREIGN KEY(contract_schedule_id) REFERENCES fee_schedule (id)
);

CREATE INDEX ix_payer_charge_schedule_id ON payer (charge_schedule_id);

CREATE INDEX ix_payer_contract_schedule_id ON payer (contract_schedule_id);

CREATE TABLE payment_plan (
  id INTEGER NOT NULL,
  guarantor_id INTEGER NOT NULL,
  total_cents INTEGER NOT NULL,
  installment_cents INTEGER NOT NULL,
  day_of_month INTEGER NOT NULL,
  started_on DATE NOT NULL,
  first_due DATE NOT NULL,
  note VARCHAR,
  user_id INTEGER NOT NULL,
  ended_on DATE,
  ended_why VARCHAR,
  CONSTRAINT pk_payment_plan PRIMARY KEY (id),
  CONSTRAINT ck_payment_plan_amounts CHECK (total_cents > 0 AND installment_cents > 0),
  CONSTRAINT ck_payment_plan_day CHECK (day_of_month BETWEEN 1 AND 31),
  CONSTRAINT ck_payment_plan_dates CHECK (first_due >= started_on),
  CONSTRAINT fk_payment_plan_guarantor_id_guarantor FOREIGN KEY(guarantor_id) REFERENCES guarantor (id),
  CONSTRAINT fk_payment_plan_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);

CREATE INDEX ix_payment_plan_guarantor_id ON payment_plan (guarantor_id);

CREATE TABLE period_close (
  id INTEGER NOT NULL,
  through DATE NOT NULL,
  at DATETIME NOT NULL,
  user_id INTEGER NOT NULL,
  CONSTRAINT pk_period_close PRIMARY KEY (id),
  CONSTRAINT fk_period_close_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);

CREATE TABLE sliding_fee (
  id INTEGER NOT NULL,
  guarantor_id INTEGER NOT NULL,
  percent INTEGER NOT NULL,
  since DATE NOT NULL,
  until DATE,
  note VARCHAR,
  user_id INTEGER NOT NULL,
  CONSTRAINT pk_sliding_fee PRIMARY KEY (id),
  CONSTRAINT ck_sliding_fee_percent CHECK (percent BETWEEN 1 AND 100),
  CONSTRAINT ck_sliding_fee_dates CHECK ("until" IS NULL OR "until" >= since),
  CONSTRAINT fk_sliding_fee_guarantor_id_guarantor FOREIGN KEY(guarantor_id) REFERENCES guarantor (id),
  CONSTRAINT fk_sliding_fee_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);

CREATE INDEX ix_sliding_fee_guarantor_id ON sliding_fee (guarantor_id);

CREATE INDEX ix_sliding_fee_since ON sliding_fee (since);

CREATE TABLE statement (
  id INTEGER NOT NULL,
  guarantor_id INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  number INTEGER NOT NULL,
  printed_on DATE NOT NULL,
  due_on DATE NOT NULL,
  amount_cents INTEGER NOT NULL,
  balance_cents INTEGER NOT NULL,
  sha256 VARCHAR NOT NULL,
  pages INTEGER NOT NULL,
  journal_id INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  user_id INTEGER NOT NULL,
  voided_at DATETIME,
  voided_by_id INTEGER,
  voided_why VARCHAR,
  content_json VARCHAR NOT NULL,
  pdf BLOB NOT NULL,
  CONSTRAINT pk_statement PRIMARY KEY (id),
  CONSTRAINT ck_statement_kind CHECK (kind IN ('statement', 'letter')),
  CONSTRAINT ck_statement_number CHECK (number >= 1),
  CONSTRAINT ck_statement_amount CHECK (amount_cents >= 0 AND balance_cents >= 0),
  CONSTRAINT ck_statement_voided CHECK ((voided_at IS NULL) = (voided_why IS NULL) AND (voided_at IS NULL) = (voided_by_id IS NULL)),
  CONSTRAINT fk_statement_guarantor_id_guarantor FOREIGN KEY(guarantor_id) REFERENCES guarantor (id),
  CONSTRAINT fk_statement_user_id_user FOREIGN KEY(user_id) REFERENCES user (id),
  CONSTRAINT fk_statement_voided_by_id_user FOREIGN KEY(voided_by_id) REFERENCES user (id)
);

CREATE INDEX ix_statement_guarantor_id ON statement (guarantor_id);

CREATE TABLE audit (
  id INTEGER NOT NULL,
  at DATETIME NOT NULL,
  user_id INTEGER NOT NULL,
  action VARCHAR NOT NULL,
  patient_id INTEGER,
  entity VARCHAR,
  entity_id INTEGER,
  detail VARCHAR,
  mac BLOB NOT NULL,
  CONSTRAINT pk_audit PRIMARY KEY (id),
  CONSTRAINT fk_audit_user_id_user FOREIGN KEY(user_id) REFERENCES user (id),
  CONSTRAINT fk_audit_patient_id_patient FOREIGN KEY(patient_id) REFERENCES patient (id)
);

CREATE INDEX ix_audit_at ON audit (at);

CREATE INDEX ix_audit_patient_id ON audit (patient_id);

CREATE TABLE dunning_reset (
  id INTEGER NOT NULL,
  guarantor_id INTEGER NOT NULL,
  statement_id INTEGER NOT NULL,
  at DATETIME NOT NULL,
  user_id INTEGER NOT NULL,
  why VARCHAR,
  CONSTRAINT pk_dunning_reset PRIMARY KEY (id),
  CONSTRAINT fk_dunning_reset_guarantor_id_guarantor FOREIGN KEY(guarantor_id) REFERENCES guarantor (id),
  CONSTRAINT fk_dunning_reset_statement_id_statement FOREIGN KEY(statement_id) REFERENCES statement (id),
  CONSTRAINT fk_dunning_reset_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);

CREATE INDEX ix_dunning_reset_guarantor_id ON dunning_reset (guarantor_id);

CREATE TABLE encounter (
  id INTEGER NOT NULL,
  patient_id INTEGER NOT NULL,
  provider_id INTEGER NOT NULL,
  facility_id INTEGER,
  referring_id INTEGER,
  referring_qualifier VARCHAR,
  service_date DATE NOT NULL,
  place_of_service VARCHAR NOT NULL,
  status VARCHAR NOT NULL,
  hold_reason VARCHAR,
  hold_until DATE,
  related_employment BOOLEAN,
  related_auto BOOLEAN,
  auto_state VARCHAR,
  related_other BOOLEAN,
  accident_date DATE,
  onset_date DATE,
  onset_qualifier VARCHAR,
  other_date DATE,
  other_date_qualifier VARCHAR,
  unable_from DATE,
  unable_to DATE,
  hospital_from DATE,
  hospital_to DATE,
  prior_authorization VARCHAR,
  clia VARCHAR,
  mammography_certificate VARCHAR,
  claim_codes VARCHAR,
  additional_info VARCHAR,
  outside_lab_cents INTEGER,
  accept_assignment BOOLEAN NOT NULL,
  self_pay BOOLEAN NOT NULL,
  signed BOOLEAN NOT NULL,
  abn_on_file BOOLEAN,
  chart_note VARCHAR,
  created_at DATETIME NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_encounter PRIMARY KEY (id),
  CONSTRAINT ck_encounter_status CHECK (status IN ('draft', 'posted', 'voided')),
  CONSTRAINT fk_encounter_patient_id_patient FOREIGN KEY(patient_id) REFERENCES patient (id),
  CONSTRAINT fk_encounter_provider_id_provider FOREIGN KEY(provider_id) REFERENCES provider (id),
  CONSTRAINT fk_encounter_facility_id_facility FOREIGN KEY(facility_id) REFERENCES facility (id),
  CONSTRAINT fk_encounter_referring_id_referring_provider FOREIGN KEY(referring_id) REFERENCES referring_provider (id)
);

CREATE INDEX ix_encounter_facility_id ON encounter (facility_id);

CREATE INDEX ix_encounter_patient_id ON encounter (patient_id);

CREATE INDEX ix_encounter_provider_id ON encounter (provider_id);

CREATE INDEX ix_encounter_referring_id ON encounter (referring_id);

CREATE INDEX ix_encounter_service_date ON encounter (service_date);

CREATE INDEX ix_encounter_status ON encounter (status);

CREATE TABLE estimate (
  id INTEGER NOT NULL,
  patient_id INTEGER NOT NULL,
  provider_id INTEGER NOT NULL,
  facility_id INTEGER,
  occasion VARCHAR NOT NULL,
  asked_on DATE NOT NULL,
  service_date DATE,
  due_on DATE,
  given_on DATE NOT NULL,
  service VARCHAR NOT NULL,
  diagnoses VARCHAR,
  others VARCHAR,
  total_cents INTEGER NOT NULL,
  revises_id INTEGER,
  withdrawn_at DATETIME,
  created_at DATETIME NOT NULL,
  user_id INTEGER NOT NULL,
  sha256 VARCHAR NOT NULL,
  pdf BLOB NOT NULL,
  CONSTRAINT pk_estimate PRIMARY KEY (id),
  CONSTRAINT ck_estimate_occasion CHECK (occasion IN ('scheduled', 'requested')),
  CONSTRAINT ck_estimate_total CHECK (total_cents > 0),
  CONSTRAINT fk_estimate_patient_id_patient FOREIGN KEY(patient_id) REFERENCES patient (id),
  CONSTRAINT fk_estimate_provider_id_provider FOREIGN KEY(provider_id) REFERENCES provider (id),
  CONSTRAINT fk_estimate_facility_id_facility FOREIGN KEY(facility_id) REFERENCES facility (id),
  CONSTRAINT uq_estimate_revises_id UNIQUE (revises_id),
  CONSTRAINT fk_estimate_revises_id_estimate FOREIGN KEY(revises_id) REFERENCES estimate (id),
  CONSTRAINT fk_estimate_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);

CREATE INDEX ix_estimate_patient_id ON estimate (patient_id);

CREATE TABLE fee (
  id INTEGER NOT NULL,
  schedule_id INTEGER NOT NULL,
  code VARCHAR NOT NULL,
  modifiers VARCHAR NOT NULL,
  starts DATE,
  ends DATE,
  cents INTEGER NOT NULL,
  raise_id INTEGER,
  cut_by_id INTEGER,
  CONSTRAINT pk_fee PRIMARY KEY (id),
  CONSTRAINT ck_fee_cents CHECK (cents >= 0),
  CONSTRAINT ck_fee_dates CHECK (starts IS NULL OR ends IS NULL OR ends >= starts),
  CONSTRAINT fk_fee_schedule_id_fee_schedule FOREIGN KEY(schedule_id) REFERENCES fee_schedule (id),
  CONSTRAINT fk_fee_raise_id_fee_raise FOREIGN KEY(raise_id) REFERENCES fee_raise (id),
  CONSTRAINT fk_fee_cut_by_id_fee_raise FOREIGN KEY(cut_by_id) REFERENCES fee_raise (id)
);

CREATE INDEX ix_fee_code ON fee (schedule_id, code);

CREATE INDEX ix_fee_cut_by_id ON fee (cut_by_id);

CREATE INDEX ix_fee_raise_id ON fee (raise_id);

CREATE TABLE month_close (
  id INTEGER NOT NULL,
  month DATE NOT NULL,
  period_close_id INTEGER NOT NULL,
  journal_id INTEGER NOT NULL,
  closed_at DATETIME NOT NULL,
  user_id INTEGER NOT NULL,
  ending_cents INTEGER NOT NULL,
  sha256 VARCHAR NOT NULL,
  figures_json VARCHAR NOT NULL,
  pdf BLOB NOT NULL,
  CONSTRAINT pk_month_close PRIMARY KEY (id),
  CONSTRAINT uq_month_close_month UNIQUE (month),
  CONSTRAINT fk_month_close_period_close_id_period_close FOREIGN KEY(period_close_id) REFERENCES period_close (id),
  CONSTRAINT fk_month_close_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);

CREATE TABLE payment (
  id INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  method VARCHAR NOT NULL,
  payer_id INTEGER,
  guarantor_id INTEGER,
  patient_id INTEGER,
  from_name VARCHAR,
  from_kind VARCHAR,
  number VARCHAR,
  amount_cents INTEGER NOT NULL,
  payment_date DATE NOT NULL,
  received_on DATE NOT NULL,
  status VARCHAR NOT NULL,
  refund_of_id INTEGER,
  note VARCHAR,
  created_at DATETIME NOT NULL,
  closed_at DATETIME,
  CONSTRAINT pk_payment PRIMARY KEY (id),
  CONSTRAINT ck_payment_amount CHECK (amount_cents >= 0),
  CONSTRAINT ck_payment_kind CHECK (kind IN ('insurer', 'patient', 'refund')),
  CONSTRAINT ck_payment_status CHECK (status IN ('open', 'closed', 'voided', 'returned')),
  CONSTRAINT ck_payment_from_kind CHECK (from_kind IS NULL OR from_kind IN ('agency', 'attorney', 'employer', 'other')),
  CONSTRAINT fk_payment_payer_id_payer FOREIGN KEY(payer_id) REFERENCES payer (id),
  CONSTRAINT fk_payment_guarantor_id_guarantor FOREIGN KEY(guarantor_id) REFERENCES guarantor (id),
  CONSTRAINT fk_payment_patient_id_patient FOREIGN KEY(patient_id) REFERENCES patient (id),
  CONSTRAINT fk_payment_refund_of_id_payment FOREIGN KEY(refund_of_id) REFERENCES payment (id)
);

CREATE INDEX ix_payment_guarantor_id ON payment (guarantor_id);

CREATE INDEX ix_payment_patient_id ON payment (patient_id);

CREATE INDEX ix_payment_payer_id ON payment (payer_id);

CREATE INDEX ix_payment_refund_of_id ON payment (refund_of_id);

CREATE INDEX ix_payment_status ON payment (status);

CREATE TABLE policy (
  id INTEGER NOT NULL,
  patient_id INTEGER NOT NULL,
  payer_id INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  relationship VARCHAR NOT NULL,
  member_id VARCHAR NOT NULL,
  group_number VARCHAR,
  plan_name VARCHAR,
  effective DATE,
  termination DATE,
  assignment_of_benefits BOOLEAN NOT NULL,
  copay_cents INTEGER,
  msp_type VARCHAR,
  medigap BOOLEAN NOT NULL,
  coba_id VARCHAR,
  claim_number VARCHAR,
  insured_last VARCHAR,
  insured_first VARCHAR,
  insured_middle VARCHAR,
  insured_suffix VARCHAR,
  insured_organization VARCHAR,
  insured_birth_date DATE,
  insured_sex VARCHAR,
  insured_address1 VARCHAR,
  insured_address2 VARCHAR,
  insured_city VARCHAR,
  insured_state VARCHAR,
  insured_zip VARCHAR,
  insured_phone VARCHAR,
  version INTEGER NOT NULL,
  CONSTRAINT pk_policy PRIMARY KEY (id),
  CONSTRAINT ck_policy_rank CHECK (rank BETWEEN 1 AND 9),
  CONSTRAINT ck_policy_relationship CHECK (relationship IN ('self','spouse','child','other')),
  CONSTRAINT ck_policy_dates CHECK (termination IS NULL OR effective IS NULL OR termination >= effective),
  CONSTRAINT fk_policy_patient_id_patient FOREIGN KEY(patient_id) REFERENCES patient (id),
  CONSTRAINT fk_policy_payer_id_payer FOREIGN KEY(payer_id) REFERENCES payer (id)
);

CREATE INDEX ix_policy_patient_id ON policy (patient_id);

CREATE INDEX ix_policy_payer_id ON policy (payer_id);

CREATE TABLE recurring_visit (
  id INTEGER NOT NULL,
  patient_id INTEGER NOT NULL,
  provider_id INTEGER NOT NULL,
  facility_id INTEGER,
  referring_id INTEGER,
  place_of_service VARCHAR NOT NULL,
  prior_authorization VARCHAR,
  self_pay BOOLEAN NOT NULL,
  diagnoses VARCHAR NOT NULL,
  every INTEGER NOT NULL,
  unit VARCHAR NOT NULL,
  first_on DATE NOT NULL,
  until DATE,
  times INTEGER,
  ended_on DATE,
  created_at DATETIME NOT NULL,
  CONSTRAINT pk_recurring_visit PRIMARY KEY (id),
  CONSTRAINT ck_recurring_visit_unit CHECK (unit IN ('days', 'weeks', 'months')),
  CONSTRAINT ck_recurring_visit_every CHECK (every >= 1),
  CONSTRAINT ck_recurring_visit_times CHECK (times IS NULL OR times >= 1),
  CONSTRAINT fk_recurring_visit_patient_id_patient FOREIGN KEY(patient_id) REFERENCES patient (id),
  CONSTRAINT fk_recurring_visit_provider_id_provider FOREIGN KEY(provider_id) REFERENCES provider (id),
  CONSTRAINT fk_recurring_visit_facility_id_facility FOREIGN KEY(facility_id) REFERENCES facility (id),
  CONSTRAINT fk_recurring_visit_referring_id_referring_provider FOREIGN KEY(referring_id) REFERENCES referring_provider (id)
);

CREATE INDEX ix_recurring_visit_patient_id ON recurring_visit (patient_id);

CREATE TABLE account_fee (
  encounter_id INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  payment_id INTEGER,
  CONSTRAINT pk_account_fee PRIMARY KEY (encounter_id),
  CONSTRAINT ck_account_fee_kind CHECK (kind IN ('nsf', 'no_show', 'forms', 'records', 'other')),
  CONSTRAINT fk_account_fee_encounter_id_encounter FOREIGN KEY(encounter_id) REFERENCES encounter (id),
  CONSTRAINT fk_account_fee_payment_id_payment FOREIGN KEY(payment_id) REFERENCES payment (id)
);

CREATE INDEX ix_account_fee_payment_id ON account_fee (payment_id);

CREATE TABLE account_hold (
  id INTEGER NOT NULL,
  guarantor_id INTEGER NOT NULL,
  encounter_id INTEGER,
  kind VARCHAR NOT NULL,
  note VARCHAR,
  since DATE NOT NULL,
  until DATE,
  user_id INTEGER NOT NULL,
  released_at DATETIME,
  released_by_id INTEGER,
  released_why VARCHAR,
  CONSTRAINT pk_account_hold PRIMARY KEY (id),
  CONSTRAINT ck_account_hold_kind CHECK (kind IN ('dispute', 'gfe_dispute', 'bankruptcy', 'deceased', 'mail_returned', 'other')),
  CONSTRAINT ck_account_hold_dates CHECK ("until" IS NULL OR "until" >= since),
  CONSTRAINT fk_account_hold_guarantor_id_guarantor FOREIGN KEY(guarantor_id) REFERENCES guarantor (id),
  CONSTRAINT fk_account_hold_encounter_id_encounter FOREIGN KEY(encounter_id) REFERENCES encounter (id),
  CONSTRAINT fk_account_hold_user_id_user FOREIGN KEY(user_id) REFERENCES user (id),
  CONSTRAINT fk_account_hold_released_by_id_user FOREIGN KEY(released_by_id) REFERENCES user (id)
);

CREATE INDEX ix_account_hold_encounter_id ON account_hold (encounter_id);

CREATE INDEX ix_account_hold_guarantor_id ON account_hold (guarantor_id);

CREATE TABLE charge_line (
  id INTEGER NOT NULL,
  encounter_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  service_from DATE NOT NULL,
  service_to DATE NOT NULL,
  place_of_service VARCHAR NOT NULL,
  code VARCHAR NOT NULL,
  modifiers VARCHAR,
  pointers VARCHAR,
  charge_cents INTEGER NOT NULL,
  units VARCHAR NOT NULL,
  emergency BOOLEAN NOT NULL,
  epsdt VARCHAR,
  family_planning BOOLEAN NOT NULL,
  ndc_code VARCHAR,
  ndc_unit VARCHAR,
  ndc_quantity VARCHAR,
  supplemental VARCHAR,
  anesthesia_start VARCHAR,
  anesthesia_end VARCHAR,
  anesthesia_minutes INTEGER,
  description VARCHAR,
  CONSTRAINT pk_charge_line PRIMARY KEY (id),
  CONSTRAINT ck_charge_line_charge CHECK (charge_cents >= 0),
  CONSTRAINT ck_charge_line_dates CHECK (service_to >= service_from),
  CONSTRAINT fk_charge_line_encounter_id_encounter FOREIGN KEY(encounter_id) REFERENCES encounter (id)
);

CREATE INDEX ix_charge_line_encounter_id ON charge_line (encounter_id);

CREATE TABLE chart_scan (
  id INTEGER NOT NULL,
  encounter_id INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  mime VARCHAR NOT NULL,
  size INTEGER NOT NULL,
  pages INTEGER NOT NULL,
  sha256 VARCHAR NOT NULL,
  content BLOB NOT NULL,
  added_at DATETIME NOT NULL,
  user_id INTEGER NOT NULL,
  removed_at DATETIME,
  CONSTRAINT pk_chart_scan PRIMARY KEY (id),
  CONSTRAINT ck_chart_scan_kind CHECK (kind IN ('pdf', 'image')),
  CONSTRAINT ck_chart_scan_pages CHECK (pages >= 1),
  CONSTRAINT fk_chart_scan_encounter_id_encounter FOREIGN KEY(encounter_id) REFERENCES encounter (id),
  CONSTRAINT fk_chart_scan_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);

CREATE INDEX ix_chart_scan_encounter_id ON chart_scan (encounter_id);

CREATE TABLE claim (
  id INTEGER NOT NULL,
  number VARCHAR NOT NULL,
  encounter_id INTEGER NOT NULL,
  policy_id INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  status VARCHAR NOT NULL,
  frequency VARCHAR NOT NULL,
  replaces_id INTEGER,
  original_reference VARCHAR,
  payer_claim_number VARCHAR,
  hold_reason VARCHAR,
  follow_up_on DATE,
  submitted_on DATE,
  created_at DATETIME NOT NULL,
  CONSTRAINT pk_claim PRIMARY KEY (id),
  CONSTRAINT ck_claim_status CHECK (status IN ('ready','held','printed','submitted','accepted','rejected','denied','paid','partially_paid','appealed','replaced','voided','closed')),
  CONSTRAINT ck_claim_frequency CHECK (frequency IN ('1', '7', '8')),
  CONSTRAINT uq_claim_number UNIQUE (number),
  CONSTRAINT fk_claim_encounter_id_encounter FOREIGN KEY(encounter_id) REFERENCES encounter (id),
  CONSTRAINT fk_claim_policy_id_policy FOREIGN KEY(policy_id) REFERENCES policy (id),
  CONSTRAINT fk_claim_replaces_id_claim FOREIGN KEY(replaces_id) REFERENCES claim (id)
);

CREATE INDEX ix_claim_encounter_id ON claim (encounter_id);

CREATE INDEX ix_claim_policy_id ON claim (policy_id);

CREATE INDEX ix_claim_replaces_id ON claim (replaces_id);

CREATE INDEX ix_claim_status ON claim (status);

CREATE TABLE deposit_item (
  id INTEGER NOT NULL,
  deposit_id INTEGER NOT NULL,
  payment_id INTEGER NOT NULL,
  amount_cents INTEGER NOT NULL,
  CONSTRAINT pk_deposit_item PRIMARY KEY (id),
  CONSTRAINT uq_deposit_item_deposit_id_payment_id UNIQUE (deposit_id, payment_id),
  CONSTRAINT ck_deposit_item_amount CHECK (amount_cents > 0),
  CONSTRAINT fk_deposit_item_deposit_id_deposit FOREIGN KEY(deposit_id) REFERENCES deposit (id),
  CONSTRAINT fk_deposit_item_payment_id_payment FOREIGN KEY(payment_id) REFERENCES payment (id)
);

CREATE INDEX ix_deposit_item_deposit_id ON deposit_item (deposit_id);

CREATE INDEX ix_deposit_item_payment_id ON deposit_item (payment_id);

CREATE TABLE diagnosis (
  encounter_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  code VARCHAR NOT NULL,
  CONSTRAINT pk_diagnosis PRIMARY KEY (encounter_id, position),
  CONSTRAINT ck_diagnosis_position CHECK (position BETWEEN 1 AND 12),
  CONSTRAINT fk_diagnosis_encounter_id_encounter FOREIGN KEY(encounter_id) REFERENCES encounter (id)
);

CREATE INDEX ix_diagnosis_code ON diagnosis (code);

CREATE TABLE encounter_coverage (
  encounter_id INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  policy_id INTEGER NOT NULL,
  CONSTRAINT pk_encounter_coverage PRIMARY KEY (encounter_id, rank),
  CONSTRAINT uq_encounter_coverage_encounter_id_policy_id UNIQUE (encounter_id, policy_id),
  CONSTRAINT fk_encounter_coverage_encounter_id_encounter FOREIGN KEY(encounter_id) REFERENCES encounter (id),
  CONSTRAINT fk_encounter_coverage_policy_id_policy FOREIGN KEY(policy_id) REFERENCES policy (id)
);

CREATE INDEX ix_encounter_coverage_policy_id ON encounter_coverage (policy_id);

CREATE TABLE estimate_comparison (
  encounter_id INTEGER NOT NULL,
  estimate_id INTEGER NOT NULL,
  over_cents INTEGER NOT NULL,
  on_date DATE NOT NULL,
  seen_at DATETIME,
  CONSTRAINT pk_estimate_comparison PRIMARY KEY (encounter_id),
  CONSTRAINT fk_estimate_comparison_encounter_id_encounter FOREIGN KEY(encounter_id) REFERENCES encounter (id),
  CONSTRAINT fk_estimate_comparison_estimate_id_estimate FOREIGN KEY(estimate_id) REFERENCES estimate (id)
);

CREATE INDEX ix_estimate_comparison_estimate_id ON estimate_comparison (estimate_id);

CREATE TABLE estimate_line (
  estimate_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  code VARCHAR NOT NULL,
  description VARCHAR NOT NULL,
  units VARCHAR NOT NULL,
  charge_cents INTEGER NOT NULL,
  CONSTRAINT pk_estimate_line PRIMARY KEY (estimate_id, position),
  CONSTRAINT ck_estimate_line_charge CHECK (charge_cents >= 0),
  CONSTRAINT fk_estimate_line_estimate_id_estimate FOREIGN KEY(estimate_id) REFERENCES estimate (id)
);

CREATE TABLE party (
  id INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  policy_id INTEGER,
  CONSTRAINT pk_party PRIMARY KEY (id),
  CONSTRAINT ck_party_policy CHECK ((kind = 'POLICY') = (policy_id IS NOT NULL)),
  CONSTRAINT ck_party_kind CHECK (kind IN ('POLICY', 'PATIENT', 'COLLECTIONS')),
  CONSTRAINT uq_party_policy_id UNIQUE (policy_id),
  CONSTRAINT fk_party_policy_id_policy FOREIGN KEY(policy_id) REFERENCES policy (id)
);

CREATE TABLE payment_return (
  id INTEGER NOT NULL,
  payment_id INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  reason VARCHAR,
  on_date DATE NOT NULL,
  status_before VARCHAR NOT NULL,
  first_journal INTEGER,
  last_journal INTEGER,
  first_eob INTEGER,
  last_eob INTEGER,
  fee_encounter_id INTEGER,
  at DATETIME NOT NULL,
  user_id INTEGER NOT NULL,
  undone_at DATETIME,
  undone_by_id INTEGER,
  CONSTRAINT pk_payment_return PRIMARY KEY (id),
  CONSTRAINT ck_payment_return_kind CHECK (kind IN ('nsf', 'returned', 'stopped')),
  CONSTRAINT ck_payment_return_journals CHECK ((first_journal IS NULL) = (last_journal IS NULL)),
  CONSTRAINT ck_payment_return_eobs CHECK ((first_eob IS NULL) = (last_eob IS NULL)),
  CONSTRAINT ck_payment_return_undone CHECK ((undone_at IS NULL) = (undone_by_id IS NULL)),
  CONSTRAINT fk_payment_return_payment_id_payment FOREIGN KEY(payment_id) REFERENCES payment (id),
  CONSTRAINT fk_payment_return_fee_encounter_id_encounter FOREIGN KEY(fee_encounter_id) REFERENCES encounter (id),
  CONSTRAINT fk_payment_return_user_id_user FOREIGN KEY(user_id) REFERENCES user (id),
  CONSTRAINT fk_payment_return_undone_by_id_user FOREIGN KEY(undone_by_id) REFERENCES user (id)
);

CREATE INDEX ix_payment_return_payment_id ON payment_return (payment_id);

CREATE TABLE receipt_print (
  payment_id INTEGER NOT NULL,
  at DATETIME NOT NULL,
  user_id INTEGER NOT NULL,
  sha256 VARCHAR NOT NULL,
  pdf BLOB NOT NULL,
  CONSTRAINT pk_receipt_print PRIMARY KEY (payment_id),
  CONSTRAINT fk_receipt_print_payment_id_payment FOREIGN KEY(payment_id) REFERENCES payment (id),
  CONSTRAINT fk_receipt_print_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);

CREATE TABLE recurring_day (
  recurring_id INTEGER NOT NULL,
  day DATE NOT NULL,
  encounter_id INTEGER,
  CONSTRAINT pk_recurring_day PRIMARY KEY (recurring_id, day),
  CONSTRAINT uq_recurring_day_encounter_id UNIQUE (encounter_id),
  CONSTRAINT fk_recurring_day_recurring_id_recurring_visit FOREIGN KEY(recurring_id) REFERENCES recurring_visit (id),
  CONSTRAINT fk_recurring_day_encounter_id_encounter FOREIGN KEY(encounter_id) REFERENCES encounter (id)
);

CREATE INDEX ix_recurring_day_encounter_id ON recurring_day (encounter_id);

CREATE TABLE recurring_line (
  recurring_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  code VARCHAR NOT NULL,
  modifiers VARCHAR,
  pointers VARCHAR,
  units VARCHAR NOT NULL,
  place_of_service VARCHAR,
  description VARCHAR,
  ndc_code VARCHAR,
  ndc_unit VARCHAR,
  ndc_quantity VARCHAR,
  charge_cents INTEGER NOT NULL,
  CONSTRAINT pk_recurring_line PRIMARY KEY (recurring_id, position),
  CONSTRAINT ck_recurring_line_charge CHECK (charge_cents >= 0),
  CONSTRAINT fk_recurring_line_recurring_id_recurring_visit FOREIGN KEY(recurring_id) REFERENCES recurring_visit (id)
);

CREATE TABLE attachment (
  id INTEGER NOT NULL,
  patient_id INTEGER,
  encounter_id INTEGER,
  claim_id INTEGER,
  payment_id INTEGER,
  name VARCHAR NOT NULL,
  media_type VARCHAR NOT NULL,
  content BLOB NOT NULL,
  at DATETIME NOT NULL,
  user_id INTEGER NOT NULL,
  CONSTRAINT pk_attachment PRIMARY KEY (id),
  CONSTRAINT fk_attachment_patient_id_patient FOREIGN KEY(patient_id) REFERENCES patient (id),
  CONSTRAINT fk_attachment_encounter_id_encounter FOREIGN KEY(encounter_id) REFERENCES encounter (id),
  CONSTRAINT fk_attachment_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id),
  CONSTRAINT fk_attachment_payment_id_payment FOREIGN KEY(payment_id) REFERENCES payment (id),
  CONSTRAINT fk_attachment_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);

CREATE INDEX ix_attachment_claim_id ON attachment (claim_id);

CREATE INDEX ix_attachment_encounter_id ON attachment (encounter_id);

CREATE INDEX ix_attachment_patient_id ON attachment (patient_id);

CREATE INDEX ix_attachment_payment_id ON attachment (payment_id);

CREATE TABLE claim_event (
  id INTEGER NOT NULL,
  claim_id INTEGER NOT NULL,
  at DATETIME NOT NULL,
  on_date DATE NOT NULL,
  user_id INTEGER NOT NULL,
  from_status VARCHAR,
  to_status VARCHAR NOT NULL,
  note VARCHAR,
  CONSTRAINT pk_claim_event PRIMARY KEY (id),
  CONSTRAINT fk_claim_event_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id),
  CONSTRAINT fk_claim_event_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);

CREATE INDEX ix_claim_event_claim_id ON claim_event (claim_id);

CREATE TABLE claim_line (
  claim_id INTEGER NOT NULL,
  charge_line_id INTEGER NOT NULL,
  CONSTRAINT pk_claim_line PRIMARY KEY (claim_id, charge_line_id),
  CONSTRAINT fk_claim_line_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id),
  CONSTRAINT fk_claim_line_charge_line_id_charge_line FOREIGN KEY(charge_line_id) REFERENCES charge_line (id)
);

CREATE INDEX ix_claim_line_charge_line_id ON claim_line (charge_line_id);

CREATE TABLE claim_override (
  id INTEGER NOT NULL,
  claim_id INTEGER NOT NULL,
  edit_id VARCHAR NOT NULL,
  field VARCHAR NOT NULL,
  reason VARCHAR NOT NULL,
  message VARCHAR NOT NULL,
  at DATETIME NOT NULL,
  user_id INTEGER NOT NULL,
  CONSTRAINT pk_claim_override PRIMARY KEY (id),
  CONSTRAINT uq_claim_override_claim_id_edit_id_field UNIQUE (claim_id, edit_id, field),
  CONSTRAINT ck_claim_override_reason CHECK (length(trim(reason)) > 0),
  CONSTRAINT fk_claim_override_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id),
  CONSTRAINT fk_claim_override_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);

CREATE TABLE claim_version (
  id INTEGER NOT NULL,
  claim_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  form_json VARCHAR NOT NULL,
  pdf BLOB NOT NULL,
  sha256 VARCHAR NOT NULL,
  sheets INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  user_id INTEGER NOT NULL,
  CONSTRAINT pk_claim_version PRIMARY KEY (id),
  CONSTRAINT uq_claim_version_claim_id_number UNIQUE (claim_id, number),
  CONSTRAINT fk_claim_version_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id),
  CONSTRAINT fk_claim_version_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);

CREATE INDEX ix_claim_version_claim_id ON claim_version (claim_id);

CREATE TABLE eob (
  id INTEGER NOT NULL,
  payment_id INTEGER NOT NULL,
  claim_id INTEGER NOT NULL,
  journal_id INTEGER,
  reverses_id INTEGER,
  posted_at DATETIME NOT NULL,
  accounting_date DATE NOT NULL,
  from_unapplied BOOLEAN NOT NULL,
  remarks VARCHAR,
  payer_claim_number VARCHAR,
  status_before VARCHAR NOT NULL,
  CONSTRAINT pk_eob PRIMARY KEY (id),
  CONSTRAINT fk_eob_payment_id_payment FOREIGN KEY(payment_id) REFERENCES payment (id),
  CONSTRAINT fk_eob_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id),
  CONSTRAINT fk_eob_journal_id_journal FOREIGN KEY(journal_id) REFERENCES journal (id),
  CONSTRAINT uq_eob_reverses_id UNIQUE (reverses_id),
  CONSTRAINT fk_eob_reverses_id_eob FOREIGN KEY(reverses_id) REFERENCES eob (id)
);

CREATE INDEX ix_eob_claim_id ON eob (claim_id);

CREATE INDEX ix_eob_journal_id ON eob (journal_id);

CREATE INDEX ix_eob_payment_id ON eob (payment_id);

CREATE TABLE line_balance (
  charge_line_id INTEGER NOT NULL,
  party_id INTEGER NOT NULL,
  amount_cents INTEGER NOT NULL,
  CONSTRAINT pk_line_balance PRIMARY KEY (charge_line_id, party_id),
  CONSTRAINT fk_line_balance_charge_line_id_charge_line FOREIGN KEY(charge_line_id) REFERENCES charge_line (id),
  CONSTRAINT fk_line_balance_party_id_party FOREIGN KEY(party_id) REFERENCES party (id)
);

CREATE INDEX ix_line_balance_open ON line_balance (party_id, charge_line_id, amount_cents) WHERE amount_cents != 0;

CREATE INDEX ix_line_balance_party_id ON line_balance (party_id);

CREATE TABLE note (
  id INTEGER NOT NULL,
  patient_id INTEGER,
  claim_id INTEGER,
  payment_id INTEGER,
  at DATETIME NOT NULL,
  user_id INTEGER NOT NULL,
  text VARCHAR NOT NULL,
  CONSTRAINT pk_note PRIMARY KEY (id),
  CONSTRAINT fk_note_patient_id_patient FOREIGN KEY(patient_id) REFERENCES patient (id),
  CONSTRAINT fk_note_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id),
  CONSTRAINT fk_note_payment_id_payment FOREIGN KEY(payment_id) REFERENCES payment (id),
  CONSTRAINT fk_note_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);

CREATE INDEX ix_note_claim_id ON note (claim_id);

CREATE INDEX ix_note_patient_id ON note (patient_id);

CREATE INDEX ix_note_payment_id ON note (payment_id);

CREATE TABLE posting (
  id INTEGER NOT NULL,
  journal_id INTEGER NOT NULL,
  account VARCHAR NOT NULL,
  amount_cents INTEGER NOT NULL,
  charge_line_id INTEGER,
  party_id INTEGER,
  payment_id INTEGER,
  payer_id INTEGER,
  claim_id INTEGER,
  group_code VARCHAR,
  carc VARCHAR,
  rarc VARCHAR,
  reason VARCHAR,
  CONSTRAINT pk_posting PRIMARY KEY (id),
  CONSTRAINT ck_posting_amount CHECK (amount_cents <> 0),
  CONSTRAINT ck_posting_account CHECK (account IN ('receivable', 'revenue', 'adjustment', 'cash', 'unapplied', 'due_to_payer', 'other_income', 'expense')),
  CONSTRAINT ck_posting_receivable_has_party CHECK ((account = 'receivable') = (party_id IS NOT NULL)),
  CONSTRAINT ck_posting_receivable_has_line CHECK (account <> 'receivable' OR charge_line_id IS NOT NULL),
  CONSTRAINT fk_posting_journal_id_journal FOREIGN KEY(journal_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT fk_posting_charge_line_id_charge_line FOREIGN KEY(charge_line_id) REFERENCES charge_line (id),
  CONSTRAINT fk_posting_party_id_party FOREIGN KEY(party_id) REFERENCES party (id),
  CONSTRAINT fk_posting_payment_id_payment FOREIGN KEY(payment_id) REFERENCES payment (id),
  CONSTRAINT fk_posting_payer_id_payer FOREIGN KEY(payer_id) REFERENCES payer (id),
  CONSTRAINT fk_posting_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id)
);

CREATE INDEX ix_posting_claim_id ON posting (claim_id);

CREATE INDEX ix_posting_due_to_payer ON posting (payer_id, amount_cents) WHERE account = 'due_to_payer';

CREATE INDEX ix_posting_journal_id ON posting (journal_id);

CREATE INDEX ix_posting_line_party ON posting (charge_line_id, party_id);

CREATE INDEX ix_posting_passed_to_patient ON posting (charge_line_id, party_id, journal_id) WHERE party_id = 1 AND amount_cents > 0 AND reason IS NOT 'provisional';

CREATE INDEX ix_posting_payer_id ON posting (payer_id);

CREATE INDEX ix_posting_payment_id ON posting (payment_id);

CREATE INDEX ix_posting_receivable ON posting (amount_cents) WHERE account = 'receivable';

CREATE TABLE statement_line (
  statement_id INTEGER NOT NULL,
  charge_line_id INTEGER NOT NULL,
  amount_cents INTEGER NOT NULL,
  CONSTRAINT pk_statement_line PRIMARY KEY (statement_id, charge_line_id),
  CONSTRAINT fk_statement_line_statement_id_statement FOREIGN KEY(statement_id) REFERENCES statement (id),
  CONSTRAINT fk_statement_line_charge_line_id_charge_line FOREIGN KEY(charge_line_id) REFERENCES charge_line (id)
);

CREATE INDEX ix_statement_line_charge_line_id ON statement_line (charge_line_id);

CREATE TABLE claim_finding (
  id INTEGER NOT NULL,
  claim_version_id INTEGER NOT NULL,
  edit_id VARCHAR NOT NULL,
  severity VARCHAR NOT NULL,
  item VARCHAR NOT NULL,
  field VARCHAR NOT NULL,
  message VARCHAR NOT NULL,
  overridden BOOLEAN NOT NULL,
  CONSTRAINT pk_claim_finding PRIMARY KEY (id),
  CONSTRAINT ck_claim_finding_severity CHECK (severity IN ('error', 'warning')),
  CONSTRAINT fk_claim_finding_claim_version_id_claim_version FOREIGN KEY(claim_version_id) REFERENCES claim_version (id)
);

CREATE INDEX ix_claim_finding_claim_version_id ON claim_finding (claim_version_id);

CREATE INDEX ix_claim_finding_edit ON claim_finding (edit_id);

CREATE TABLE eob_line (
  id INTEGER NOT NULL,
  eob_id INTEGER NOT NULL,
  charge_line_id INTEGER NOT NULL,
  billed_cents INTEGER NOT NULL,
  allowed_cents INTEGER,
  paid_cents INTEGER NOT NULL,
  CONSTRAINT pk_eob_line PRIMARY KEY (id),
  CONSTRAINT uq_eob_line_eob_id_charge_line_id UNIQUE (eob_id, charge_line_id),
  CONSTRAINT fk_eob_line_eob_id_eob FOREIGN KEY(eob_id) REFERENCES eob (id),
  CONSTRAINT fk_eob_line_charge_line_id_charge_line FOREIGN KEY(charge_line_id) REFERENCES charge_line (id)
);

CREATE INDEX ix_eob_line_charge_line_id ON eob_line (charge_line_id);

CREATE INDEX ix_eob_line_eob_id ON eob_line (eob_id);

CREATE TABLE eob_adjustment (
  id INTEGER NOT NULL,
  eob_line_id INTEGER NOT NULL,
  group_code VARCHAR NOT NULL,
  carc VARCHAR NOT NULL,
  rarc VARCHAR,
  amount_cents INTEGER NOT NULL,
  disposition VARCHAR NOT NULL,
  to_party_id INTEGER,
  CONSTRAINT pk_eob_adjustment PRIMARY KEY (id),
  CONSTRAINT ck_eob_adjustment_disposition CHECK (disposition IN ('writeoff', 'transfer', 'hold', 'info')),
  CONSTRAINT ck_eob_adjustment_to_party CHECK ((disposition = 'transfer') = (to_party_id IS NOT NULL)),
  CONSTRAINT fk_eob_adjustment_eob_line_id_eob_line FOREIGN KEY(eob_line_id) REFERENCES eob_line (id),
  CONSTRAINT fk_eob_adjustment_to_party_id_party FOREIGN KEY(to_party_id) REFERENCES party (id)
);

CREATE INDEX ix_eob_adjustment_eob_line_id ON eob_adjustment (eob_line_id);

CREATE VIRTUAL TABLE patient_search USING fts5(last, first, middle, account_no, birth_date, phone, content='', contentless_delete=1, prefix='2 3', tokenize='unicode61 remove_diacritics 2');

