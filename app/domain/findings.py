"""A finding: one thing to fix or to look at, tied to the field it speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """ERROR must be fixed (or overridden with a reason); WARNING wants a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, where, and how to put it right.

    Attributes:
        field: name of the command's field, e.g. ``npi`` or ``lines.2.charge_cents`` (0-based).
        message: a full sentence for the biller, saying what to do.
        severity: error or warning.
        edit_id: id of the claim edit that raised it (``E019``), empty for plain field checks.
        box: the CMS-1500 item it concerns (``17b``), empty when none.
    """

    field: str
    message: str
    severity: Severity = Severity.ERROR
    edit_id: str = ""
    box: str = ""
