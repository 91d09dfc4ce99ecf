"""Who may be asked for money (billing rules §3.2-3.3): rules of the trade, not of arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.books import Disposition
from app.domain.claim_form import PayerType
from app.domain.errors import Refused
from app.domain.posting import EobAdjustment

# Denials that a corrected claim or a missing paper can cure; they stay with the payer.
REPAIRABLE_CARCS = frozenset({"4", "11", "16", "22", "31", "109", "140", "226", "227", "252"})
# "Not our member" is cured while CO; said as PR, the patient has no coverage and owes (§3.2).
NO_COVERAGE = ("PR", "31")
# Denials for which the practice, not the patient, is liable unless a waiver was signed.
PROVIDER_LIABILITY_CARCS = frozenset({"29", "97", "197", "234"})
# All a Medicaid patient may owe: state copay and share of cost.
MEDICAID_PATIENT_CARCS = frozenset({"3", "178"})
# Cost share for a later payer only (QMB, CMS CR 9911).
NEVER_PATIENT_CARCS = frozenset({"209"})

# Denials of a claim line for its status, billing rules §2.2; the biller may edit the list.
DENIAL_CARCS = frozenset(
    {"4", "11", "16", "18", "22", "26", "27", "29", "31", "49", "50", "96", "109", "119"}
    | {"197", "204"}
)


@dataclass(frozen=True, slots=True)
class PayerFacts:
    """What about the payer and patient decides who may be asked."""

    type: PayerType
    contracted: bool = True
    nsa_protected: bool = False
    patient_qmb: bool = False


def check_patient_may_owe(adjustment: EobAdjustment, payer: PayerFacts) -> None:
    """Refuses to pass an amount to the patient that the law or the contract forbids.

    Raises:
        Refused: with the code of the rule and a sentence naming the way out.
    """
    if adjustment.disposition is not Disposition.TRANSFER or adjustment.cents <= 0:
        return
    _check_medicaid(adjustment, payer)
    code = (adjustment.group, adjustment.carc)
    if adjustment.carc in REPAIRABLE_CARCS and code != NO_COVERAGE:
        raise Refused(
            "policy:repairable_denial_not_patient",
            "This denial can be repaired, so the patient does not owe it. Hold it with the payer, "
            "correct the claim and send it again.",
        )
    if adjustment.carc in PROVIDER_LIABILITY_CARCS and adjustment.group != "PR":
        raise Refused(
            "policy:provider_liability_not_patient",
            "The practice is liable for this denial. Write it off, or appeal it.",
        )
    _check_balance_bill(adjustment, payer)
    if payer.type is PayerType.WORKERS_COMP:
        raise Refused(
            "policy:workers_comp_not_patient",
            "A workers' compensation patient is never billed while the case is open.",
        )


def _check_medicaid(adjustment: EobAdjustment, payer: PayerFacts) -> None:
    medicaid = payer.type is PayerType.MEDICAID and adjustment.carc not in MEDICAID_PATIENT_CARCS
    cost_share = adjustment.carc in {"1", "2", "3", "66", "122"}
    if medicaid or adjustment.carc in NEVER_PATIENT_CARCS or (payer.patient_qmb and cost_share):
        raise Refused(
            "policy:medicaid_or_qmb_patient_not_billable",
            "A Medicaid or QMB patient may not be asked for this. Pass it to Medicaid or write "
            "it off.",
        )


def _check_balance_bill(adjustment: EobAdjustment, payer: PayerFacts) -> None:
    if adjustment.carc != "45":
        return
    if adjustment.group != "PR" or payer.nsa_protected:
        raise Refused(
            "policy:nsa_balance_bill",
            "Charge above the allowed amount may not be billed to this patient. Write it off or "
            "dispute it with the payer.",
        )


@dataclass(frozen=True, slots=True)
class LineDecision:
    """The latest EOB of one claim line and what the payer still owes on it (cents)."""

    paid: int
    adjustments: tuple[EobAdjustment, ...]
    payer_bucket: int


def line_denied(decision: LineDecision, denial_carcs: frozenset[str] = DENIAL_CARCS) -> bool:
    """Paid nothing, and a posted denial code says no, or all that is shown is information."""
    if decision.paid != 0 or any(a.carc == "100" for a in decision.adjustments):
        return False
    posted = [a for a in decision.adjustments if a.disposition is not Disposition.INFO]
    return not posted or any(a.carc in denial_carcs for a in posted)


def _denied_by_code(decision: LineDecision, denial_carcs: frozenset[str]) -> bool:
    return line_denied(decision, denial_carcs) and any(
        a.carc in denial_carcs
        for a in decision.adjustments
        if a.disposition is not Disposition.INFO
    )


def claim_status(
    decisions: list[LineDecision | None],
    open_buckets: bool,
    denial_carcs: frozenset[str] = DENIAL_CARCS,
) -> str:
    """Status after an EOB (billing rules §2.2, last paragraph).

    ``decisions`` holds the latest EOB per claim line, None for a line not on any EOB;
    ``open_buckets`` tells whether the payer still owes on any line of the claim.
    """
    known = [d for d in decisions if d is not None]
    if known and len(known) == len(decisions) and all(line_denied(d, denial_carcs) for d in known):
        return "denied"
    if any(_denied_by_code(d, denial_carcs) for d in known) or open_buckets:
        return "partially_paid"
    return "paid"
