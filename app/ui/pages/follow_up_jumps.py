"""Where a row of follow-up is worked."""

from __future__ import annotations

from app.services.follow_up_commands import CreditRow, FollowUpClaim, OpenRow
from app.ui.page import Go

Row = OpenRow | CreditRow | None


def worked_at(row: Row) -> Go | None:
    """Its claim, its encounter, its check or its account."""
    if isinstance(row, OpenRow):
        if row.claim_id is not None:
            return Go("claims", row.claim_id)
        return Go("encounters", row.encounter_id)
    if row is not None and row.payment_id is not None and row.of_payer:
        return Go("payments", row.payment_id)
    return account_of(row)


def account_of(row: Row) -> Go | None:
    """The patient's account; None for a payer's money that names no patient."""
    known = row is not None and row.patient_id is not None
    return Go("patients", ("account", row.patient_id)) if row is not None and known else None


def check_of(row: Row, claim: FollowUpClaim | None) -> Go | None:
    """The payer's check that waits, or the one whose EOB decided the claim."""
    if isinstance(row, CreditRow):
        found = row.payment_id if row.of_payer else None
    else:
        found = claim.payment_id if claim else None
    return None if found is None else Go("payments", found)
