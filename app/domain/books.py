"""Words of the books shared by every floor: accounts, legs, dispositions, check items."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Account(StrEnum):
    """Accounts of the double entry; debit is positive."""

    RECEIVABLE = "receivable"
    REVENUE = "revenue"
    ADJUSTMENT = "adjustment"
    CASH = "cash"
    UNAPPLIED = "unapplied"
    DUE_TO_PAYER = "due_to_payer"
    OTHER_INCOME = "other_income"
    EXPENSE = "expense"


class Disposition(StrEnum):
    """What an adjustment on an EOB line does to the books."""

    WRITEOFF = "writeoff"
    TRANSFER = "transfer"
    HOLD = "hold"
    INFO = "info"


class PartyKind(StrEnum):
    """Who can owe on a line."""

    POLICY = "POLICY"
    PATIENT = "PATIENT"
    COLLECTIONS = "COLLECTIONS"


class CheckItem(StrEnum):
    """Provider-level items of a check; the sign says which way each moves the amount."""

    INTEREST = "interest"
    CAPITATION = "capitation"
    WITHHOLD_RETURN = "withhold_return"
    UNAPPLIED = "unapplied"
    FORWARD_BALANCE = "forward_balance"
    WITHHOLDING = "withholding"
    LEVY = "levy"
    AGENCY_FEE = "agency_fee"


# Rows of the party table that every practice has from its first day.
PATIENT_PARTY = 1
COLLECTIONS_PARTY = 2

# Reason marking the patient's provisional share taken out of a payer's bucket at the visit.
PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg of a journal, before it has a number. Receivable legs name line and party."""

    account: Account
    cents: int
    line_id: int | None = None
    party_id: int | None = None
    payment_id: int | None = None
    payer_id: int | None = None
    claim_id: int | None = None
    group: str | None = None
    carc: str | None = None
    rarc: str | None = None
    reason: str | None = None
