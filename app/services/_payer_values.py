"""Inner functions: a payer's record as typed, checked field by field."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.domain import identifiers as ids
from app.domain.claim_form import Box29, MultiPage, ReferringOrder
from app.models.fees import FeeSchedule
from app.services._addresses import check_address
from app.services._checks import FieldChecks, blank_to_none
from app.services.people_commands import SavePayer

MAX_DAYS = 1096
# Columns of a payer that are taken over as they are.
PAYER_PLAIN = (
    "contracted",
    "capitated",
    "nsa_protected",
    "forwards_to_secondary",
    "multi_page",
    "one_pointer_per_line",
    "accepts_plain_paper",
    "box29",
    "referring_order",
    "zip_hyphen",
    "date_style",
    "signature_text",
    "taxonomy_24j",
    "taxonomy_33b",
    "emg_in_24c",
    "epsdt_in_24h",
    "anesthesia_times_in_shaded",
    "ndc_required",
    "bilateral",
    "separate_denied_lines",
    "forbids_month_span",
    "wants_preventive_33",
    "timely_filing_days",
    "follow_up_days",
    "charge_schedule_id",
    "contract_schedule_id",
    "active",
)
PAYER_TEXTS = ("electronic_id", "telehealth_modifier", "id_mask")
PAYER_CODES = ("prior_auth_required_codes", "referring_required_codes", "edits_off")
PAYER_NUMBERS = ("enrolled_tax_id", "enrolled_npi")


# What a payer may wish of the paper, and the sentence when it is something else.
_PAYER_CHOICES: dict[str, tuple[tuple[str | None, ...], str]] = {
    "multi_page": (tuple(MultiPage), "Choose how more than six lines are sent."),
    "box29": (tuple(Box29), "Choose what box 29 holds."),
    "referring_order": ((None, *ReferringOrder), "Choose how the referring name is written."),
    "bilateral": ((None, "50", "rt_lt"), "Choose how a service on both sides is billed."),
    "date_style": ((None, "MMDDYY", "MMDDYYYY"), "Choose dates of six or eight digits."),
}


def _check_payer_wishes(checks: FieldChecks, command: SavePayer) -> None:
    for name, (choices, sentence) in _PAYER_CHOICES.items():
        if getattr(command, name) not in choices:
            checks.add(name, sentence)
    for name in ("timely_filing_days", "follow_up_days"):
        days = getattr(command, name)
        if days is not None and not 1 <= days <= MAX_DAYS:
            checks.add(name, f"Enter a number of days from 1 to {MAX_DAYS}, or leave it blank.")


def payer_values(checks: FieldChecks, command: SavePayer) -> dict[str, Any]:
    """The columns of a payer as typed; a finding in ``checks`` for each wrong field."""
    _check_payer_wishes(checks, command)
    codes = {
        n: " ".join(getattr(command, n).upper().replace(",", " ").split()) for n in PAYER_CODES
    }
    return {
        "name": checks.text("name", command.name, "Enter the payer's name."),
        "type": str(command.type),
        **check_address(checks, "", command.address),
        "phone": checks.take("phone", ids.check_phone, command.phone),
        **{name: getattr(command, name) for name in PAYER_PLAIN},
        **{name: blank_to_none(getattr(command, name)) for name in PAYER_TEXTS},
        **{name: text or None for name, text in codes.items()},
        "enrolled_npi": checks.take("enrolled_npi", ids.check_npi, command.enrolled_npi),
        "enrolled_tax_id": blank_to_none(
            "".join(c for c in command.enrolled_tax_id if c.isdigit())
        ),
    }


def check_schedules(session: Session, checks: FieldChecks, values: dict[str, Any]) -> None:
    """A payer's charges are a schedule of charges, its contract one of contract amounts."""
    wanted = {"charge_schedule_id": "charges", "contract_schedule_id": "contract"}
    for name, kind in wanted.items():
        row = session.get(FeeSchedule, values[name]) if values[name] is not None else None
        if values[name] is not None and (row is None or row.kind != kind):
            checks.add(name, "Choose one of the schedules in the list.")
