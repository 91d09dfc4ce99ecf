"""The payer's form in Setup: what it is called, how it decides, how it wants its paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from app.domain.claim_form import PayerType
from app.services.people_commands import Choice as Listed
from app.ui.form import Slot
from app.ui.pages.setup_codes_lookup import Lookups, payer_field
from app.ui.pages.setup_fields import Row, address_rows
from app.ui.widgets.choice import CheckField, Choice, ChoiceEdit
from app.ui.widgets.field import LineField, NumberEdit, PhoneEdit

Schedules = Callable[[], Sequence[Listed]]  # id, name, kind
PAYER_TYPES = (
    Choice(PayerType.MEDICARE, "Medicare"),
    Choice(PayerType.MEDICAID, "Medicaid"),
    Choice(PayerType.TRICARE, "TRICARE"),
    Choice(PayerType.CHAMPVA, "CHAMPVA"),
    Choice(PayerType.GROUP, "Group health plan"),
    Choice(PayerType.FECA, "FECA, black lung"),
    Choice(PayerType.OTHER, "Other (HMO, individual, Medigap)"),
    Choice(PayerType.WORKERS_COMP, "Workers' compensation"),
    Choice(PayerType.AUTO, "Auto"),
)
_MULTI_PAGE = (
    Choice("separate", "Each sheet its own claim and total"),
    Choice("continued_last_page", "CONTINUED, total on the last sheet"),
    Choice("grand_total_each", "Whole total on every sheet"),
)
_BOX29 = (
    Choice("prior_payers_plus_patient", "Earlier payers and patient"),
    Choice("patient_only", "Patient only"),
    Choice("blank", "Always blank"),
)
_DATES = (
    Choice(None, "As the practice"),
    Choice("MMDDYY", "05 08 26"),
    Choice("MMDDYYYY", "05 08 2026"),
)
_ORDER = (
    Choice(None, "By type of payer"),
    Choice("nucc", "First M Last, credentials"),
    Choice("first_last", "First Last"),
)


class EditIds(LineField):
    """Numbers of claim edits (``E015 E080``) that this payer's claims are spared."""

    def parse(self, text: str) -> str:
        """Upper-cased, separated by one blank, each once.

        Raises:
            ValueError: when a word is no number of an edit.
        """
        ids = text.upper().replace(",", " ").split()
        for edit in ids:
            if not re.fullmatch(r"E[0-9]{3}", edit):
                raise ValueError(f"“{edit}” is no edit. Setup, Claim edits lists them: E080.")
        return " ".join(dict.fromkeys(ids))


def _choice(name: str, text: str, choices: Sequence[Choice], span: int) -> Slot:
    return Slot(name, text, ChoiceEdit(choices, blank=False), span)


def _check(name: str, text: str, span: int = 6) -> Slot:
    return Slot(name, "", CheckField(text), span)


class ScheduleChoice(ChoiceEdit):
    """One of the fee schedules of a kind, as they are at the moment."""

    def __init__(self, schedules: Schedules, kind: str) -> None:
        self._schedules, self._kind, self._offering = schedules, kind, False
        super().__init__(())

    def set_value(self, value: Any) -> None:
        """Chooses a schedule among those of today."""
        if not self._offering:
            self._offering = True
            self.set_choices(
                [Choice(s.key, s.title) for s in self._schedules() if s.detail == self._kind]
            )
            self._offering = False
        super().set_value(value)


def payer_rows(
    schedules: Schedules, lookups: Lookups | None = None
) -> list[tuple[str, Sequence[Row]]]:
    """Rows of the payer form, under their headings."""
    return [
        (
            "",
            [
                (
                    Slot("name", "Name (carrier block)", LineField(), 7, "Enter the name."),
                    _choice("type", "Type (box 1)", PAYER_TYPES, 5),
                ),
                *address_rows(),
                (
                    Slot("phone", "Phone", PhoneEdit(), 4),
                    Slot("electronic_id", "Payer ID", payer_field(lookups), 4),
                    Slot(
                        "timely_filing_days", "Filing limit, days", NumberEdit(low=1, high=999), 2
                    ),
                    Slot("follow_up_days", "Follow up, days", NumberEdit(low=1, high=365), 2),
                ),
            ],
        ),
        (
            "How its decisions are posted",
            [
                (
                    _check("contracted", "In contract: writes off above allowed"),
                    _check("capitated", "Pays by head (capitation)"),
                ),
                (
                    _check("nsa_protected", "No Surprises Act: no balance billing"),
                    _check("forwards_to_secondary", "Forwards claims to the next payer"),
                ),
                (
                    Slot(
                        "contract_schedule_id",
                        "Its contract (fee schedule)",
                        ScheduleChoice(schedules, "contract"),
                        6,
                    ),
                    Slot(
                        "charge_schedule_id",
                        "Charged by (blank: usual charges)",
                        ScheduleChoice(schedules, "charges"),
                        6,
                    ),
                ),
            ],
        ),
        (
            "How it wants its paper",
            [
                (
                    _choice("multi_page", "More than six lines", _MULTI_PAGE, 6),
                    _choice("box29", "Box 29 holds", _BOX29, 6),
                ),
                (
                    _choice("date_style", "Dates in 14–18", _DATES, 4),
                    _choice("referring_order", "Name in box 17", _ORDER, 4),
                    Slot(
                        "signature_text", "Signature text", LineField(hint="SIGNATURE ON FILE"), 4
                    ),
                ),
                (
                    _check("one_pointer_per_line", "One diagnosis pointer a line"),
                    _check("accepts_plain_paper", "Takes plain paper"),
                ),
                (
                    _check("taxonomy_24j", "Taxonomy in shaded 24J"),
                    _check("taxonomy_33b", "Taxonomy in 33b"),
                ),
                (_check("emg_in_24c", "EMG in 24C"), _check("epsdt_in_24h", "EPSDT in 24H")),
                (
                    _check("anesthesia_times_in_shaded", "Anesthesia times, shaded"),
                    _check("ndc_required", "Wants the NDC of drugs"),
                ),
                (_check("zip_hyphen", "Hyphen in 9-digit ZIP"), _check("active", "In use")),
            ],
        ),
        (
            "How its claims are checked",
            [(Slot("edits_off", "Claim edits switched off", EditIds(hint="E015 E080"), 12),)],
        ),
    ]
