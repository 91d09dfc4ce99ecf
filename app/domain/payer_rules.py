"""What each kind of payer wants differently, as a table.

Sources: NUCC 02/12 item texts; Medicare Claims Processing Manual ch. 26 and contractors' pages
(items 4, 6, 7, 9, 11 and 13; blanks in 15, 17a, 22, 24C, 24H, shaded 24I/J, 32b, 33b); TRICARE,
CHAMPVA and workers' compensation carriers' instructions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.claim_form import PayerType


@dataclass(frozen=True, slots=True)
class PayerRules:
    """How the form is filled for one kind of payer.

    Attributes:
        mark: field id of the X in item 1.
        medicare: original Medicare Part B: its own rules for 4, 6, 7, 9, 11, 13, 17 and 29, and
            blanks where it returns a claim that has an entry.
        member_is_patient: the plan has no dependants; the patient is always the insured.
        insured_is_employer: 4 and 7 hold the employer, 6 is Other, 11a stays blank.
        family_planning: 24H unshaded is read.
    """

    mark: str
    medicare: bool = False
    member_is_patient: bool = False
    insured_is_employer: bool = False
    family_planning: bool = False


_RULES: Mapping[PayerType, PayerRules] = MappingProxyType(
    {
        PayerType.MEDICARE: PayerRules("1_medicare", medicare=True),
        PayerType.MEDICAID: PayerRules("1_medicaid", member_is_patient=True, family_planning=True),
        PayerType.TRICARE: PayerRules("1_tricare"),
        PayerType.CHAMPVA: PayerRules("1_champva", member_is_patient=True),
        PayerType.GROUP: PayerRules("1_group"),
        PayerType.FECA: PayerRules("1_feca"),
        PayerType.OTHER: PayerRules("1_other"),
        PayerType.WORKERS_COMP: PayerRules("1_other", insured_is_employer=True),
        PayerType.AUTO: PayerRules("1_other"),
    }
)


def rules_for(payer_type: PayerType) -> PayerRules:
    """The row of the table for ``payer_type``."""
    return _RULES[payer_type]
