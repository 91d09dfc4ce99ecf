"""Inner functions: addresses between rows and values."""

from __future__ import annotations

from typing import Any

from app.domain import identifiers as ids
from app.domain.claim_form import Address
from app.services._checks import FieldChecks, blank_to_none


def check_address(checks: FieldChecks, prefix: str, address: Address) -> dict[str, str | None]:
    """Column values of an address; state and ZIP are checked when present."""
    return {
        "address1": blank_to_none(address.line1),
        "address2": blank_to_none(address.line2),
        "city": blank_to_none(address.city),
        "state": checks.take(f"{prefix}state", ids.check_state, address.state),
        "zip": checks.take(f"{prefix}zip", ids.check_zip, address.zip),
    }


def address_of(row: Any, prefix: str = "") -> Address:
    """The address columns of a row as a value."""
    parts = ("address1", "address2", "city", "state", "zip")
    return Address(*(getattr(row, prefix + part) or "" for part in parts))
